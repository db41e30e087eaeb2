package router

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

// Orders join and leave at random: for every slot, those are chosen who a plain
// list of all orders says wait longest, each once.
func TestThoseWhoWaitLongestAreWoken(t *testing.T) {
	t.Parallel()
	type waiting struct {
		key   event.Key
		slots []string
	}
	r := rand.New(rand.NewPCG(1, 2))
	k := &Waker{waiters: map[event.Key]*waiter{}, queues: map[string]*queue{}}
	var plain []waiting
	for seq := range uint64(5_000) {
		key := event.Key{Channel: "webshop", Order: fmt.Sprint(r.IntN(200))}
		k.leave(key)
		plain = slices.DeleteFunc(plain, func(w waiting) bool { return w.key == key })
		if r.IntN(3) > 0 {
			slots := []string{fmt.Sprint(r.IntN(5)), fmt.Sprint(5 + r.IntN(5))}
			k.join(key, seq, slots)
			plain = append(plain, waiting{key, slots})
		}
		freed := map[string]int64{fmt.Sprint(r.IntN(10)): 1 + r.Int64N(3), fmt.Sprint(r.IntN(10)): 1}
		taken := map[string]int{}
		want := []event.Key{}
		for _, w := range plain {
			wakes := false
			for _, slot := range w.slots {
				if taken[slot] < int(freed[slot])*wakesPerUnit {
					taken[slot]++
					wakes = wakes || freed[slot] > 0
				}
			}
			if wakes {
				want = append(want, w.key)
			}
		}
		if diff := cmp.Diff(want, k.choose(freed)); diff != "" {
			t.Fatalf("freed %v at %d (-want +got):\n%s", freed, seq, diff)
		}
	}
	for _, w := range plain {
		k.leave(w.key)
	}
	if len(k.queues)+len(k.waiters) > 0 {
		t.Errorf("got %d queues and %d waiters after all have left, want none", len(k.queues), len(k.waiters))
	}
}
