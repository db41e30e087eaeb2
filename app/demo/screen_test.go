package demo

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

var update = flag.Bool("update", false, "write the golden files")

// TestShow compares what is shown of one made-up day, sign for sign.
func TestShow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		golden string
		style  Style
	}{
		{"show.golden", Style{Unicode: true}},
		{"show-ascii.golden", Style{}},
		{"show-colour.golden", Style{Unicode: true, Colour: true}},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			s := newScreen(&out, tt.style)
			show(t, s)
			fitsTerminal(t, colours.ReplaceAllString(out.String(), ""))
			if !tt.style.Unicode && strings.ContainsFunc(out.String(), func(r rune) bool { return r >= utf8.RuneSelf || r == '?' }) {
				t.Error("there is something that ASCII has no sign for")
			}
			path := filepath.Join("testdata", tt.golden)
			if *update {
				if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), out.String()); diff != "" {
				t.Errorf("show (-want +got), -update to accept:\n%s", diff)
			}
		})
	}
}

var colours = regexp.MustCompile("\x1b\\[[0-9]*m")

// show is the made-up day.
func show(t *testing.T, s *screen) {
	start := tuesday(t)
	h, err := openHome()
	if err != nil {
		t.Fatal(err)
	}
	defer h.remove()
	d := &day{home: h, books: newBooks(), journal: router.NewRefold(), full: map[string]bool{}}
	for _, a := range outcomes(start) {
		d.books.accounts = append(d.books.accounts, a)
		s.outcome(a, start)
	}
	d.journal.Slots = map[string]router.Usage{
		"lane/kallio/bike:2026-11-24T12:00:parcels":             {Units: 9, Limit: 9},
		"lane/kallio/bike:2026-11-24T12:00:grams":               {Units: 60000, Limit: 60000},
		"lane/kallio/bike:2026-11-24T10:00:parcels":             {Units: 9, Limit: 9}, // has left
		"lane/pasila/post:2026-11-24T12:00:parcels":             {Units: 45, Limit: 60},
		"lane/herttoniemi-works/cargo:2026-11-24T17:00:parcels": {Units: 1, Limit: 8},
		"make/herttoniemi-works/lamps:2026-11-24:units":         {Units: 14, Limit: 14},
		"make/vallila-works/resin:2026-11-25:units":             {Units: 40, Limit: 40}, // tomorrow
		"locker/rautatientori/M:2026-11-24:parcels":             {Units: 4, Limit: 8},
	}
	for hour := range 3 {
		s.filling(start.Add(time.Duration(hour+1)*time.Hour), d)
	}
	s.summary(madeUpReport())
}

