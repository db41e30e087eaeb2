package explore

import "github.com/nearlane/nearlane/lanes"

// A step is one action of one process, up to and with one access to what is
// shared: everything between two accesses concerns nobody else. Each function
// of a process returns the name of the step and the state after it.

// takes begins work on a message.
func (w *world) takes(s state, r, m uint8, redelivered bool) (string, state) {
	p := process{at: learning, message: m, again: redelivered || s.taken[m], fence: s.routers[r].fence, renamed: s.renamed[r]}
	if w.messages[m-1].kind == placed && !p.again {
		p.at = reserving // without reading (R1)
	}
	s.taken[m], s.routers[r] = true, p
	return "takes " + w.messages[m-1].String(), s
}

// step takes a router one step further.
func (w *world) step(s state, r uint8) (string, state) {
	p := &s.routers[r]
	switch p.at {
	case learning:
		return w.learns(s, r)
	case reserving:
		return w.reserves(s, r)
	case basing:
		w.settles(&s, s.on[r], p.order(w), p.basis, p.region, nil)
		p.at = reserving
		return "settles its basis", s
	case committing:
		return w.commits(s, r)
	case refencing:
		return w.refences(s, r)
	case reading:
		p.seen, p.at = s.epochs, looking
		return "reads the epochs", s
	case looking:
		return w.looks(s, r)
	case settling:
		if p.touched != 0 {
			region := lowest(p.touched)
			w.settles(&s, s.on[r], p.order(w), p.basis, region, nil)
			p.touched &^= 1 << region
		}
		if p.touched == 0 {
			s.acked[p.message] = true
			s.routers[r] = process{fence: p.fence}
			return "settles and acks", s
		}
		return "settles", s
	}
	panic("idle")
}

func (p *process) order(w *world) uint8 { return w.messages[p.message-1].order }

// learns reads the last decision and does what it says (R2, R3, R4).
func (w *world) learns(s state, r uint8) (string, state) {
	p := &s.routers[r]
	c := &s.chains[p.order(w)]
	last := c.last()
	p.basis, p.at, p.close, p.place, p.full = c.n, settling, 0, 0, 0
	switch w.messages[p.message-1].kind {
	case placed:
		if last.outcome == 0 || last.outcome == void {
			p.at, p.attempt, p.excluded = reserving, last.attempt, 0
		}
	case cancel:
		if last.outcome != cancelled {
			p.at, p.close = committing, cancelled
		}
	case reject:
		if last.outcome == dispatched && last.dispatch == 1 {
			p.at, p.attempt, p.excluded = reserving, last.attempt+1, last.place
		}
	}
	if p.at == settling {
		w.touches(s, r, last)
	}
	return "reads the last decision", s
}

// touches adds where a known decision has to be settled: where it claims and
// where it frees, and everywhere after a redelivery.
func (w *world) touches(s state, r uint8, d decision) {
	p := &s.routers[r]
	for _, place := range []uint8{d.place, d.freed} {
		if place != 0 {
			p.touched |= 1 << w.regionOf[place]
		}
	}
	if p.again {
		p.touched = w.everywhere()
	}
}

// reserves asks one region after the other (R5).
func (w *world) reserves(s state, r uint8) (string, state) {
	p := &s.routers[r]
	region, asked := w.next(p, r)
	if asked[0] == 0 { // nothing is left
		p.close, p.at = unroutable, committing
		return w.commits(s, r)
	}
	a := w.server.do(call{on: s.memory[s.on[r]], script: reserve, region: region, order: p.order(w), seq: p.basis, offers: asked})
	s.memory[s.on[r]], p.region = a.after, region
	p.touched |= 1 << region
	switch a.status {
	case lanes.Granted, lanes.Existing:
		p.place, p.epoch, p.at = a.place, a.epoch, committing
		if a.status == lanes.Existing && w.byIndex {
			for i, mine := range asked { // the hold's index in this router's own list
				if w.ranks[1-r][i] == a.place && mine != 0 {
					p.place = mine
					break
				}
			}
		}
		return "reserves", s
	case lanes.Full:
		p.full |= 1 << region
		return "finds it full", s
	case lanes.Unsettled:
		p.at = basing
		return "finds its basis unsettled", s
	case lanes.Behind:
		p.at = learning
		return "is behind", s
	}
	s.routers[r] = process{fence: p.fence, out: w.apart} // rebuild: no ack (R6)
	return "finds no epoch", s
}

// next is the best region that was not full, and the places to ask for there.
func (w *world) next(p *process, r uint8) (region uint8, asked [places]uint8) {
	n := 0
	for _, place := range w.ranks[r] {
		place = w.called(place, p.renamed)
		if place == 0 || place == p.excluded || p.full&(1<<w.regionOf[place]) != 0 {
			continue
		}
		if n == 0 {
			region = w.regionOf[place]
		}
		if w.regionOf[place] == region {
			asked[n] = place
			n++
		}
	}
	return region, asked
}

// commits stores the decision and its dispatches, all or none (J1, J3, E5).
func (w *world) commits(s state, r uint8) (string, state) {
	p := &s.routers[r]
	c := &s.chains[p.order(w)]
	d := decision{outcome: p.close, attempt: p.attempt}
	if p.close == 0 {
		d = decision{outcome: dispatched, place: p.place, epoch: p.epoch, dispatch: p.attempt + 1, attempt: p.attempt}
	}
	moved := p.basis != c.n && !w.noCompare
	fenced := d.place != 0 && p.fence != s.fences[r] && !w.noFence
	if moved || fenced {
		p.at = refencing
		return "is refused", s
	}
	w.append(&s, p.order(w), d)
	p.basis, p.at = c.n, settling
	w.touches(s, r, c.last())
	return "commits " + d.outcome.String(), s
}

// append stores a decision, and tells the couriers what follows from it.
func (w *world) append(s *state, order uint8, d decision) {
	c := &s.chains[order]
	last := c.last()
	d.freed = last.place
	if c.n == maxChain {
		s.memory[0] = cut
		return
	}
	c.n++
	c.at[c.n] = d
	if last.outcome == dispatched && d.dispatch != last.dispatch && !(w.plainVoid && d.outcome == void) {
		s.told[order][last.dispatch]--
	}
	if d.outcome == dispatched && (last.outcome != dispatched || last.dispatch != d.dispatch) {
		s.told[order][d.dispatch]++
	}
}

// settles makes decision n of an order final in one region.
func (w *world) settles(s *state, home, order, n, region uint8, by *rebuild) bool {
	d := s.chains[order].at[n]
	c := call{on: s.memory[home], script: settle, region: region, order: order, seq: n}
	if by != nil {
		c.token, c.auditor = by.token, by.auditor
	}
	if d.place != 0 && w.regionOf[d.place] == region {
		c.offers[0], c.epoch = d.place, d.epoch
	}
	r := w.server.do(c)
	s.memory[home] = r.after
	return r.yes
}

func lowest(bits uint8) (i uint8) {
	for bits&1 == 0 {
		bits, i = bits>>1, i+1
	}
	return i
}
