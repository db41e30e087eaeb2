// Package smalldisk makes disks that tests can fill: a tmpfs in a mount
// namespace of its own, which takes no root where users may have namespaces.
package smalldisk

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Disk is a file system of a few MiB. It is there until the test ends.
type Disk struct {
	Dir string // where it is, for every process of this user

	t testing.TB
}

// Make makes a disk that holds as many bytes. Where that is not allowed, the
// test is skipped.
func Make(t testing.TB, size int64) *Disk {
	t.Helper()
	d, err := Try(t, size)
	if err != nil {
		t.Skip("NOT TESTED what a full disk does: ", err)
	}
	return d
}

// Try is Make, and says why there is no disk.
func Try(t testing.TB, size int64) (*Disk, error) {
	t.Helper()
	// As root it may be that only the namespace of mounts is to be had.
	var errs error
	for _, flags := range []string{"-Urm", "-m"} {
		d, err := mount(t, flags, size)
		if err == nil {
			return d, nil
		}
		errs = errors.Join(errs, fmt.Errorf("unshare %s: %w", flags, err))
	}
	return nil, errs
}

// mount has a process hold a namespace with the disk in it. Others reach it
// through the kernel's link to that process's root.
func mount(t testing.TB, flags string, size int64) (*Disk, error) {
	t.Helper()
	at := t.TempDir()
	holder := exec.Command("unshare", flags, "sh", "-c",
		`mount -t tmpfs -o "size=$1" none "$2" && echo mounted && exec cat >/dev/null`, "sh", fmt.Sprint(size), at)
	var said strings.Builder
	holder.Stderr = &said
	stdin, err := holder.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := holder.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := holder.Start(); err != nil {
		return nil, err
	}
	end := func() { stdin.Close(); _ = holder.Wait() }
	if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		end()
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(said.String()))
	}
	t.Cleanup(end)
	return &Disk{Dir: fmt.Sprintf("/proc/%d/root%s", holder.Process.Pid, at), t: t}, nil
}

// Fill leaves no byte free.
func (d *Disk) Fill() {
	d.t.Helper()
	f, err := os.OpenFile(d.filler(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		if errors.Is(err, syscall.ENOSPC) {
			return
		}
		d.t.Errorf("fill disk: %v", err)
		return
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		switch n, err := f.Write(make([]byte, size)); {
		case errors.Is(err, syscall.ENOSPC) && n == 0:
			size /= 2
		case err != nil && !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, io.ErrShortWrite):
			d.t.Errorf("fill disk: %v", err)
			return
		}
	}
}

// Free takes away what Fill has put there.
func (d *Disk) Free() {
	d.t.Helper()
	if err := os.Remove(d.filler()); err != nil && !errors.Is(err, os.ErrNotExist) {
		d.t.Errorf("free disk: %v", err)
	}
}

func (d *Disk) filler() string { return filepath.Join(d.Dir, "filler") }
