package geo

import "slices"

// Walk goes over the cells that are in any of the sets, by as few calls as
// there are differences: each with a cell, of any resolution, and the numbers
// of the sets that hold all of it, ascending; the other sets hold nothing of
// it. No two of the cells overlap. The numbers are good until fn returns.
func Walk(sets []Set, fn func(c Cell, in []int)) {
	var all []spread
	for i, s := range sets {
		if !s.Empty() {
			all = append(all, spread{posting(i), s.cells})
		}
	}
	for b := range baseCells {
		c := baseCell(b)
		walk(c, nil, split(nil, all, c), fn)
	}
}

// walk goes over a cell: the sets of above hold all of it, sets parts of it.
func walk(c Cell, above []int, sets []spread, fn func(Cell, []int)) {
	in := slices.Clip(above)
	var deeper []spread
	for _, s := range sets {
		if s.cells[0] == c {
			in = append(in, int(s.posting))
		} else {
			deeper = append(deeper, s)
		}
	}
	if len(deeper) > 0 {
		for _, child := range c.Children() {
			walk(child, in, split(nil, deeper, child), fn)
		}
		return
	}
	if len(in) > 0 {
		slices.Sort(in)
		fn(c, in)
	}
}

// Children are the cells of the next finer resolution that descend from c:
// seven, six of a pentagon, none of a cell of the finest.
func (c Cell) Children() []Cell {
	if c.Resolution() == MaxResolution {
		return nil
	}
	children := make([]Cell, 0, childDigits)
	for d := range childDigits {
		if d != 1 || !c.pentagon() {
			children = append(children, c.child(d))
		}
	}
	return children
}

// Reach bounds, in metres, how far the centres of a cell's descendants of a
// resolution are from its own.
func (c Cell) Reach(res int) float64 {
	reach := 0.0
	for r := c.Resolution() + 1; r <= res; r++ {
		reach += spacing(r)
	}
	return reach * earthRadius
}
