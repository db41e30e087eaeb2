package demo

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.uber.org/zap/zaptest"
)

// TestRun is the demo from end to end: real servers, a real journal.
func TestRun(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	var out bytes.Buffer
	r, err := Run(t.Context(), Options{Orders: 60, Seed: 2, Start: tuesday(t), Out: &out, Style: Style{Unicode: true}, Log: zaptest.NewLogger(t)})
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK || r.Err() != nil || r.Stopped {
		t.Errorf("got OK %v, stopped %v, want a whole day: %+v", r.OK, r.Stopped, r.Checks)
	}
	if got := r.Dispatched + r.Unroutable.Total + r.Refused.Total + r.Repeats.Same + r.Repeats.Reworded; r.Published != 60 || got != 60 {
		t.Errorf("published %d, with an outcome %d, want 60 of each", r.Published, got)
	}
	if r.Dispatched < 30 || r.Promises.Kept != r.Dispatched || r.Refused.Total == 0 {
		t.Errorf("got %d dispatched, %d promises kept, %d refused", r.Dispatched, r.Promises.Kept, r.Refused.Total)
	}
	fitsTerminal(t, out.String())
	for _, want := range []string{"60 orders, seed 2, from Tue 24 Nov 2026 09:00 Europe/Helsinki", "── 12:00 ──", " of 9", "The day is over", "every promise kept"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the show has no %q:\n%s", want, &out)
		}
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestRunOnASundayNight has hardly a lane to go by, and keeps every promise.
func TestRunOnASundayNight(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 3, 0, 0, 0, helsinki(t))
	r, err := Run(t.Context(), Options{Orders: 40, Seed: 1, Start: start.UTC()})
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK || r.Levels["same_day"] > 0 || r.Dispatched == 0 || !r.Start.Equal(start) {
		t.Errorf("got OK %v and %v by level from %v, want national and international only", r.OK, r.Levels, r.Start)
	}
}

// TestRunStoppedEarly ends before the first order and still has a verdict.
func TestRunStoppedEarly(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	r, err := Run(ctx, Options{Orders: 60, Seed: 1, Start: tuesday(t), Pace: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK || !r.Stopped || r.Published != 0 {
		t.Errorf("got OK %v, stopped %v, %d published, want a stop before the first", r.OK, r.Stopped, r.Published)
	}
}

// brokenPipe takes some bytes and no more.
type brokenPipe struct{ left int }

func (p *brokenPipe) Write(b []byte) (int, error) {
	if p.left -= len(b); p.left < 0 {
		return 0, os.ErrClosed
	}
	return len(b), nil
}

func TestRunIntoABrokenPipe(t *testing.T) {
	t.Parallel()
	if _, err := Run(t.Context(), Options{Orders: 60, Start: tuesday(t), Out: &brokenPipe{left: 600}}); err == nil {
		t.Error("got no error from a reader that is gone")
	}
}

// fitsTerminal checks that no line is wider than 80 characters or ends in
// spaces.
func fitsTerminal(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if n := utf8.RuneCountInString(line); n > width {
			t.Errorf("%d characters: %q", n, line)
		}
		if strings.HasSuffix(line, " ") {
			t.Errorf("trailing space: %q", line)
		}
	}
}
