package explore

// follows settles decision n of an order in one region of a home (A1). The cursor of the
// auditors is left out: they may settle any decision, at any time and again.
// That is more than a cursor allows, in fewer states. It reports false if
// nothing comes of it.
func (w *world) follows(s state, home, order, n, region uint8) (state, bool) {
	d := s.chains[order].at[n]
	concerns := func(place uint8) bool { return place != 0 && w.regionOf[place] == region }
	if !concerns(d.place) && !concerns(d.freed) {
		return s, false
	}
	before := s.memory
	w.settles(&s, home, order, n, region, nil)
	return s, s.memory != before
}

// sweeps takes the auditor one step further on A2.
func (w *world) sweeps(s state) (string, state) {
	x := &s.sweep
	c := &s.chains[x.order]
	if x.at == 1 {
		x.at, x.read = 2, c.n
		return "reads the last decision of a listed order", s
	}
	if x.at == 3 {
		r := w.server.do(call{on: s.memory[x.home], script: clearMark, region: x.region, order: x.order, seq: x.read})
		s.memory[x.home], s.sweep = r.after, sweep{}
		return "clears a mark", s
	}
	if !x.open || x.read > x.basis {
		if x.read > 0 {
			w.settles(&s, x.home, x.order, x.read, x.region, nil)
		}
		x.at = 3
		return "settles a listed order", s
	}
	if c.n != x.read {
		s.sweep = sweep{}
		return "is refused", s
	}
	d, name := decision{outcome: void, attempt: c.last().attempt}, "voids"
	if last := c.last(); !w.plainVoid && last.outcome != 0 && last.outcome != void {
		d, name = last, "renews"
	}
	w.append(&s, x.order, d)
	x.read = c.n // what it settles next is its own
	return name, s
}

// sees begins to sweep an order that is listed in a region.
func (w *world) sees(s state, home, region, order uint8) (string, state) {
	h := w.server.views[s.memory[home]].holds[region][order]
	s.sweep = sweep{at: 1, home: home, region: region, order: order, open: h.Open != nil}
	if h.Open != nil {
		s.sweep.basis = uint8(h.Open.Basis)
	}
	return "sees a listed order", s
}
