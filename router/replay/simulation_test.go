package replay_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/replay"
)

func TestRun(t *testing.T) {
	t.Parallel()
	four := []replay.Input{placed("a", "08:00"), placed("b", "08:01"), placed("c", "08:02"), placed("d", "08:03")}
	with := func(more ...replay.Input) []replay.Input { return append(append([]replay.Input{}, four...), more...) }
	for _, tt := range []struct {
		name   string
		yaml   string
		inputs []replay.Input
		want   []string
	}{
		{"the first with room", town, with(placed("e", "08:04")),
			[]string{"hub/bike Tue 10:00", "hub/bike Tue 10:00", "hub/bike Tue 16:00", "hub/bike Tue 16:00", "hub/post Tue 18:00 late"}},
		{"planned when placed", town, []replay.Input{placed("a", "09:45")}, []string{"hub/bike Tue 16:00"}},
		{"past the cut-off", town, []replay.Input{placed("a", "17:30")}, []string{"hub/post Tue 18:00 late"}},
		{"full", town, []replay.Input{placed("a", "17:00", level("national")), placed("b", "17:00", level("national")), placed("c", "17:01", level("national")), placed("d", "17:02", level("national"))},
			[]string{"hub/post Tue 18:00", "hub/post Tue 18:00", "hub/post Tue 18:00", "hub/post Wed 18:00"}},
		{"cancelled room goes to the next", town, with(cancelled("a", "08:30"), placed("e", "08:31")),
			[]string{"cancelled changed_mind", "hub/bike Tue 10:00", "hub/bike Tue 16:00", "hub/bike Tue 16:00", "hub/bike Tue 10:00"}},
		{"cancelled before it came", town, []replay.Input{cancelled("a", "07:00"), placed("a", "08:00")}, []string{"cancelled changed_mind"}},
		{"a repeat changes nothing", town, []replay.Input{placed("a", "08:00"), placed("a", "08:30")}, []string{"hub/bike Tue 10:00"}},
		{"a cell's day", town, []replay.Input{placed("a", "08:00", lamps(3)), placed("b", "08:01", lamps(2)), placed("c", "08:02", lamps(1))},
			[]string{"works/bike Tue 16:00", "unroutable full,no_stock", "works/bike Tue 16:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			result := replay.Run(network(t, tt.yaml), tt.inputs, nil)
			var got []string
			for _, j := range result.Journeys {
				got = append(got, fate(j))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("fates (-want +got):\n%s", diff)
			}
		})
	}
}

// Who waits gets what is freed, the first who came first; who waits in vain is
// told when the last departure has closed.
func TestRunWaiting(t *testing.T) {
	t.Parallel()
	var inputs []replay.Input
	for i := range 8 { // 3 parcels a day, and the promise holds for collections of two days
		inputs = append(inputs, placed(fmt.Sprint("o", i), "08:00", level("national")))
	}
	inputs = append(inputs, cancelled("o0", "10:30"))
	result := replay.Run(network(t, waitingTown), inputs, nil)
	first, second := result.Journeys[6], result.Journeys[7]
	if got, want := fate(first), "hub/post Tue 18:00"; got != want || first.WaitedFor != 150*time.Minute {
		t.Errorf("the first who waits: got %q after %v, want %q after 2h30m", got, first.WaitedFor, want)
	}
	if got, want := fate(second), "unroutable too_late"; got != want || !second.Waited {
		t.Errorf("the second: got %q, want %q", got, want)
	}
	if r := result.Report(); r.Waiting.Orders != 2 || r.Waiting.Dispatched != 1 || r.Waiting.Unroutable != 1 {
		t.Errorf("got %+v, want two that waited, one of them dispatched", r.Waiting)
	}
}

