package main

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const exposition = `# HELP nearlane_orders_decided_total Orders.
# TYPE nearlane_orders_decided_total counter
nearlane_orders_decided_total{outcome="dispatched"} 12
nearlane_orders_decided_total{outcome="waiting"} 1.5e+01
go_goroutines 7
nearlane_router_ready 1
nearlane_took_seconds_bucket{outcome="dispatched",le="0.1"} 50
nearlane_took_seconds_bucket{outcome="dispatched",le="0.2"} 90
nearlane_took_seconds_bucket{outcome="dispatched",le="+Inf"} 95
nearlane_took_seconds_bucket{outcome="waiting",le="0.1"} 0
nearlane_took_seconds_bucket{outcome="waiting",le="0.2"} 0
nearlane_took_seconds_bucket{outcome="waiting",le="+Inf"} 5
nearlane_styled{style="le",le="x"} 3
`

func scraped(t *testing.T, text string) scrape {
	t.Helper()
	s, err := readScrape(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReadScrape(t *testing.T) {
	t.Parallel()
	s := scraped(t, exposition)
	if got := s["nearlane_router_ready"]; got != 1 || len(s) != 10 {
		t.Errorf("got %v of %d series, want 1 of 10", got, len(s))
	}
	if diff := cmp.Diff(map[string]float64{"dispatched": 12, "waiting": 15}, s.by("nearlane_orders_decided_total", "outcome")); diff != "" {
		t.Errorf("by outcome (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]float64{"x": 3}, s.by("nearlane_styled", "le")); diff != "" {
		t.Errorf("a label whose name ends like another (-want +got):\n%s", diff)
	}
	if got, err := readScrape(strings.NewReader("nearlane_broken x\n")); err == nil {
		t.Errorf("got %v, want an error", got)
	}
}

func TestScrapeSince(t *testing.T) {
	t.Parallel()
	earlier := scrape{"grown": 5, "begun anew": 100}
	got := scrape{"grown": 7, "begun anew": 3, "new": 2}.since(earlier)
	if diff := cmp.Diff(scrape{"grown": 2, "begun anew": 3, "new": 2}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	got.add(scrape{"grown": 1})
	if got["grown"] != 3 {
		t.Errorf("sum: got %v, want 3", got["grown"])
	}
}

func TestScrapeQuantile(t *testing.T) {
	t.Parallel()
	s := scraped(t, exposition)
	near := cmpopts.EquateApprox(0, 1e-9)
	for q, want := range map[float64]float64{
		0.25: 0.05, // half of the first bucket
		0.5:  0.1,
		0.7:  0.15,
		0.9:  0.2,
		0.99: 0.2, // beyond the last bound: all that is known
	} {
		if got, ok := s.quantile(q, "nearlane_took_seconds"); !ok || !cmp.Equal(got, want, near) {
			t.Errorf("quantile %v: got %v, %t, want %v", q, got, ok, want)
		}
	}
	if got, ok := s.since(s).quantile(0.5, "nearlane_took_seconds"); ok {
		t.Errorf("nothing was observed: got %v", got)
	}
	if _, ok := s.quantile(0.5, "nearlane_none"); ok {
		t.Error("no such histogram: got a quantile")
	}
	if v, _ := s.quantile(0.99, "nearlane_took_seconds"); math.IsInf(v, 0) {
		t.Error("got infinity")
	}
}
