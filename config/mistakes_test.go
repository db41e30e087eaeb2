package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const mark = "‸"

// environment is what the tests' configs may refer to.
func environment(name string) (string, bool) {
	value, set := map[string]string{
		"DIGEST_KEY": "0123456789abcdef0123456789abcdef",
		"SHORT_KEY":  "hunter2",
		"NATS_URL":   "nats://router:hunter2@nats:4222",
		"REDIS_URL":  "redis://:hunter2@redis:6379",
		"EMPTY":      "",
	}[name]
	return value, set
}

// loadText loads text as if it stood in testdata.
func loadText(text string) (*Config, Findings) {
	return loadFiles(map[string]string{"net.yaml": text})
}

// loadFiles loads net.yaml of files; what is not in files is in testdata.
func loadFiles(files map[string]string) (*Config, Findings) {
	return Load("net.yaml", Options{Getenv: environment, ReadFile: func(path string) ([]byte, error) {
		if text, ok := files[path]; ok {
			return []byte(text), nil
		}
		return os.ReadFile(filepath.Join("testdata", filepath.Base(path)))
	}})
}

func readTestdata(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readTestdata(t, name), got); diff != "" {
		t.Errorf("%s differs from what was got (-want +got):\n%s", name, diff)
	}
}

func TestBaseHasNoFindings(t *testing.T) {
	t.Parallel()
	c, found := loadText(readTestdata(t, "base.yaml"))
	if c == nil || len(found) > 0 {
		t.Fatalf("base.yaml has findings:\n%s", found.Format())
	}
}

// TestMistakes makes each mistake of testdata/mistakes.txtar alone, and wants
// one finding, of the right code, at the very character.
func TestMistakes(t *testing.T) {
	base := readTestdata(t, "base.yaml")
	archive := txtar.Parse([]byte(readTestdata(t, "mistakes.txtar")))
	var said strings.Builder
	for _, c := range archive.Files {
		code, _, _ := strings.Cut(c.Name, " ")
		text, at := edit(t, c.Name, base, string(c.Data))
		config, found := loadText(text)
		said.WriteString("-- " + c.Name + " --\n" + found.Format())
		if len(found) != 1 {
			t.Errorf("%s: got %d findings, want 1:\n%s", c.Name, len(found), found)
			continue
		}
		got := found[0]
		if (position{got.Line, got.Column}) != at {
			t.Errorf("%s: got finding at %d:%d, want %d:%d\n%s", c.Name, got.Line, got.Column, at.line, at.column, found.Format())
		}
		if got.Code != code {
			t.Errorf("%s: got code %s, want %s", c.Name, got.Code, code)
		}
		if got.Hint == "" || got.Excerpt == "" || got.File != "net.yaml" || !strings.HasPrefix(got.Path, "$") {
			t.Errorf("%s: got an incomplete finding: %+v", c.Name, got)
		}
		if (config != nil) != (got.Severity == Warning) {
			t.Errorf("%s: got config %v with a finding of severity %s", c.Name, config != nil, got.Severity)
		}
	}
	if strings.Contains(said.String(), "hunter2") {
		t.Error("a secret is printed in a finding")
	}
	golden(t, "mistakes.golden", said.String())
}

// edit makes the edits of a case and returns where its mark was.
func edit(t *testing.T, name, text, script string) (string, position) {
	t.Helper()
	var before, after strings.Builder
	flush := func() {
		if before.Len() == 0 {
			return
		}
		if n := strings.Count("\n"+text, "\n"+before.String()); n != 1 {
			t.Fatalf("%s: base.yaml has these lines %d times:\n%s", name, n, before.String())
		}
		text = strings.Replace("\n"+text, "\n"+before.String(), "\n"+after.String(), 1)[1:]
		before.Reset()
		after.Reset()
	}
	inserted := false
	for line := range strings.Lines(script) {
		switch line[0] {
		case '-':
			if inserted {
				flush()
			}
			inserted = false
			before.WriteString(line[1:])
		case '+':
			inserted = true
			after.WriteString(line[1:])
		case '=':
			inserted = true
		}
	}
	flush()
	for n, line := range strings.Split(text, "\n") {
		if i := strings.Index(line, mark); i >= 0 {
			return strings.Replace(text, mark, "", 1), position{n + 1, len([]rune(line[:i])) + 1}
		}
	}
	t.Fatalf("%s: no mark", name)
	return "", position{}
}
