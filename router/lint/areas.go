package lint

import (
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
)

// maxGap is how many cells a gap has at most. What is wider is a lake or a
// neighbouring town, and nobody's mistake.
const maxGap = 500

// area is everywhere that a level is served.
type area struct {
	ways    []way
	sets    []geo.Set // what each way serves
	cells   geo.Set
	drawn   geo.Set // cells, and what minus leaves out on purpose
	unbound bool    // some lanes serve countries or postcodes, and nobody knows where these are
	country bool    // some lanes serve whole countries
}

// areas reports gaps in what a level serves, places that it serves in name
// only, and places that have nothing to fall back to.
func (l *linter) areas() {
	all := map[string]*area{}
	for i := range l.c.Levels {
		all[l.c.Levels[i].ID] = l.area(&l.c.Levels[i])
	}
	for i := range l.c.Levels {
		v := &l.c.Levels[i]
		a := all[v.ID]
		if !a.country {
			l.gaps(v, a)
			l.inName(v, a)
		}
		if back := all[v.Fallback]; back != nil && !back.unbound && len(back.ways) > 0 {
			l.beyond(v, a, back)
		}
	}
}

func (l *linter) area(v *config.Level) *area {
	a := &area{}
	var drawn []geo.Set
	for i := range l.c.Sites {
		s := &l.c.Sites[i]
		for j := range s.Lanes {
			n := &s.Lanes[j]
			if !slices.Contains(n.Levels, v.ID) {
				continue
			}
			a.country = a.country || len(n.Area.Countries) > 0
			a.unbound = a.unbound || len(n.Area.Countries)+len(n.Area.Postcodes) > 0
			a.ways = append(a.ways, way{site: s, lane: n, level: v})
			a.sets = append(a.sets, served(n))
			drawn = append(drawn, n.Area.Cells)
			if n.Area.Minus != nil {
				drawn = append(drawn, n.Area.Minus.Cells)
			}
		}
	}
	a.cells, a.drawn = geo.Union(a.sets...), geo.Union(drawn...)
	return a
}

// gaps reports, lane by lane, the holes around which lanes of a level serve
// everything. What a minus takes out is meant.
func (l *linter) gaps(v *config.Level, a *area) {
	type holes struct {
		n     int
		cells uint64
		at    geo.Cell // in the largest
		most  uint64
	}
	found := a.drawn.Gaps(maxGap)
	owners := a.owners(found)
	around := map[int]*holes{}
	for _, gap := range found {
		i := beside(gap, owners)
		if i < 0 {
			continue
		}
		h := around[i]
		if h == nil {
			h = &holes{}
			around[i] = h
		}
		size := gap.Count()
		h.n++
		h.cells += size
		if size > h.most {
			h.most, h.at = size, middle(gap)
		}
	}
	for i, w := range a.ways {
		if h := around[i]; h != nil {
			l.report(l.catchmentPath(w.site, w.lane), Gap, "widen a catchment around it, or take it out by minus to say that it is meant",
				"in the middle of what %s serves, no lane serves %s in %s, such as %s", v.ID, count(h.cells, "cell"), count(h.n, "place"), place(h.at))
		}
	}
}

// owners are the ways that serve the cells around gaps; of several, one.
func (a *area) owners(gaps []geo.Set) map[geo.Cell]int {
	if len(gaps) == 0 {
		return nil
	}
	var ring []geo.Cell
	for _, gap := range gaps {
		for c := range gap.All() {
			ring = append(ring, c.Neighbours()...)
		}
	}
	res := gaps[0].Resolution()
	around, err := geo.NewSet(res, ring...)
	if err != nil {
		return nil
	}
	owners := map[geo.Cell]int{}
	geo.Overlaps(append([]geo.Set{around}, a.sets...), func(first, i int, common geo.Cell) {
		if first != 0 {
			return
		}
		set, _ := geo.NewSet(res, common)
		for c := range set.All() {
			if owner, known := owners[c]; !known || i-1 < owner {
				owners[c] = i - 1
			}
		}
	})
	return owners
}

// beside is the first way that serves a neighbour of a gap; -1: none, where
// minus takes those out, too.
func beside(gap geo.Set, owners map[geo.Cell]int) int {
	first := -1
	for c := range gap.All() {
		for _, n := range c.Neighbours() {
			if i, served := owners[n]; served && (first < 0 || i < first) {
				first = i
			}
		}
	}
	return first
}

// inName reports the cells of lanes that no order of a level can go by, where
// no other lane of the level serves.
func (l *linter) inName(v *config.Level, a *area) {
	var kept []geo.Set
	for i, w := range a.ways {
		if !l.never[laneLevel{w.lane, v.ID}] {
			kept = append(kept, a.sets[i])
		}
	}
	if len(kept) == len(a.ways) {
		return
	}
	all := geo.Union(kept...)
	for i, w := range a.ways {
		if !l.never[laneLevel{w.lane, v.ID}] {
			continue
		}
		if rest := a.sets[i].Without(all); !rest.Empty() {
			l.report(l.catchmentPath(w.site, w.lane), NeverServed, "mend the lane, or let another one of "+v.ID+" serve them",
				"nothing of %s ever reaches %s of %s in time, such as %s: no other lane of the level serves there",
				v.ID, count(rest.Count(), "cell"), w.name(), place(middle(rest)))
		}
	}
}

// beyond reports a level that serves where its fallback does not.
func (l *linter) beyond(v *config.Level, a, back *area) {
	rest := a.cells.Without(back.cells)
	if rest.Empty() {
		return
	}
	l.report("$.serviceLevels."+v.ID+".fallback", FallbackGap, "widen the catchments of "+v.Fallback+", if that is not meant",
		"%s of what %s serves have nothing to fall back to: no lane of %s serves them; one is %s",
		count(rest.Count(), "cell"), v.ID, v.Fallback, place(middle(rest)))
}

// middle is a cell about half way through a set.
func middle(s geo.Set) geo.Cell {
	list := s.Compact()
	c := list[len(list)/2]
	only, err := geo.NewSet(s.Resolution(), c)
	if err != nil {
		return c
	}
	for first := range only.All() {
		return first
	}
	return c
}
