package explore

// called is what a config calls a place: the second name of the first place, if
// it has been renamed and its first name was not kept.
func (w *world) called(place uint8, renamed bool) uint8 {
	if renamed && place != 0 && (w.renamed == anotherName || w.forgetsName) {
		return 2
	}
	return place
}

// physical is the place behind a name.
func (w *world) physical(place uint8) uint8 {
	if w.renamed != 0 && place == 2 {
		return 1
	}
	return place
}

// renames calls try with every router that takes the config, that stops, or that
// starts again with it. A start is judged as any other change.
func (w *world) renames(s state, try func(who string, what string, next state)) {
	if w.renamed == 0 {
		return
	}
	for r := range uint8(routers) {
		idles := s.routers[r].at == idle
		if !s.renamed[r] && w.admits(&s, r) {
			next := s
			what := "takes the config"
			if s.gone[r] {
				what = "starts with the config"
			}
			next.renamed[r], next.gone[r] = true, false
			try(routerName(r), what, next)
		}
		if s.left.stops > 0 && idles && !s.gone[r] && !s.renamed[r] && !s.gone[1-r] {
			next := s
			next.left.stops--
			next.gone[r] = true
			try(routerName(r), "stops", next)
		}
	}
}

// admits reports whether a router takes a config (C1 to C5): a place that keeps
// its first name hides nothing, and any other must have nothing to hide.
func (w *world) admits(s *state, r uint8) bool {
	if w.renamed == keepsName { // C1
		return true
	}
	for o := range s.chains { // C2
		if s.chains[o].last().place == 1 && !w.noLook {
			return false
		}
	}
	for _, holds := range w.server.views[s.memory[0]].holds { // C3
		for _, h := range holds {
			if h.Open != nil && placeOf(h.Open.Claims) == 1 && !w.noAttempts {
				return false
			}
		}
	}
	if s.routers[r].at != idle && !w.noRest { // C4
		return false
	}
	return s.renamed[1-r] || s.gone[1-r] || w.noOthers // C5
}
