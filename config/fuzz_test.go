package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzLoad wants no text to bring Load down, and every finding to be whole
// and to stand inside the file.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"base.yaml", "many.yaml"} {
		f.Add(readTestdata(f, name))
	}
	for _, text := range []string{"!0000", "{? {? ", "&{0", "a: &a [*a]", "a: *a", "<<: *a", "? [a]: b", "a:\n\t- b", "- - - -", "'", "\"\\", "|\n a", "a: !!binary x"} {
		f.Add(text)
		f.Add("network: a\nsites: {b: " + text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		load := func() (*Config, Findings) {
			return Load("fuzz.yaml", Options{Getenv: environment, ReadFile: func(path string) ([]byte, error) {
				switch filepath.Base(path) {
				case "fuzz.yaml":
					return []byte(text), nil
				case "FI.tsv", "areas.geojson":
					return os.ReadFile(filepath.Join("testdata", filepath.Base(path)))
				}
				return nil, errors.New("no such file")
			}})
		}
		c, found := load()
		if (c == nil) != (found.Errors() > 0) {
			t.Fatalf("got config %v with %d errors", c != nil, found.Errors())
		}
		lines := strings.Count(text, "\n") + 1
		for _, one := range found {
			if one.Message == "" || one.Hint == "" || one.Code == "" || !strings.HasPrefix(one.Path, "$") {
				t.Errorf("got an incomplete finding: %+v", one)
			}
			if one.Line < 0 || one.Line > lines || one.Line > 0 && one.Column < 1 {
				t.Errorf("got a finding at %d:%d of a file of %d lines", one.Line, one.Column, lines)
			}
		}
		if _, again := load(); !cmp.Equal(found, again) {
			t.Errorf("got other findings the second time:\n%s\n%s", found, again)
		}
	})
}
