package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
)

func TestJoinWithin(t *testing.T) {
	t.Parallel()
	reasons := []string{"full", "too_late", "no_stock"}
	for most, want := range map[int]string{
		80: "full, too_late, no_stock",
		24: "full, too_late, no_stock",
		23: "full, too_late, 1 more",
		22: "full, too_late, 1 more",
		21: "full, too_late, no_stock", // with one alone it would say too little
	} {
		if got := joinWithin(reasons, most); got != want {
			t.Errorf("within %d: got %q, want %q", most, got, want)
		}
	}
	if got, want := joinWithin(nil, 10), ""; got != want {
		t.Errorf("nothing: got %q, want %q", got, want)
	}
}

// What platforms write into ids must not steer the terminal of who watches.
func TestTailLineIsPlain(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	l := newTailLine(&out, time.UTC, false)
	at := time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC)
	if err := l.line(at, event.Key{Channel: "web", Order: "\x1b[2J"}, "refused", "not\x1b]0;json\a"); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.ContainsAny(got, "\x1b\a") {
		t.Errorf("control characters in %q", got)
	}
}

func TestTailLineNamesEachDayOnce(t *testing.T) {
	t.Parallel()
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	l := newTailLine(&out, helsinki, false)
	for _, at := range []string{"2026-08-04T20:59:00Z", "2026-08-04T20:59:30Z", "2026-08-04T21:00:00Z"} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.line(instant, event.Key{Channel: "web", Order: "1"}, "unroutable", "full"); err != nil {
			t.Fatal(err)
		}
	}
	want := `# Tuesday 4 August 2026 (Europe/Helsinki)
23:59:00 web/1          unroutable full
23:59:30 web/1          unroutable full
# Wednesday 5 August 2026 (Europe/Helsinki)
00:00:00 web/1          unroutable full
`
	if got := out.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTailLineThatIsNoEvent(t *testing.T) {
	t.Parallel()
	l := newTailLine(io.Discard, time.UTC, false)
	for _, subject := range []string{"decision.v1.web.1", "dispatch.v1.pyora.kallio"} {
		if err := l.show(occurrence{subject: subject, data: []byte("{}")}); err == nil {
			t.Errorf("%s: got no error, want one", subject)
		}
	}
}
