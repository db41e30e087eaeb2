package app

import (
	"io/fs"
	"os"
	"sync"

	"github.com/nearlane/nearlane/config"
)

// watch notices changes of the config and of every file that it names, and
// those that a config which was refused named. It looks at the files by their
// paths, as the loader does: an editor that writes a new file and renames it,
// and a Kubernetes ConfigMap that moves a link, are changes like any other.
type watch struct {
	mu   sync.Mutex
	read map[string]fs.FileInfo // as they were when they were read; nil: not there
	last map[string]fs.FileInfo // as they were at the last look
}

// newWatch begins with the files of a config that has just been read.
func newWatch(paths ...string) *watch {
	w := &watch{read: map[string]fs.FileInfo{}}
	for _, path := range paths {
		w.read[path] = stat(path)
	}
	return w
}

// again forgets what was read: the config is about to be read anew.
func (w *watch) again() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.read, w.last = map[string]fs.FileInfo{}, nil
}

// readFile is config.ReadFile, and remembers the file as it was before.
func (w *watch) readFile(path string) ([]byte, error) {
	info := stat(path)
	w.mu.Lock()
	w.read[path] = info
	w.mu.Unlock()
	return config.ReadFile(path)
}

// changed reports whether the files differ from what was read and have stood
// still since the last call: whoever is writing has come to an end.
func (w *watch) changed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := make(map[string]fs.FileInfo, len(w.read))
	differs, still := false, w.last != nil
	for path, was := range w.read {
		now[path] = stat(path)
		differs = differs || !same(was, now[path])
		still = still && same(w.last[path], now[path])
	}
	w.last = now
	return differs && still
}

func stat(path string) fs.FileInfo {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	return info
}

func same(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == b
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
