package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// looked is what the next looks find, one after the other.
func looked(w *watch, times int) (found []bool) {
	for range times {
		found = append(found, w.changed())
	}
	return found
}

func TestWatch(t *testing.T) {
	t.Parallel()
	write := func(t *testing.T, path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		change func(t *testing.T, dir string)
		want   bool
	}{
		{"nothing", func(*testing.T, string) {}, false},
		{"another file", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "other"), "b") }, false},
		{"written in place", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "config"), "bb") }, true},
		{"as long as before", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "config"), "b")
			must(t, os.Chtimes(filepath.Join(dir, "config"), time.Time{}, time.Now().Add(time.Second)))
		}, true},
		{"renamed over, as editors do", func(t *testing.T, dir string) {
			info, err := os.Stat(filepath.Join(dir, "config"))
			must(t, err)
			write(t, filepath.Join(dir, "new"), "b")
			must(t, os.Chtimes(filepath.Join(dir, "new"), time.Time{}, info.ModTime()))
			must(t, os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, "config")))
		}, true},
		{"deleted", func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "config"))) }, true},
		{"there at last", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "missing"), "b") }, true},
		{"the link of a ConfigMap", func(t *testing.T, dir string) {
			must(t, os.Symlink("v2", filepath.Join(dir, "..data_tmp")))
			must(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, "config"), "a")
			for _, version := range []string{"v1", "v2"} { // as Kubernetes lays out a ConfigMap
				must(t, os.Mkdir(filepath.Join(dir, version), 0o700))
				write(t, filepath.Join(dir, version, "mapped"), "a")
			}
			must(t, os.Symlink("v1", filepath.Join(dir, "..data")))
			must(t, os.Symlink(filepath.Join("..data", "mapped"), filepath.Join(dir, "mapped")))
			w := newWatch()
			for _, name := range []string{"config", "mapped", "missing"} {
				_, _ = w.readFile(filepath.Join(dir, name))
			}
			if got := looked(w, 3); got[0] || got[1] || got[2] {
				t.Fatalf("before: got %v", got)
			}
			c.change(t, dir)
			if got := looked(w, 2); got[0] || got[1] != c.want {
				t.Errorf("got %v, want a change only once it stood still, and %t then", got, c.want)
			}
			for _, name := range []string{"config", "mapped", "missing"} {
				w.again()
				_, _ = w.readFile(filepath.Join(dir, name))
			}
			if got := looked(w, 2); got[0] || got[1] {
				t.Errorf("read again: got %v", got)
			}
		})
	}
}

// Who is still writing is not disturbed.
func TestWatchWaitsForAnEnd(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config")
	text := "a"
	grow := func() {
		text += "a"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	grow()
	w := newWatch(path)
	for range 5 {
		grow()
		if w.changed() {
			t.Fatalf("a change at %d bytes, while more is written", len(text))
		}
	}
	if !w.changed() {
		t.Error("no change, now that nothing more is written")
	}
}
