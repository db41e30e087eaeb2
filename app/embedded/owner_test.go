package embedded

import (
	"os"
	"runtime"
	"testing"
)

func TestOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if pid, known, err := Owner(dir); pid != 0 || !known || err != nil {
		t.Errorf("a new folder: got %d, %t, %v, want nobody", pid, known, err)
	}
	lock, err := LockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" {
		if pid, known, err := Owner(dir); pid != os.Getpid() || !known || err != nil {
			t.Errorf("a locked folder: got %d, %t, %v, want %d", pid, known, err, os.Getpid())
		}
	}
	lock.Release()
	if pid, _, err := Owner(dir); pid != 0 || err != nil {
		t.Errorf("a folder given up: got %d, %v, want nobody", pid, err)
	}
}
