package explore

// Two homes: a router stands on one of them, and a journal names the one in
// which a region was rebuilt last (E6).

// homes is how many there are.
func (w *world) homes() uint8 {
	if w.apart {
		return homes
	}
	return 1
}

// refences reads the fence, which with two homes is not adopted yet.
func (w *world) refences(s state, r uint8) (string, state) {
	p := &s.routers[r]
	if !w.apart {
		p.fence, p.at = s.fences[r], learning
		return "reads its fence", s
	}
	p.found, p.at = s.fences[r], reading
	if w.noGlance {
		p.at = looking
	}
	return "reads its fence", s
}

// looks adopts the fence if the home is the one that the epochs name. Else the
// message is left to others, and the router has to enter.
func (w *world) looks(s state, r uint8) (string, state) {
	p := s.routers[r]
	for region := range w.used {
		if w.lost(&s, s.on[r], region, p.seen[region]) && !w.noGlance {
			s.routers[r] = process{fence: p.fence, out: true}
			return "does not find its memory named", s
		}
	}
	p.fence, p.found, p.seen, p.out, p.at = p.found, 0, [regions]record{}, false, idle
	if p.message != 0 {
		p.at = learning
	}
	s.routers[r] = p
	return "adopts the fence", s
}

// enters has a router read its fence for a start. It may come to nothing; if
// only what gets on matters, it must not.
func (w *world) enters(s state, r uint8, first bool) (string, state) {
	for region := range w.used {
		if first && w.lost(&s, s.on[r], region, s.epochs[region]) {
			return "", s
		}
	}
	return w.refences(s, r)
}

// takesOver calls try with every router that is started anew on the other home.
func (w *world) takesOver(s state, try func(who string, what string, next state)) {
	if s.left.moves == 0 {
		return
	}
	for r := range uint8(routers) {
		next := s
		next.left.moves--
		next.on[r] = 1 - s.on[r]
		next.routers[r] = process{out: true}
		try(routerName(r), "is started on the other redis", next)
	}
}