// outcomes has one account of every kind.
func outcomes(start time.Time) []*account {
	minute := 0
	placed := func(place, sku string, quantity int64, extra int) *account {
		minute += 3
		o := &event.Order{OrderID: "W00" + string(rune('A'+minute/3)), Channel: "webshop", Lines: []event.Line{{SKU: sku, Quantity: quantity}}}
		for range extra {
			o.Lines = append(o.Lines, o.Lines[0])
		}
		return &account{Emission: &Emission{Order: o, Place: place, At: start.Add(time.Duration(minute) * time.Minute), Message: encode(o, false)}}
	}
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, 11, day, hour, minute, 0, 0, start.Location()).UTC()
	}
	dispatch := func(a *account, b event.Body, reasons ...string) *account {
		if b.Dropoff.Before.IsZero() {
			b.Dropoff.Before = b.Slot.End
		}
		a.decision = &event.Decision{Outcome: event.Dispatched, Reasons: reasons, Consignments: []event.Consignment{{Body: b}}}
		return a
	}
	site := func(id, lane string, from, to, by time.Time) event.Body {
		return event.Body{Site: event.Site{SiteID: id}, Lane: lane, Slot: event.Span{Start: from, End: to}, Dropoff: event.Dropoff{Before: by}}
	}
	decided := func(a *account, outcome event.Outcome, reasons ...string) *account {
		a.decision = &event.Decision{Outcome: outcome, Reasons: reasons}
		return a
	}
	refused := func(a *account, code string) *account { a.refusals = []string{code}; return a }
	locker := site("vallila-works", "bike", at(24, 17, 30), at(24, 19, 30), time.Time{})
	locker.Locker = &event.Locker{BankID: "rautatientori", Size: "M"}

	all := []*account{
		dispatch(placed("Kallio", "mug-blue", 2, 0), site("kallio", "bike", at(24, 10, 0), at(24, 12, 0), time.Time{})),
		dispatch(placed("Kaartinkaupunki", "notebook-dot", 12, 3), locker),
		dispatch(placed("Jyväskylä", "lamp-arc", 1, 0), site("herttoniemi-works", "post", at(24, 16, 30), at(24, 16, 30), at(26, 21, 0)), "past_cutoff"),
		dispatch(placed("Itäkeskus", "print-a3", 1, 1), site("itakeskus", "bike", at(24, 18, 0), at(24, 20, 30), time.Time{}), "full"),
		dispatch(placed("Hamburg", "soap-birch", 3, 0), site("pasila", "gateway", at(24, 16, 0), at(24, 16, 0), at(24+7, 21, 0))),
		decided(placed("Punavuori", "figure-lynx", 1, 1), event.Unroutable, "split_needed", "no_stock", "other_service_level"),
		decided(placed("Vallila", "print-wall", 1, 0), event.Unroutable, "location_too_coarse", "coordinates_swapped"),
		decided(placed("Vallila", "print-wall", 1, 0), "postponed"),
		refused(placed("Töölö", "mug-sand", -1, 0), event.CodeOutOfRange),
		refused(placed("Töölö", "mug-sand", 1, 0), event.CodeOrderChanged),
		placed("Käpylä", "candle-pine", 1, 0),
		placed("Pasila", "candle-pine", 1, 0),
	}
	all[8].Order.PlacedAt, all[8].Order.ShipTo = start, event.Address{AddressCountry: "FI", PostalCode: "00260"}
	all[8].Message = encode(all[8].Order, false)
	all[10].Kind = Repeated
	all[11].Kind = Resent
	return all
}

func madeUpReport() *Report {
	return &Report{
		Published: 400, Dispatched: 322, Lockers: 26, Made: 31, Kept: "/tmp/nearlane-demo-1",
		Lanes: []LaneCount{
			{"herttoniemi-works", "cargo", "reitti", 9, 2, 0}, {"kallio", "bike", "pyora", 38, 5, 4},
			{"kallio", "post", "posti", 120, 2, 2}, {"kamppi", "lauttasaari", "reitti", 1, 1, 0},
		},
		Levels:     map[string]int{"same_day": 185, "national": 116, "international": 21},
		Promises:   Promises{Kept: 321, Broken: 1, Median: 12600},
		Fallbacks:  counts(map[string]int{"full": 43, "past_cutoff": 11}),
		Unroutable: counts(map[string]int{"full": 18, "too_late": 17, "too_big": 4, "coordinates_swapped": 2, "service_level_unknown": 2, "location_too_coarse": 1}),
		Refused:    counts(map[string]int{"out_of_range": 4, "not_json": 1}),
		Repeats:    Repeats{Same: 3, Reworded: 5},
		Speed:      Speed{Seconds: 18.9, OrdersPerSecond: 21.2, Paced: true, LatencyP50: 7, LatencyP99: 31.4},
		Journal:    Journal{Messages: 703, Bytes: 1_700_000},
		Checks: []Check{
			check("no slot over its limit", nil, "%d slots", 108),
			check("every promise kept", []string{"order webshop/W0004 arrives 20m0s after its promise, which is a long sentence that needs a second line"}, ""),
		},
	}
}

func TestBar(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n, most int64
		want    string
	}{
		{0, 8, "░░░░"}, {1, 100, "█░░░"}, {4, 8, "██░░"}, {7, 8, "███░"}, {8, 8, "████"}, {9, 8, "████"}, {1, 0, "█░░░"},
	} {
		filled, empty := bar(tt.n, tt.most, 4)
		if got := filled + empty; got != tt.want {
			t.Errorf("%d of %d: got %s, want %s", tt.n, tt.most, got, tt.want)
		}
	}
}

// TestEveryPlaceHasASCII holds the names that a show can print.
func TestEveryPlaceHasASCII(t *testing.T) {
	t.Parallel()
	var names []string
	for _, d := range districts {
		names = append(names, d.name)
	}
	for _, p := range append(append([]remote{}, towns...), abroad...) {
		names = append(names, p.name)
	}
	for _, name := range names {
		if got := ascii(name); strings.Contains(got, "?") {
			t.Errorf("%s becomes %s", name, got)
		}
	}
}
