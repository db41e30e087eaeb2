package router

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

// What a rebuild reads is what the full refold has standing in those regions
// with claims that still matter, and no more.
func TestLiveIsTheLivingPartOfTheRefold(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		full, slim := NewRefold(), newLive([]string{"town", "port"}, tuesday)
		for seq := uint64(1); seq < 400; seq++ {
			subject, data := anyMessage(t, random, full)
			if err := full.Add(seq, subject, data); err != nil {
				t.Fatal(err)
			}
			if err := slim.add(seq, subject, data); err != nil {
				t.Fatal(err)
			}
		}
		want := map[event.Key]Standing{}
		for key, s := range full.Standing {
			if s.Region != "hill" && s.claimsAfter(tuesday) {
				want[key] = s
			}
		}
		if len(want) == 0 {
			t.Fatalf("seed %d: got no live decisions at all", seed)
		}
		if diff := cmp.Diff(want, slim.standing); diff != "" {
			t.Fatalf("seed %d: standing (-refold +live):\n%s", seed, diff)
		}
	}
}

// anyMessage is a decision on one of a few orders, or a dispatch.
func anyMessage(t *testing.T, random *rand.Rand, so *Refold) (subject string, data []byte) {
	t.Helper()
	order := fmt.Sprint("W.", random.IntN(60))
	if random.IntN(3) == 0 {
		d := &event.Dispatch{Channel: "shop", OrderID: order, DispatchID: "d", Status: event.Requested}
		data, err := event.EncodeDispatch(d, tuesday)
		if err != nil {
			t.Fatal(err)
		}
		return event.DispatchSubject("bike", "hub"), data
	}
	d := &event.Decision{Channel: "shop", OrderID: order, Outcome: event.Cancelled, DispatchID: "d", Epoch: "7/h"}
	d.Basis = so.Standing[d.Key()].Sequence
	if random.IntN(4) > 0 {
		d.Outcome, d.Region = event.Dispatched, []string{"town", "port", "hill"}[random.IntN(3)]
		for i := range 1 + random.IntN(2) {
			ends := tuesday.Add(time.Duration(random.IntN(240)-170) * time.Hour)
			d.Claims = append(d.Claims, event.Claim{Slot: fmt.Sprint("slot", i), Units: 1, Limit: 9, Ends: ends.UTC()})
		}
		d.Consignments = []event.Consignment{{Body: event.Body{Claims: d.Claims}}}
		d.Frees = &event.Frees{Region: "town", Seq: d.Basis}
	}
	data, err := event.EncodeDecision(d, tuesday)
	if err != nil {
		t.Fatal(err)
	}
	return event.DecisionSubject(d.Key()), data
}

func TestLiveRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	l := newLive([]string{"town"}, tuesday)
	for subject, data := range map[string]string{
		"decision.v1.shop":   `{}`,
		"decision.v1.shop.1": `{"specversion":"1.0","ends":"2999-`,
	} {
		if err := l.add(9, subject, []byte(data)); err == nil {
			t.Errorf("%s: got no error", subject)
		}
	}
}
