package routetest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nearlane/nearlane/config"
)

// Whatever the file says, loading it ends in findings with a place, or in tests
// that run.
func FuzzLoad(f *testing.F) {
	c, n := town(f)
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	order, err := os.ReadFile("testdata/order.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, findings := Load("a.yaml", c, config.Options{ReadFile: func(path string) ([]byte, error) {
			if path == "a.yaml" {
				return data, nil
			}
			return order, nil
		}})
		if (s == nil) == (len(findings) == 0) {
			t.Fatalf("got suite %v and findings %v, want one of them", s, findings)
		}
		for _, f := range findings {
			if f.Hint == "" || f.Message == "" {
				t.Errorf("got %+v, want a message and a hint", f)
			}
		}
		if s == nil {
			return
		}
		for _, r := range s.Run(c, n) {
			NewCoverage(c).Add(&r)
		}
	})
}
