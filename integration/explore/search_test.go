package explore

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"testing"
)

// cut marks a state that is beyond the bounds of the model.
const cut memory = -1

// world is a scenario with a server, and maybe with a rule taken out.
type world struct {
	scenario
	mutation
	server *server
	used   uint8 // regions, from 0
	seed   maphash.Seed
	quiet  map[uint64]bool // states that are known to come to rest
}

func newWorld(t testing.TB, s scenario, m mutation) *world {
	w := &world{scenario: s, mutation: m, used: 1, seed: maphash.MakeSeed(), quiet: map[uint64]bool{}}
	for _, region := range s.regionOf {
		w.used = max(w.used, region+1)
	}
	w.server = startServer(t, m.scripts)
	w.server.expiring = m.expiring
	return w
}

// hash names a state. Routers that rank alike are alike: which of the two
// stands where makes no other state.
func (w *world) hash(s state) uint64 {
	if w.ranks[0] == w.ranks[1] && w.standing(&s, 0) > w.standing(&s, 1) {
		s.routers[0], s.routers[1] = s.routers[1], s.routers[0]
		s.fences[0], s.fences[1] = s.fences[1], s.fences[0]
		s.renamed[0], s.renamed[1] = s.renamed[1], s.renamed[0]
		s.gone[0], s.gone[1] = s.gone[1], s.gone[0]
		s.on[0], s.on[1] = s.on[1], s.on[0]
	}
	return maphash.Comparable(w.seed, s)
}

// standing names where a router stands.
func (w *world) standing(s *state, r uint8) uint64 {
	type stand struct {
		process
		renamed, gone bool
		on            uint8
	}
	return maphash.Comparable(w.seed, stand{s.routers[r], s.renamed[r], s.gone[r], s.on[r]})
}

func (w *world) everywhere() uint8 { return 1<<w.used - 1 }

// start is the state where everything is at rest and nothing has been asked for.
func (w *world) start() state {
	s := state{left: w.left, on: w.on}
	for region := uint8(0); region < w.used && !w.cold; region++ {
		s.rebuild[0] = rebuild{at: beginning, region: region, token: 1}
		for s.rebuild[0].at != 0 {
			_, s = w.rebuilds(s, 0)
		}
	}
	for r := range s.routers {
		s.routers[r].fence = s.fences[r]
		if w.apart && (w.cold || s.on[r] != 0) {
			s.routers[r] = process{out: true}
		}
	}
	return s
}

// moves calls try with every state that is one step away from s.
func (w *world) moves(s state, try func(who string, what string, next state)) {
	w.steps(s, false, try)
	for r := range uint8(routers) {
		name, p := routerName(r), s.routers[r]
		if p.at != idle && s.left.crashes > 0 {
			next := s
			next.left.crashes--
			next.routers[r] = process{fence: s.fences[r]}
			if w.apart {
				next.routers[r] = process{out: true}
			}
			try(name, "crashes", next)
		}
		if p.at == idle && !p.out && !s.gone[r] && s.left.late > 0 { // AckWait is over and the other still works on it
			if other := s.routers[1-r]; other.message != 0 {
				next := s
				next.left.late--
				what, next := w.takes(next, r, other.message, true)
				try(name, what+" too", next)
			}
		}
	}
	w.renames(s, try)
	w.takesOver(s, try)
	for x := range s.rebuild {
		if s.rebuild[x].at != 0 && s.left.crashes > 0 {
			next := s
			next.left.crashes--
			next.rebuild[x] = rebuild{}
			try(auditorName(x), "crashes in a rebuild", next)
		}
	}
	w.loses(s, try)
}

// loses calls try with every loss of a Redis.
func (w *world) loses(s state, try func(who string, what string, next state)) {
	for home := range w.homes() {
		name := redisName(home)
		if s.left.wipes > 0 {
			next := s
			next.left.wipes--
			next.memory[home] = w.server.wipe()
			try(name, "is wiped", next)
		}
		if s.left.restarts > 0 && !s.rebuilt(home) {
			next := s
			next.left.restarts--
			next.lives[home]++
			next.memory[home] = w.server.restart(s.memory[home])
			try(name, "is restarted", next)
		}
	}
	if w.expiring {
		if m := w.server.expire(s.memory[0]); m != s.memory[0] {
			next := s
			next.memory[0] = m
			try("redis", "lets an open hold expire", next)
		}
	}
}

