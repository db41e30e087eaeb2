package explore

import (
	"strings"
	"testing"

	"github.com/nearlane/nearlane/lanes"
)

// How earlier, plausible versions of the protocol broke, step by step. Each
// schedule is sound as the rules stand, and not without the rule that guards
// it. V1 to V6, V10 and V12, which need more than one step of a real router,
// are in package integration.

// V7: a refold overwrote the counters while a commit was in flight, and what
// that order held was counted nowhere (E3, S3).
func TestV7RefoldMergesWithWhatIsInFlight(t *testing.T) {
	t.Parallel()
	guarded(t, "restarted", "rebuild overwrites counters (E3, V7)",
		"router 1 takes the order shop/A",
		"router 1 reserves",
		"redis is restarted",
		"auditor begins a rebuild",
		"auditor raises epoch and fences",
		"auditor reads the journal",
		"auditor restores an order",
		"auditor restores an order",
		"auditor ends the rebuild",
		"router 2 takes the order shop/B",
		"router 2 finds it full",
		"router 1 is refused", // by the fence
		"router 1 reads its fence",
		"router 1 reads the last decision",
		"router 1 reserves",
		"router 1 commits dispatched",
	)
}

// V8: Redis was wiped again during the refold, and the epoch written on an
// empty Redis: the place of a live decision was given away (E2, E4).
func TestV8EpochIsNotWrittenOnAnEmptyRedis(t *testing.T) {
	t.Parallel()
	guarded(t, "wiped again", "ending without the token (E4, V8)",
		"router 1 takes the order shop/A",
		"router 1 reserves",
		"router 1 commits dispatched",
		"auditor settles decision 1 of shop/A",
		"router 1 settles and acks",
		"redis is wiped",
		"auditor begins a rebuild",
		"auditor raises epoch and fences",
		"auditor reads the journal",
		"auditor restores an order",
		"auditor restores an order",
		"redis is wiped",
		"auditor ends the rebuild",
		"router 2 takes the order shop/B",
		"router 2 finds no epoch",
		"or else: router 2 reserves",
		"or else: router 2 commits dispatched",
	)
}

// V9: the hold was found by its index in a list that a config change had
// ranked anew: what was committed was not what was held (S2).
func TestV9BodyIsCommittedNotIndex(t *testing.T) {
	t.Parallel()
	guarded(t, "config changed", "index instead of body (S2, V9)",
		"router 1 takes the order shop/A",
		"router 1 reserves", // place 1, its first
		"router 1 crashes",
		"router 2 takes the order shop/A",
		"router 2 reads the last decision",
		"router 2 reserves", // its first is place 2
		"router 2 commits dispatched",
		"router 1 takes the order shop/B",
		"router 1 reserves",
		"router 1 commits dispatched",
	)
}

// V11: an open hold expired, its counter stayed, and the late settle counted
// it a second time (S4).
func TestV11OpenHoldDoesNotExpire(t *testing.T) {
	t.Parallel()
	guarded(t, "a crash and a wipe", "expiry on open holds (S4, V11)",
		"router 1 takes the order shop/A",
		"router 1 reserves",
		"redis lets an open hold expire", // does nothing
		"router 1 commits dispatched",
		"router 1 settles and acks",
	)
}

// The unnumbered row of S3: after a wipe, another copy of the router makes the
// same hold, (order, basis), again. That a settle finds its own hold proves
// nothing; it has to be verified, because its epoch is not the region's.
func TestOwnHoldDoesNotProveTheGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t, named(t, "wiped again"), mutation{})
	s := w.start()
	first := w.server.do(call{on: s.memory[0], script: reserve, offers: [places]uint8{1}})
	s.memory[0] = w.server.wipe()
	w.seeks(s, 0, func(_ string, next state) { s = next })
	for s.rebuild[0].at != 0 {
		_, s = w.rebuilds(s, 0)
	}
	again := w.server.do(call{on: s.memory[0], script: reserve, offers: [places]uint8{1}})
	if first.status != lanes.Granted || again.status != lanes.Granted || first.epoch == again.epoch {
		t.Fatalf("got %+v and %+v, want granted twice, under two epochs", first, again)
	}
	for _, tt := range []struct {
		epoch  uint8
		marked bool
	}{{first.epoch, true}, {again.epoch, false}} {
		r := w.server.do(call{on: again.after, script: settle, seq: 1, epoch: tt.epoch, offers: [places]uint8{1}})
		h := w.server.views[r.after].holds[0][0]
		if h.Open != nil || h.Live == nil || h.Listed != tt.marked {
			t.Errorf("granted under epoch %d: got %+v, want a live part, listed: %t", tt.epoch, h, tt.marked)
		}
	}
}

// guarded plays a schedule as the rules stand, and with one taken out.
func guarded(t *testing.T, scenario, rule string, schedule ...string) {
	t.Helper()
	if wrong := newWorld(t, named(t, scenario), mutation{}).play(t, true, schedule); wrong != "" {
		t.Errorf("got %s", wrong)
	}
	for _, m := range mutations {
		if m.name == rule {
			wrong := newWorld(t, named(t, scenario), m).play(t, false, schedule)
			if wrong == "" {
				t.Errorf("without the rule: got nothing wrong in %s", rule)
			}
			t.Logf("%s: %s", rule, wrong)
			return
		}
	}
	t.Fatalf("no mutation %q", rule)
}

// play takes the steps of a schedule and says what is broken on the way, or
// once everybody has come to rest. Without a rule, processes go another way: a
// step that is not there is left out then, and steps after "or else" are taken.
func (w *world) play(t *testing.T, strict bool, schedule []string) string {
	t.Helper()
	s := w.start()
	for _, step := range schedule {
		step, otherwise := strings.CutPrefix(step, "or else: ")
		if otherwise && strict {
			continue
		}
		found, next := step == "redis lets an open hold expire" && strict, s
		w.moves(s, func(who, what string, n state) {
			if !found && who+" "+what == step {
				found, next = true, n
			}
		})
		if !found && strict {
			w.moves(s, func(who, what string, _ state) { t.Logf("possible: %s %s", who, what) })
			t.Fatalf("no step %q", step)
		}
		s = next
		if wrong := w.broken(&s); wrong != "" {
			return wrong + ", after: " + step
		}
	}
	return w.rests(s)
}

// follow takes the steps of a schedule.
func (w *world) follow(schedule []string) state {
	w.server.Helper()
	s := w.start()
	for _, step := range schedule {
		found, next := false, s
		w.moves(s, func(who, what string, n state) {
			if !found && who+" "+what == step {
				found, next = true, n
			}
		})
		if !found {
			w.moves(s, func(who, what string, _ state) { w.server.Logf("possible: %s %s", who, what) })
			w.server.Fatalf("no step %q", step)
		}
		s = next
	}
	return s
}
