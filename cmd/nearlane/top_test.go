package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/lanes"
)

func TestClip(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line    string
		columns int
		want    string
	}{
		{"lanes", 80, "lanes"},
		{"lanes", 5, "lanes"},
		{"lanes", 4, "lane"},
		{"███··", 4, "███·"},
		{"\033[31mfull\033[0m", 4, "\033[31mfull\033[0m"},
		{"\033[31mfull\033[0m", 3, "\033[31mful"},
		{"", 0, ""},
	} {
		if got := clip(tt.line, tt.columns); got != tt.want {
			t.Errorf("%q to %d: got %q, want %q", tt.line, tt.columns, got, tt.want)
		}
	}
}

func busyGlance() *glance {
	p50, p99 := 0.0123, 1.5
	g := &glance{
		At: time.Date(2026, 8, 4, 9, 0, 12, 0, time.Local), Over: 30, P50: &p50, P99: &p99, Waiting: 4,
		Orders:  map[string]float64{"dispatched": 12.34, "unroutable": 0.2},
		Refused: map[string]float64{"not_json": 0.5, "out_of_range": 3, "bad_id": 0.5},
		Lag:     []topLag{{Stream: "ORDERS", Pending: 30, Unanswered: 4, OldestSeconds: 90}, {Stream: "COURIER"}},
		Routers: []topRouter{{Name: "router-a", Revision: "c6c3", Ready: true}, {URL: "http://b", Revision: "c6c4"}, {URL: "http://c", Error: "http://c does not answer"}},
	}
	start := time.Date(2026, 8, 4, 10, 0, 0, 0, time.UTC)
	for i := range 40 {
		g.Slots = append(g.Slots, filling{Kind: lanes.KindLane, Place: fmt.Sprintf("site-%02d", i), Name: "bike", Start: start, End: start.Add(time.Hour),
			Unit: lanes.UnitParcels, Used: int64(i % 3), Limit: 2, Known: true})
	}
	return g
}

func TestGlance(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	busyGlance().head(&b)
	want := `Tue 4 Aug 09:00:12  1 of 3 routers ready
orders/s   dispatched 12.3  waiting 0.0  unroutable 0.2  cancelled 0.0
           completed 0.0
refused/s  out_of_range 3.0  bad_id 0.5  not_json 0.5
latency    p50 12.3 ms  p99 1.5 s
lag        ORDERS 34 since 1m30s  COURIER 0  waiting for room 4
router     router-a  revision c6c3  ready
router     http://b  revision c6c4  not ready
router     http://c  http://c does not answer
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// What is shown fits into the terminal, whatever its size, coloured or not.
func TestGlanceFits(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 23}, {40, 5}, {200, 100}, {10, 2}} {
		for _, colour := range []bool{false, true} {
			var b bytes.Buffer
			if err := busyGlance().show(&b, size[0], size[1], colour); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
			if len(lines) > size[1] {
				t.Errorf("%v: got %d lines", size, len(lines))
			}
			for _, line := range lines {
				bare := strings.NewReplacer("\033[31m", "", "\033[0m", "").Replace(line)
				if n := len([]rune(bare)); n > size[0] {
					t.Errorf("%v: got %d columns: %q", size, n, bare)
				}
				if strings.Count(line, "\033[31m") > strings.Count(line, "\033[0m") {
					t.Errorf("%v: the colour of %q never ends", size, line)
				}
			}
			if size[1] < 40 && size[0] >= 40 && !strings.Contains(b.String(), "more lines: nearlane capacity") {
				t.Errorf("%v: lanes are missing, and it does not say so", size)
			}
		}
	}
}

// Rates are of what each router counted itself: one that comes or goes adds
// nothing.
func TestWatcherMeasures(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 8, 4, 9, 0, 0, 0, time.UTC)
	const series = `nearlane_orders_decided_total{outcome="dispatched"}`
	counted := func(n float64) scrape { return scrape{series: n} }
	w := &watcher{}
	for i, step := range []struct {
		counts []scrape
		over   float64
		want   float64
	}{
		{[]scrape{counted(100), counted(1000)}, 0, 0},
		{[]scrape{counted(120), counted(1000)}, 10, 2},
		{[]scrape{counted(140), nil}, 20, 2},
		{[]scrape{nil, nil}, 0, 0},
		{[]scrape{counted(160), counted(1020)}, 30, 2}, // over 30 s the first sample is gone
	} {
		g := &glance{Orders: map[string]float64{}, Refused: map[string]float64{}}
		w.measure(g, sample{start.Add(time.Duration(i) * 10 * time.Second), step.counts})
		if g.Over != step.over || g.Orders["dispatched"] != step.want {
			t.Errorf("step %d: got %v/s over %v s, want %v over %v", i, g.Orders["dispatched"], g.Over, step.want, step.over)
		}
	}
}