// rebuilt reports whether an auditor is at work on a home.
func (s *state) rebuilt(home uint8) bool {
	for _, b := range s.rebuild {
		if b.at != 0 && b.home == home {
			return true
		}
	}
	return false
}

// steps calls try with what the processes can do without any mishap, most
// urgent first. Once only the first matters, it stops there.
func (w *world) steps(s state, first bool, try func(who string, what string, next state)) {
	tried := false
	do := func(who string, what string, next state) {
		tried = true
		try(who, what, next)
	}
	for x := range w.homes() { // as many auditors as homes
		if first && tried {
			return
		}
		if s.rebuild[x].at != 0 {
			what, next := w.rebuilds(s, x)
			do(auditorName(int(x)), what, next)
			continue
		}
		sought := s
		if first {
			sought.left.unseen, sought.left.twice = 0, 0
		}
		w.seeks(sought, x, func(what string, next state) {
			if first {
				next.left = s.left
			}
			do(auditorName(int(x)), what, next)
		})
	}
	for home := range w.homes() {
		w.audits(s, home, first, func(who, what string, next state) {
			if !(first && tried) {
				do(who, what, next)
			}
		})
	}
	if s.sweep.at != 0 && !(first && tried) {
		what, next := w.sweeps(s)
		do("auditor", what, next)
	}
	for r := range uint8(routers) {
		if first && tried {
			return
		}
		if s.routers[r].out && s.routers[r].at == idle {
			if what, next := w.enters(s, r, first); what != "" && !s.gone[r] {
				do(routerName(r), what, next)
			}
			continue
		}
		if s.routers[r].at != idle {
			what, next := w.step(s, r)
			do(routerName(r), what, next)
			continue
		}
		if s.gone[r] {
			continue
		}
		for m := uint8(1); int(m) <= len(w.messages) && !(first && tried); m++ {
			if w.waits(&s, m) {
				what, next := w.takes(s, r, m, false)
				do(routerName(r), what, next)
			}
		}
	}
	if s.sweep.at != 0 || w.noVoid {
		return
	}
	for home := range w.homes() {
		if home != s.home() && (first || !w.astray) {
			continue
		}
		for region := range w.used {
			for o := range uint8(orders) {
				if w.server.views[s.memory[home]].holds[region][o].Listed && !(first && tried) {
					what, next := w.sees(s, home, region, o)
					do("auditor", what, next)
				}
			}
		}
	}
}

// audits calls try with what A1 can do on a home. Only what is done where the
// journal says that it counts gets anything on.
func (w *world) audits(s state, home uint8, first bool, try func(who string, what string, next state)) {
	if w.noCursor || home != s.home() && (first || !w.astray) {
		return
	}
	for o := range uint8(orders) {
		for n := s.chains[o].n; n > 0; n-- {
			for region := range w.used {
				if next, ok := w.follows(s, home, o, n, region); ok {
					try("auditor", fmt.Sprintf("settles decision %d of %s", n, orderName(o)), next)
				}
			}
		}
	}
}

// waits reports whether a message is there, unacked and in nobody's hands.
func (w *world) waits(s *state, m uint8) bool {
	if s.acked[m] || s.routers[0].message == m || s.routers[1].message == m {
		return false
	}
	x := w.messages[m-1]
	return x.kind != reject || s.taken[m] || s.told[x.order][1] == 1
}

// broken says which promise a state breaks, if any.
func (w *world) broken(s *state) string {
	for _, m := range s.memory {
		if v := &w.server.views[m]; v.broken != "" {
			return v.broken
		}
	}
	var taken [places + 1]uint8
	for o := range s.chains {
		last := s.chains[o].last()
		taken[w.physical(last.place)]++
		live := uint8(0)
		for d, n := range s.told[o] {
			if n > 1 {
				return fmt.Sprintf("couriers were told %d times net of dispatch %d of order %s", int8(n), d, orderName(uint8(o)))
			}
			if live += n; n == 1 && (last.outcome != dispatched || last.dispatch != uint8(d)) {
				return fmt.Sprintf("dispatch %d of order %s is live, and its last decision is %s", d, orderName(uint8(o)), last.outcome)
			}
		}
		if last.outcome == dispatched && live != 1 {
			return fmt.Sprintf("order %s has %d live dispatches", orderName(uint8(o)), live)
		}
	}
	for p := 1; p <= places; p++ {
		if taken[p] > 1 {
			return fmt.Sprintf("place %d is oversold", p)
		}
	}
	return ""
}

