package main

import (
	"strings"
	"testing"
)

// Only yes is yes.
func TestAskYes(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{"y\n": true, "YES\n": true, " y \n": true, "n\n": false, "\n": false, "": false, "yesterday\n": false} {
		var out strings.Builder
		err := askYes(strings.NewReader(answer), &out)
		if (err == nil) != want || !strings.Contains(out.String(), "[y/N]") {
			t.Errorf("answer %q: got %v after %q, want yes: %t", answer, err, out.String(), want)
		}
		if err != nil && exitCode(err) != exitFailed {
			t.Errorf("answer %q: got exit code %d, want %d", answer, exitCode(err), exitFailed)
		}
	}
}
