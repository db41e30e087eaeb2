package stream_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event/stream"
)

var made = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

// extent is a journal with a message a minute, as it stands at an instant after
// it was made.
func extent(after, keeps time.Duration) stream.Extent {
	last := uint64(after / time.Minute)
	e := stream.Extent{First: 1, Last: last, Keeps: keeps, Made: made, At: made.Add(after)}
	if after > keeps {
		e.First += uint64((after - keeps) / time.Minute)
	}
	e.FirstAt, e.LastAt, e.Messages = made.Add(time.Duration(e.First)*time.Minute), made.Add(time.Duration(last)*time.Minute), last-e.First+1
	return e
}

// A journal that grows and forgets never speaks against what is remembered of
// it, which stays short.
func TestMemoryOfAWholeJournal(t *testing.T) {
	t.Parallel()
	const keeps = 35 * 24 * time.Hour
	var m stream.Memory
	for at := 30 * time.Second; at < 50*24*time.Hour; at += 20 * time.Minute {
		e := extent(at, keeps)
		if says := m.Contradicts(e); says != nil {
			t.Fatalf("after %v: got %v, want nothing", at, says)
		}
		m.Note(e)
		if m.Note(e) {
			t.Fatalf("after %v: noted twice", at)
		}
	}
	if n := len(m.Milestones); n < 24*35 || n > 24*35*2 {
		t.Errorf("got %d milestones, want about one an hour of 35 days", n)
	}
}

func TestMemoryContradicts(t *testing.T) {
	t.Parallel()
	const keeps = 48 * time.Hour
	var m stream.Memory
	for at := time.Minute; at <= 24*time.Hour; at += 10 * time.Minute {
		m.Note(extent(at, keeps))
	}
	before := len(m.Milestones)
	for _, tt := range []struct {
		name   string
		change func(*stream.Extent)
		want   string
	}{
		{"as it was", func(*stream.Extent) {}, ""},
		{"end lost", func(e *stream.Extent) { e.Last -= 20 }, "lost its end"},
		{"empty", func(e *stream.Extent) { e.First, e.Last, e.Messages = 1, 0, 0 }, "lost its end"},
		{"emptied", func(e *stream.Extent) { e.First, e.Messages = e.Last+1, 0 }, "lost its beginning"},
		{"beginning lost", func(e *stream.Extent) { e.First = 5 }, "lost its beginning"},
		{"made anew", func(e *stream.Extent) { e.Made = made.Add(time.Second) }, "another one"},
		{"all forgotten in time", func(e *stream.Extent) { e.First, e.Messages, e.At = e.Last+1, 0, e.At.Add(keeps) }, ""},
	} {
		e := extent(24*time.Hour, keeps)
		tt.change(&e)
		says := strings.Join(m.Contradicts(e), "; ")
		if tt.want == "" && says != "" || !strings.Contains(says, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, says, tt.want)
		}
	}
	if len(m.Milestones) != before {
		t.Errorf("got %d milestones, want the %d of before", len(m.Milestones), before)
	}
	accepted := m
	accepted.Accepted = []stream.Gap{{From: 1, Through: 4}}
	e := extent(24*time.Hour, keeps)
	if e.First = 5; accepted.Contradicts(e) != nil {
		t.Errorf("got %v of an accepted loss, want nothing", accepted.Contradicts(e))
	}
}

// What is remembered is the same for whoever reads it.
func TestMemoryIsShared(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	var m stream.Memory
	m.Note(extent(time.Hour, 24*time.Hour))
	if err := c.Config().SetMemory(t.Context(), m, 0); err != nil {
		t.Fatal(err)
	}
	got, basis, err := c.Config().Memory(t.Context())
	if err != nil || basis == 0 || len(got.Milestones) != len(m.Milestones) || !got.Made.Equal(made) {
		t.Errorf("got %v at %d, %v, want %v", got, basis, err, m)
	}
	if err := c.Config().SetMemory(t.Context(), m, 0); err == nil {
		t.Error("written on what is not the last: want it refused")
	}
}