// unrest says what is wrong with a state in which nobody has anything to do.
func (w *world) unrest(s *state) string {
	v := &w.server.views[s.memory[s.home()]]
	for m := range w.messages {
		if x := w.messages[m]; !s.acked[m+1] && (x.kind != reject || s.taken[m+1]) {
			return fmt.Sprintf("%s is never acked", x)
		}
	}
	var want [places + 1]uint8
	for o := range s.chains {
		last := s.chains[o].last()
		if last.outcome == 0 || last.outcome == void {
			return fmt.Sprintf("order %s is never decided", orderName(uint8(o)))
		}
		if last.place != 0 {
			want[last.place]++
		}
	}
	if v.counts != want {
		return fmt.Sprintf("counters say %v, the journal %v", v.counts[1:], want[1:])
	}
	return ""
}

// rests follows the processes without any further mishap, until nothing is
// left to do. It returns what is wrong then, or that there is no end.
func (w *world) rests(s state) string {
	var passed []uint64
	seen := map[uint64]bool{}
	for {
		h := w.hash(s)
		if w.quiet[h] {
			break
		}
		if seen[h] {
			return "it never comes to rest"
		}
		seen[h] = true
		passed = append(passed, h)
		moved, next := false, s
		w.steps(s, true, func(_, _ string, n state) {
			if !moved {
				moved, next = true, n
			}
		})
		if !moved {
			if wrong := w.unrest(&s); wrong != "" {
				return "at rest, " + wrong
			}
			break
		}
		if s = next; s.memory[0] == cut {
			break
		}
		if wrong := w.broken(&s); wrong != "" {
			return wrong
		}
	}
	for _, h := range passed {
		w.quiet[h] = true
	}
	return ""
}

// edge is how a state was first reached.
type edge struct {
	from      uint64
	who, what string
}

// found is what a search came to.
type found struct {
	states, cut int
	depth       int    // all interleavings of so many steps were visited
	complete    bool   // there are no more
	wrong       string // what is broken; "": nothing
	trace       []string
}

// search visits every state within depth steps of the first, breadth first, and stops at
// the first that is broken or does not come to rest, or after most states.
func (w *world) search(first state, depth, most int) (f found) {
	reached := map[uint64]edge{w.hash(first): {}}
	level := []state{first}
	for ; len(level) > 0 && f.depth < depth && len(reached) < most; f.depth++ {
		if f.depth >= 20 && f.depth%5 == 0 {
			w.server.Logf("depth %d: %d states, %d of them new", f.depth, len(reached), len(level))
		}
		var nextLevel []state
		for _, s := range level {
			from := w.hash(s)
			w.moves(s, func(who, what string, next state) {
				if f.wrong != "" {
					return
				}
				if next.memory[0] == cut {
					f.cut++
					return
				}
				h := w.hash(next)
				if _, ok := reached[h]; ok {
					return
				}
				reached[h] = edge{from, who, what}
				f.wrong = w.broken(&next)
				if f.wrong == "" {
					f.wrong = w.rests(next)
				}
				if f.wrong != "" {
					f.trace = trace(reached, h)
				}
				nextLevel = append(nextLevel, next)
			})
			if f.wrong != "" {
				f.states = len(reached)
				return f
			}
		}
		level = nextLevel
	}
	f.states, f.complete = len(reached), len(level) == 0
	return f
}

func trace(reached map[uint64]edge, h uint64) (steps []string) {
	for e := reached[h]; e.who != ""; e = reached[e.from] {
		steps = append(steps, e.who+" "+e.what)
	}
	slices.Reverse(steps)
	return steps
}

func (f found) String() string {
	return fmt.Sprintf("%s, after\n  %s", f.wrong, strings.Join(f.trace, "\n  "))
}

func routerName(r uint8) string { return fmt.Sprintf("router %d", r+1) }

func auditorName(x int) string {
	if x == 0 {
		return "auditor"
	}
	return "another auditor"
}

func redisName(home uint8) string {
	if home == 0 {
		return "redis"
	}
	return "the other redis"
}

func (o outcome) String() string {
	return [...]string{"nothing", "dispatched", "unroutable", "cancelled", "void"}[o]
}

func (m message) String() string {
	return [...]string{"", "the order", "the cancellation of", "the rejection of"}[m.kind] + " " + orderName(m.order)
}
