package explore

// A rebuild is one auditor at work on E2 to E4, and with two homes on E6: then
// it looks first, and takes open parts back, stores the epoch and raises the
// fences one after the other. With one home nothing comes in between that
// would tell these from one step.

// rebuilds takes an auditor one step further.
func (w *world) rebuilds(s state, x uint8) (string, state) {
	b := &s.rebuild[x]
	switch b.at {
	case beginning:
		return w.begins(s, x)
	case dropping:
		if !w.noDrop {
			w.does(&s, call{script: drop, region: b.region, token: b.token, epoch: b.past}, b)
		}
		b.at = storing
		return "takes old open parts back", s
	case storing:
		return w.stores(s, x)
	case raising:
		return w.raises(s, x)
	case rereading:
		if w.readFirst {
			w.raise(&s, b)
			b.at = restoring
			return "raises epoch and fences", s
		}
		w.reads(&s, b)
		b.at = restoring
		return "reads the journal", s
	case finalisation:
		return w.ends(s, x)
	}
	return w.restores(s, x)
}

// does makes a call of a rebuild.
func (w *world) does(s *state, c call, b *rebuild) bool {
	c.on, c.auditor = s.memory[b.home], b.auditor
	r := w.server.do(c)
	s.memory[b.home] = r.after
	return r.yes
}

// memoryOf is the life of a home, as records name it; 0 is none.
func (s *state) memoryOf(home uint8) uint8 { return 1 + home + s.lives[home]<<4 }

// homeOf is the home whose memory a record names.
func (r record) homeOf() uint8 {
	if r.in == 0 {
		return 0
	}
	return (r.in - 1) & 0xf
}

// home is where the journal says that the first region is counted.
func (s *state) home() uint8 { return s.epochs[0].homeOf() }

// lost reports whether a region has to be rebuilt in a home before anything is
// reserved there, with the record as it was read.
func (w *world) lost(s *state, home, region uint8, last record) bool {
	here := w.server.views[s.memory[home]].epochs[region]
	return here == 0 || last.in != s.memoryOf(home) && here < last.epoch
}

// seeks calls try with every rebuild that an auditor may begin, with what it
// costs of the budget. Whoever runs on the other home keeps the regions there,
// unless it is not seen; two rebuild the same if neither was there first.
func (w *world) seeks(s state, x uint8, try func(what string, next state)) {
	for home := range w.homes() {
		for region := range w.used {
			next := s
			if !w.lost(&s, home, region, s.epochs[region]) {
				continue
			}
			if o := s.rebuild[1-x]; o.at != 0 && o.home == home && o.region == region {
				if s.left.twice == 0 {
					continue
				}
				next.left.twice--
			}
			if w.apart && s.epochs[region].homeOf() != home || s.epochs[region].in == 0 {
				ours, theirs := s.peopled(home), s.peopled(1-home)
				atOnce := s.epochs[region].in == 0 && home == s.on[0] // of two that start at once, one does first
				if !ours || theirs && !atOnce && s.left.unseen == 0 {
					continue
				}
				if theirs && !atOnce {
					next.left.unseen--
				}
			}
			b := rebuild{at: beginning, home: home, region: region, auditor: x, token: s.epochs[region].epoch + 1, looked: s.epochs[region].epoch}
			if s.epochs[region].in != s.memoryOf(home) {
				b.past = b.looked
			}
			next.rebuild[x] = b
			if w.apart {
				try("looks at "+redisName(home), next)
				continue
			}
			try(w.begins(next, x))
		}
	}
}

// peopled reports whether a router runs on a home.
func (s *state) peopled(home uint8) bool {
	return s.on[0] == home && !s.gone[0] || s.on[1] == home && !s.gone[1]
}

// begins takes the epoch of a region away (E2).
func (w *world) begins(s state, x uint8) (string, state) {
	b := &s.rebuild[x]
	if !w.does(&s, call{script: begin, region: b.region, token: b.token, epoch: b.past}, b) {
		s.rebuild[x] = rebuild{}
	} else if b.at = raising; w.apart {
		b.at = dropping
	} else if b.past > 0 {
		w.does(&s, call{script: drop, region: b.region, token: b.token, epoch: b.past}, b)
	}
	return "begins a rebuild", s
}

// stores stores the epoch, if it follows the one that was looked at (E6).
func (w *world) stores(s state, x uint8) (string, state) {
	b := &s.rebuild[x]
	if w.fencesFirst {
		w.bump(&s)
		b.at = raising
		return "raises the fences", s
	}
	if !w.store(&s, b) {
		return "is refused", s
	}
	b.at = raising
	return "stores the epoch", s
}

// raises raises the fences once the epoch is stored; with one home, both are
// one step.
func (w *world) raises(s state, x uint8) (string, state) {
	b := &s.rebuild[x]
	switch {
	case w.readFirst: // a rule taken out: fences are raised before the journal is read (E2)
		b.at = rereading
		w.reads(&s, b)
		return "reads the journal", s
	case !w.apart:
		w.raise(&s, b)
		b.at = rereading
		return "raises epoch and fences", s
	case w.fencesFirst:
		if !w.store(&s, b) {
			return "is refused", s
		}
		b.at = rereading
		return "stores the epoch", s
	}
	w.bump(&s)
	b.at = rereading
	return "raises the fences", s
}

func (w *world) raise(s *state, b *rebuild) {
	w.store(s, b)
	w.bump(s)
}

func (w *world) store(s *state, b *rebuild) bool {
	last := &s.epochs[b.region]
	if last.epoch != b.looked && !w.noFollow {
		*b = rebuild{}
		return false
	}
	b.epoch = last.epoch + 1
	*last = record{epoch: b.epoch, in: s.memoryOf(b.home)}
	return true
}

func (w *world) bump(s *state) {
	for r := range s.fences {
		s.fences[r]++
	}
}

func (w *world) reads(s *state, b *rebuild) {
	for o := range s.chains {
		b.read[o] = s.chains[o].n
	}
}

// restores settles the last decision of an order, as read, if it claims in the
// region or holds anything there (E3).
func (w *world) restores(s state, x uint8) (string, state) {
	b := &s.rebuild[x]
	order := b.at - restoring
	b.at++
	n := b.read[order]
	d := s.chains[order].at[n]
	h := w.server.views[s.memory[b.home]].holds[b.region][order]
	claims := d.place != 0 && w.regionOf[d.place] == b.region
	if n > 0 && (claims || h.Live != nil || h.Open != nil) {
		if !w.settles(&s, b.home, order, n, b.region, b) {
			s.rebuild[x] = rebuild{} // the token is gone: from the start
		}
	}
	return "restores an order", s
}

// ends writes the epoch (E4).
func (w *world) ends(s state, x uint8) (string, state) {
	b := s.rebuild[x]
	w.does(&s, call{script: end, region: b.region, seq: b.epoch, token: b.token}, &b)
	s.rebuild[x] = rebuild{}
	if w.overwriting {
		s.memory[b.home] = w.server.overwrite(s.memory[b.home], b.region)
	}
	return "ends the rebuild", s
}
