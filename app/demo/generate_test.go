package demo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/geo"
)

func helsinki(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func tuesday(t *testing.T) time.Time {
	return time.Date(2026, 11, 24, 9, 0, 0, 0, helsinki(t))
}

func messages(day []*Emission) []stream.Outgoing {
	all := make([]stream.Outgoing, len(day))
	for i, e := range day {
		all[i] = e.Message
	}
	return all
}

func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	day := messages(Generate(7, 300, tuesday(t)))
	if diff := cmp.Diff(day, messages(Generate(7, 300, tuesday(t)))); diff != "" {
		t.Errorf("equal seeds draw different days:\n%s", diff)
	}
	if cmp.Equal(day, messages(Generate(8, 300, tuesday(t)))) {
		t.Error("different seeds draw equal days")
	}
	for _, n := range []int{1, 2, 3, 60} {
		if got := len(Generate(1, n, tuesday(t))); got != n {
			t.Errorf("got %d emissions, want %d", got, n)
		}
	}
}

// TestEmissionsMeanWhatTheySay decodes every message as the router does.
func TestEmissionsMeanWhatTheySay(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}   // bytes of messages that may be refused
	placed := map[string]bool{} // ids of sound messages so far
	known := map[event.Key]bool{}
	last := tuesday(t)
	for _, e := range Generate(3, 3000, tuesday(t)) {
		if e.At.Before(last) || e.At.Sub(tuesday(t)) >= dayLength {
			t.Errorf("%s is published at %v, after one at %v", e.Order.Key(), e.At, last)
		}
		last = e.At
		o, refusal := event.DecodeOrder(e.Message.Subject, e.Message.Data, e.At)
		switch want := ""; {
		case e.Kind == Flawed && e.Flaw.Refused:
			if want = e.Flaw.Code; refusal == nil || refusal.Code != want {
				t.Errorf("%s: got refusal %v, want %s", e.Flaw.Name, refusal, want)
			}
		case refusal != nil:
			t.Errorf("%s %s is refused: %v\n%s", e.Kind, e.Order.Key(), refusal, e.Message.Data)
		case o.Key() != e.Order.Key():
			t.Errorf("got order %s, want %s", o.Key(), e.Order.Key())
		}
		id := event.MsgID(e.Message.Subject, e.Message.Data)
		switch e.Kind {
		case Placed:
			if known[e.Order.Key()] {
				t.Errorf("%s is placed twice", e.Order.Key())
			}
			known[e.Order.Key()], placed[id] = true, true
		case Repeated, Resent, Changed:
			if !known[e.Order.Key()] || (e.Kind == Repeated) != placed[id] {
				t.Errorf("%s %s follows no order, or has the wrong bytes", e.Kind, e.Order.Key())
			}
		}
		if e.Kind != Repeated && e.Kind != Resent {
			if seen[string(e.Message.Data)] {
				t.Errorf("two messages have equal bytes: %s", e.Message.Data)
			}
			seen[string(e.Message.Data)] = true
		}
	}
}

func TestGenerateIsLifelike(t *testing.T) {
	t.Parallel()
	const n = 6000
	day := Generate(5, n, tuesday(t))
	count := map[string]int{}
	centre := geo.Point{Lat: 60.17, Lng: 24.94}
	for _, e := range day {
		count[e.Kind.String()]++
		count[e.At.Format("at 15")]++
		if e.Kind == Flawed {
			count[e.Flaw.Name]++
		}
		if e.Kind != Placed {
			continue
		}
		o := e.Order
		count["to "+o.ShipTo.AddressCountry]++
		count["level "+o.ServiceLevel]++
		count["by "+o.Channel]++
		if len(o.DeliveryMethods) > 0 && o.DeliveryMethods[0] == event.MethodLocker {
			count["locker"]++
		}
		if o.Lines[0].SKU[:4] == "figu" || o.Lines[0].SKU[:4] == "lamp" {
			count["made"]++
		}
		if at := o.ShipTo.Geo; at != nil {
			count["point"]++
			if km := geo.Distance(centre, geo.Point{Lat: at.Latitude, Lng: at.Longitude}) / 1000; km > 16 {
				t.Errorf("order %s ships %.1f km from the centre", o.OrderID, km)
			}
		}
	}
	for _, want := range []struct {
		what     string
		from, to float64 // share of all
	}{
		{"flawed", 0.04, 0.06}, {"placed", 0.88, 0.95},
		{"repeated", 0.008, 0.025}, {"resent", 0.004, 0.02}, {"changed", 0.002, 0.015},
		{"at 09", 0.07, 0.13}, {"at 12", 0.13, 0.2}, {"at 16", 0.13, 0.2}, {"at 18", 0.005, 0.05},
		{"to FI", 0.8, 0.9}, {"to SE", 0.005, 0.04}, {"level national", 0.1, 0.25}, {"level same_day", 0.4, 0.6}, {"level ", 0.12, 0.3},
		{"by app", 0.2, 0.35}, {"locker", 0.15, 0.3}, {"made", 0.08, 0.18}, {"point", 0.5, 0.7},
	} {
		if got := float64(count[want.what]) / n; got < want.from || got > want.to {
			t.Errorf("%s: got a share of %.3f, want %v to %v", want.what, got, want.from, want.to)
		}
	}
	for _, f := range flaws {
		if count[f.Name] == 0 {
			t.Errorf("no order has the flaw %q", f.Name)
		}
	}
}

func TestEveryFlawOccursInADefaultDay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		seen := map[string]bool{}
		for _, e := range Generate(seed, 400, tuesday(t)) {
			if e.Kind == Flawed {
				seen[e.Flaw.Name] = true
			}
		}
		if len(seen) != len(flaws) {
			t.Errorf("seed %d: got %d kinds of flaws, want %d", seed, len(seen), len(flaws))
		}
	}
}

func TestNextTuesday(t *testing.T) {
	t.Parallel()
	zone := helsinki(t)
	at := func(text string) time.Time {
		parsed, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	holiday := func(d time.Time) bool { return d.Format(time.DateOnly) == "2026-01-06" }
	for _, tt := range []struct{ now, want string }{
		{"2026-11-22 03:00", "2026-11-24 09:00"}, // a Sunday at three in the morning
		{"2026-11-24 08:59", "2026-11-24 09:00"},
		{"2026-11-24 09:00", "2026-12-01 09:00"},
		{"2026-11-25 12:00", "2026-12-01 09:00"},
		{"2026-01-04 12:00", "2026-01-13 09:00"}, // Epiphany is a Tuesday
		{"2026-03-28 12:00", "2026-03-31 09:00"}, // the clocks change in between
	} {
		if got := NextTuesday(at(tt.now), holiday).Format("2006-01-02 15:04"); got != tt.want {
			t.Errorf("after %s: got %s, want %s", tt.now, got, tt.want)
		}
	}
}
