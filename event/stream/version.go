package stream

import (
	"fmt"
	"strconv"
	"strings"
)

// The first nats-server with atomic batches, on which every commit rests.
const (
	minMajor = 2
	minMinor = 12
)

// checkVersion refuses a server older than 2.12, and one whose version cannot
// be read. A release candidate counts as its release.
func checkVersion(v string) error {
	parts := strings.SplitN(strings.TrimPrefix(v, "v"), ".", 3)
	if len(parts) == 3 {
		major, err1 := strconv.Atoi(parts[0])
		minor, err2 := strconv.Atoi(parts[1])
		if err1 == nil && err2 == nil && (major > minMajor || major == minMajor && minor >= minMinor) {
			return nil
		}
	}
	return fmt.Errorf("%w: it is version %q, at least %d.%d is needed", ErrTooOld, v, minMajor, minMinor)
}
