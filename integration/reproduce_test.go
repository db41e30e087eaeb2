package integration

import (
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router/reproduce"
)

// checkReproduced makes every decision that a plan on the world's network led
// to anew from its order and from what it says of capacity: it has to come out
// the same to the letter, whatever crashed and however often it was repeated.
func (w *world) checkReproduced(key event.Key, s *said, a *account) {
	w.Helper()
	var before *event.Decision
	for _, rec := range a.decisions[key] {
		d := rec.Decision
		o := s.placed[d.OrderSequence]
		if o != nil && d.ConfigRevision == w.net.Revision && reproduce.NotPlanned(d, before) == "" {
			got := reproduce.Decision(w.net, reproduce.Case{Order: o, Stored: d, Before: before, WrittenAt: a.written[rec.Sequence]})
			for _, diff := range got.Differences {
				w.Errorf("decision %d on order %s, made anew, differs in %s: then %q, now %q", rec.Sequence, key, diff.Field, diff.Then, diff.Now)
			}
			w.reproduced++
		}
		before = d
	}
}