// day is a random day of orders and cancellations, more than there is room for.
func day(seed uint64, orders int) []replay.Input {
	chance := rand.New(rand.NewPCG(seed, 0))
	var inputs []replay.Input
	for i := range orders {
		clock := fmt.Sprintf("%02d:%02d", 6+chance.IntN(13), chance.IntN(60))
		in := placed(fmt.Sprint("o", i), clock, func(o *event.Order) {
			o.ShipTo.Geo.Latitude += chance.Float64()*0.04 - 0.02
			o.ShipTo.Geo.Longitude += chance.Float64()*0.08 - 0.04
			if chance.IntN(3) == 0 {
				o.Lines[0].SKU = "lamp-arc"
			}
			if chance.IntN(3) == 0 {
				o.DeliveryMethods = []string{event.MethodLocker, event.MethodCourier}
			}
			if chance.IntN(4) == 0 {
				o.ServiceLevel = "national"
			}
		})
		inputs = append(inputs, in)
		if chance.IntN(5) == 0 {
			c := cancelled(fmt.Sprint("o", chance.IntN(i+1)), clock)
			c.Cancellation.CancelledAt = c.Cancellation.CancelledAt.Add(time.Duration(chance.IntN(300)) * time.Minute)
			inputs = append(inputs, c)
		}
	}
	replay.Sort(inputs)
	return inputs
}

// Without cancellations, what each order gets is what the router's own way of
// asking for room gives it, with the claims of all before it taken.
func TestRunTakesWhatRoomGives(t *testing.T) {
	t.Parallel()
	n := network(t, town)
	for seed := range uint64(5) {
		var inputs []replay.Input
		for _, in := range day(seed, 60) {
			if in.Order != nil {
				inputs = append(inputs, in)
			}
		}
		used := map[string]int64{}
		for i, j := range replay.Run(n, inputs, nil).Journeys {
			o := inputs[i].Order
			p := n.Plan(router.Request{Order: o, Place: n.Locate(o), Now: o.PlacedAt})
			want := p.Room(func(slot string) int64 { return used[slot] })
			if want == nil {
				if j.Dispatched() || !cmp.Equal(j.Reasons, p.Reasons()) {
					t.Errorf("seed %d, order %d: got %s, want unroutable for %v", seed, i, fate(j), p.Reasons())
				}
				continue
			}
			if diff := cmp.Diff(&want.Body, j.Sent); diff != "" {
				t.Fatalf("seed %d, order %d (-want +got):\n%s", seed, i, diff)
			}
			for _, c := range want.Body.Claims {
				used[c.Slot] += c.Units
			}
		}
	}
}

// The same inputs give the same bytes, however many processors there are.
func TestReportIsDeterministic(t *testing.T) {
	inputs := day(7, 200)
	report := func(procs int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		data, err := json.Marshal(replay.Run(network(t, waitingTown), inputs, nil).Report())
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	first := report(1)
	for _, procs := range []int{1, 2} {
		if got := report(procs); !bytes.Equal(first, got) {
			t.Errorf("with %d processors: got other bytes\n%s\nwant\n%s", procs, got, first)
		}
	}
}

// Whatever happens, orders are counted once, and no slot holds more than its
// limit at any time.
func TestReportAddsUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		result := replay.Run(network(t, waitingTown), day(seed, 120), nil)
		r := result.Report()
		if sum := r.Dispatched + r.Unroutable + r.Cancelled; sum != r.Orders || r.Orders != len(result.Journeys) {
			t.Errorf("seed %d: %d dispatched, unroutable and cancelled of %d orders", seed, sum, r.Orders)
		}
		days, levels, sites := 0, 0, 0
		for _, d := range r.Days {
			days += d.Orders()
		}
		for _, l := range r.Levels {
			levels += l.Orders
		}
		for _, s := range r.Sites {
			sites += s.Orders
		}
		if days != levels || sites != r.Dispatched {
			t.Errorf("seed %d: %d by day, %d by level; %d by site of %d dispatched", seed, days, levels, sites, r.Dispatched)
		}
		for _, f := range r.Fullest {
			if f.Used > f.Limit {
				t.Errorf("seed %d: slot %s has %d of %d", seed, f.Slot, f.Used, f.Limit)
			}
		}
	}
}

func BenchmarkRun(b *testing.B) {
	n, inputs := network(b, town), day(1, 1000)
	b.ReportAllocs()
	for b.Loop() {
		replay.Run(n, inputs, nil)
	}
	b.ReportMetric(float64(len(inputs)*b.N)/b.Elapsed().Seconds(), "messages/s")
}
