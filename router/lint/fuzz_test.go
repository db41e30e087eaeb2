package lint

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nearlane/nearlane/config"
)

// FuzzLint: whatever loads can be linted, and every finding stands somewhere
// and says what to do.
func FuzzLint(f *testing.F) {
	f.Add(plain)
	f.Add(country(3, "[promise, cost]"))
	for _, name := range []string{"testdata/suspicious.yaml", "../../config/testdata/base.yaml", "../../examples/helsinki/nearlane.yaml"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, _ := config.Load("net.yaml", config.Options{
			Getenv: func(string) (string, bool) { return "0123456789abcdef", true },
			ReadFile: func(path string) ([]byte, error) {
				if path == "net.yaml" {
					return []byte(text), nil
				}
				for _, dir := range []string{"testdata", "../../config/testdata", "../../examples/helsinki"} {
					if data, err := os.ReadFile(filepath.Join(dir, path)); err == nil {
						return data, nil
					}
				}
				return nil, os.ErrNotExist
			}})
		if c == nil {
			return
		}
		for _, found := range Lint(c, november) {
			if found.Line < 1 || found.Column < 1 || found.Hint == "" || found.Message == "" || found.Severity == "" {
				t.Errorf("got an incomplete finding: %+v", found)
			}
		}
	})
}
