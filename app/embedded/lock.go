package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

const lockName = "lock"

// FolderLock keeps a folder to one process: two servers on one folder both
// start, and each corrupts what the other writes. The kernel gives the lock
// free when the process dies, however it dies.
type FolderLock struct {
	file *os.File
	once sync.Once
}

// LockFolder takes the folder, made if missing, or says who has it. Errors are
// ErrLocked or ErrUnavailable.
func LockFolder(dir string) (*FolderLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w: %w", ErrUnavailable, err)
	}
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w: %w", ErrUnavailable, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer f.Close()
		return nil, fmt.Errorf("lock %s: %w%s", dir, ErrLocked, owner(f))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w: %w", dir, ErrUnavailable, err)
	}
	if err := sign(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("write %s: %w: %w", path, ErrUnavailable, err)
	}
	return &FolderLock{file: f}, nil
}

// sign writes this process's id into the lock file, for whoever is refused.
func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func owner(f *os.File) string {
	pid, err := io.ReadAll(io.LimitReader(f, 20))
	if err != nil || len(pid) == 0 {
		return ""
	}
	return " by process " + strings.TrimSpace(string(pid))
}

// Release gives the folder up.
func (l *FolderLock) Release() { l.once.Do(func() { l.file.Close() }) }
