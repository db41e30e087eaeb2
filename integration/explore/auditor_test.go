package explore

// rebuilds takes the auditor one step further on E2 to E4.
func (w *world) rebuilds(s state) (string, state) {
	b := &s.rebuild
	switch b.at {
	case 0:
		return w.begins(s)
	case raising:
		if w.readFirst { // a rule taken out: fences are raised before the journal is read (E2)
			b.at = reading
			w.reads(&s)
			return "reads the journal", s
		}
		w.raises(&s)
		b.at = reading
		return "raises epoch and fences", s
	case reading:
		if w.readFirst {
			w.raises(&s)
			b.at = restoring
			return "raises epoch and fences", s
		}
		w.reads(&s)
		b.at = restoring
		return "reads the journal", s
	case finalisation:
		r := w.server.do(call{on: s.memory, script: end, region: b.region, seq: b.epoch, token: b.token})
		s.memory, s.rebuild = r.after, rebuild{}
		if w.overwriting {
			s.memory = w.server.overwrite(s.memory, b.region)
		}
		return "ends the rebuild", s
	}
	return w.restores(s)
}

// begins takes the epoch of a region away that has lost it (E2).
func (w *world) begins(s state) (string, state) {
	for region := range w.used {
		if w.server.views[s.memory].epochs[region] != 0 {
			continue
		}
		token := s.epochs[region] + 1
		r := w.server.do(call{on: s.memory, script: begin, region: region, token: token})
		s.memory = r.after
		if r.yes {
			s.rebuild = rebuild{at: raising, region: region, token: token}
		}
		return "begins a rebuild", s
	}
	return "", s
}

func (w *world) raises(s *state) {
	s.epochs[s.rebuild.region]++
	s.rebuild.epoch = s.epochs[s.rebuild.region]
	for r := range s.fences {
		s.fences[r]++
	}
}

func (w *world) reads(s *state) {
	for o := range s.chains {
		s.rebuild.read[o] = s.chains[o].n
	}
}

// restores settles the last decision of an order, as read, if it claims in the
// region or holds anything there (E3).
func (w *world) restores(s state) (string, state) {
	b := &s.rebuild
	order := b.at - restoring
	b.at++
	n := b.read[order]
	d := s.chains[order].at[n]
	h := w.server.views[s.memory].holds[b.region][order]
	claims := d.place != 0 && w.regionOf[d.place] == b.region
	if n > 0 && (claims || h.Live != nil || h.Open != nil) {
		if !w.settles(&s, order, n, b.region, b.token) {
			s.rebuild = rebuild{} // the token is gone: from the start
		}
	}
	return "restores an order", s
}

// follows settles decision n of an order in one region (A1). The cursor of the
// auditors is left out: they may settle any decision, at any time and again.
// That is more than a cursor allows, in fewer states. It reports false if
// nothing comes of it.
func (w *world) follows(s state, order, n, region uint8) (state, bool) {
	d := s.chains[order].at[n]
	concerns := func(place uint8) bool { return place != 0 && w.regionOf[place] == region }
	if !concerns(d.place) && !concerns(d.freed) {
		return s, false
	}
	before := s.memory
	w.settles(&s, order, n, region, 0)
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
		r := w.server.do(call{on: s.memory, script: clearMark, region: x.region, order: x.order, seq: x.read})
		s.memory, s.sweep = r.after, sweep{}
		return "clears a mark", s
	}
	if !x.open || x.read > x.basis {
		if x.read > 0 {
			w.settles(&s, x.order, x.read, x.region, 0)
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
func (w *world) sees(s state, region, order uint8) (string, state) {
	h := w.server.views[s.memory].holds[region][order]
	s.sweep = sweep{at: 1, region: region, order: order, open: h.Open != nil}
	if h.Open != nil {
		s.sweep.basis = uint8(h.Open.Basis)
	}
	return "sees a listed order", s
}
