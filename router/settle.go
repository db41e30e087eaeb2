package router

import (
	"context"
	"fmt"

	"github.com/nearlane/nearlane/lanes"
)

// settle makes every known decision final in the regions it touches: all calls
// in one pipeline. An order whose settle is not answered is not acked.
func (b *batch) settle(ctx context.Context) {
	var calls []lanes.Settlement
	var owner []*work
	for _, w := range b.works {
		if w.stage != decided {
			continue
		}
		for _, region := range b.regions(w) {
			calls, owner = append(calls, StandingOf(w.last).settlement(w.key, region)), append(owner, w)
		}
	}
	if len(calls) == 0 {
		return
	}
	for i, err := range b.Ledger.Settle(ctx, calls) {
		if err != nil {
			b.later(fmt.Errorf("settle order %s in region %s: %w", owner[i].key, calls[i].Region, err), owner[i])
		}
	}
}

// regions lists where the order's last decision has to be settled: where it
// claims, where it frees, and where a hold of this router may lie. Which
// regions an earlier delivery tried is not known, so a redelivered order is
// settled in all of them.
func (b *batch) regions(w *work) []string {
	d := w.last.Decision
	if d == nil { // due, and never stored
		return w.touched
	}
	if d.Region != "" {
		w.touch(d.Region)
	}
	if d.Frees != nil {
		w.touch(d.Frees.Region)
	}
	if w.in.Redelivered {
		for _, id := range b.net.Regions() {
			w.touch(id)
		}
	}
	return w.touched
}
