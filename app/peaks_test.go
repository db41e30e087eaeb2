package app

import "testing"

func TestPeaksSince(t *testing.T) {
	t.Parallel()
	p := peaks{}
	for i, units := range []int64{1, 3, 2, 0, 1} {
		p.note("slot", uint64(10*(i+1)), units)
	}
	p.rise()
	for _, c := range []struct {
		seq  uint64
		want int64
	}{{5, 3}, {10, 3}, {20, 3}, {25, 3}, {30, 2}, {35, 2}, {40, 1}, {45, 1}, {50, 1}, {99, 1}} {
		if got := p.since("slot", c.seq); got != c.want {
			t.Errorf("since %d: got %d, want %d", c.seq, got, c.want)
		}
	}
	if got := p.since("another", 1); got != 0 {
		t.Errorf("a slot nobody took from: got %d, want 0", got)
	}
}
