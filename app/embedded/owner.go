package embedded

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Owner is the process that has a folder, 0 if none has, and whether that is to
// be known at all. It takes no lock, not for a moment: it reads the kernel's
// list, which Linux has.
func Owner(dir string) (pid int, known bool, _ error) {
	info, err := os.Stat(filepath.Join(dir, lockName))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, true, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("look at the lock of %s: %w", dir, err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	list, err := os.Open("/proc/locks")
	if !ok || err != nil {
		return 0, false, nil
	}
	defer list.Close()
	inode := ":" + strconv.FormatUint(stat.Ino, 10)
	for lines := bufio.NewScanner(list); lines.Scan(); {
		// 1: FLOCK  ADVISORY  WRITE 4711 08:02:131090 0 EOF
		f := strings.Fields(lines.Text())
		if len(f) > 5 && f[1] == "FLOCK" && strings.HasSuffix(f[5], inode) {
			pid, _ = strconv.Atoi(f[4])
			return pid, true, nil
		}
	}
	return 0, true, nil
}
