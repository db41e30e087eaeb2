package routetest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// town is the network of testdata.
func town(tb testing.TB) (*config.Config, *router.Network) {
	tb.Helper()
	c, findings := config.Load("testdata/network.yaml", config.Options{})
	if c == nil {
		tb.Fatal(findings.Format())
	}
	n, err := router.Build(c)
	if err != nil {
		tb.Fatal(err)
	}
	return c, n
}

func load(tb testing.TB, c *config.Config, file string) *Suite {
	tb.Helper()
	s, findings := Load(filepath.Join("testdata", file), c, config.Options{})
	if s == nil {
		tb.Fatal(findings.Format())
	}
	return s
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// Every mistake of a file is told in one run, each at its place and with what
// to do about it.
func TestMistakes(t *testing.T) {
	t.Parallel()
	c, _ := town(t)
	s, findings := Load("testdata/mistakes.yaml", c, config.Options{})
	if s != nil {
		t.Fatal("got a suite")
	}
	for _, f := range findings {
		if f.Line == 0 || f.Column == 0 || f.Hint == "" || f.Excerpt == "" {
			t.Errorf("got %+v, want a line, a column, a hint and an excerpt", f)
		}
	}
	golden(t, "mistakes.golden", findings.String())
}

func TestMistakesOfAWholeFile(t *testing.T) {
	t.Parallel()
	c, _ := town(t)
	for name, tt := range map[string]struct{ text, want string }{
		"empty":        {"", "the file is empty"},
		"no mapping":   {"[1]", "this is a list; a mapping should stand here"},
		"no cases":     {"zone: Europe/Helsinki", `"cases" is missing`},
		"an empty one": {"cases: []", "the list is empty"},
		"no YAML":      {"cases: [", "sequence end token"},
		"an alias":     {"cases: *x", "aliases are not used here"},
		"no time": {"cases: [{name: a, country: FI, to: {lat: 60, lng: 24}, lines: [mug-a], expect: {site: hub}}]",
			`"at" is missing`},
		"no place": {"cases: [{name: a, at: 2026-08-04 09:30, country: FI, lines: [mug-a], expect: {site: hub}}]",
			`"to" is missing`},
		"no lines": {"cases: [{name: a, at: 2026-08-04 09:30, country: FI, to: {lat: 60, lng: 24}, lines: [], expect: {site: hub}}]",
			"the router refuses this order: no_lines"},
		"no country": {"cases: [{name: a, at: 2026-08-04 09:30, to: {lat: 60, lng: 24}, lines: [mug-a], expect: {site: hub}}]",
			"the router refuses this order: bad_value at /shipTo/addressCountry"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, findings := Load("a.yaml", c, config.Options{ReadFile: func(string) ([]byte, error) { return []byte(tt.text), nil }})
			if len(findings) != 1 || !strings.Contains(findings[0].Message, tt.want) {
				t.Errorf("got %v, want %q alone", findings, tt.want)
			}
		})
	}
	_, findings := Load("testdata/nowhere.yaml", c, config.Options{})
	if len(findings) != 1 || findings[0].Code != config.CodeFile {
		t.Errorf("got %v, want %s", findings, config.CodeFile)
	}
}

func TestPassing(t *testing.T) {
	t.Parallel()
	c, n := town(t)
	for _, r := range load(t, c, "passing.yaml").Run(c, n) {
		for _, f := range r.Failures {
			t.Errorf("%s: %s: want %s, got %s %q", r.Case.Name, f.Key, f.Want, f.Got, f.Why)
		}
	}
}

// Failures say what was expected, what came, and why the expected did not.
func TestFailing(t *testing.T) {
	t.Parallel()
	c, n := town(t)
	var out strings.Builder
	for _, r := range load(t, c, "failing.yaml").Run(c, n) {
		fmt.Fprintln(&out, r.Case.Name)
		for _, f := range r.Failures {
			fmt.Fprintf(&out, "  %d:%d %s: want %s, got %s\n", f.At.Line, f.At.Column, f.Key, f.Want, f.Got)
			for _, why := range f.Why {
				fmt.Fprintln(&out, "     ", why)
			}
		}
	}
	golden(t, "failing.golden", out.String())
}

// What a file of times without offsets means depends on the zone.
func TestSeveralZones(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/network.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "holidays: fi}}", "holidays: fi}, far: {timezone: Europe/Lisbon}}", 1)
	read := func(files map[string]string) config.Options {
		return config.Options{ReadFile: func(path string) ([]byte, error) { return []byte(files[path]), nil }}
	}
	const cases = "cases: [{name: a, at: 2026-08-04 09:30, country: FI, to: {lat: 60, lng: 24}, lines: [mug-a], expect: {site: hub}}]\n"
	options := read(map[string]string{"n.yaml": text, "without.yaml": cases, "with.yaml": "zone: Europe/Lisbon\n" + cases})
	c, findings := config.Load("n.yaml", options)
	if c == nil {
		t.Fatal(findings)
	}
	if _, findings := Load("without.yaml", c, options); len(findings) != 1 || !strings.Contains(findings[0].Message, "several zones") {
		t.Errorf("got %v, want that there are several zones", findings)
	}
	s, findings := Load("with.yaml", c, options)
	if s == nil {
		t.Fatal(findings)
	}
	if got, want := s.Cases[0].Now.UTC().Format("15:04"), "08:30"; got != want {
		t.Errorf("got %s UTC, want %s", got, want)
	}
}
