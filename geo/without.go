package geo

import "slices"

// Without is the set of cells in s that are not in t. Of a t of another
// resolution, only whole cells of s are taken away.
func (s Set) Without(t Set) Set {
	out := Set{res: s.res}
	for _, c := range s.cells {
		out.cells = without(out.cells, c, s.res, t.within(c))
	}
	out.cells = slices.Clip(out.cells)
	return out
}

// without appends what is left of a cell, down to resolution res.
func without(dst []Cell, c Cell, res int, t Set) []Cell {
	switch {
	case t.Empty():
		return push(dst, c)
	case t.Contains(c):
		return dst
	case c.Resolution() == res:
		return push(dst, c)
	}
	for d := range childDigits {
		if d == 1 && c.pentagon() {
			continue
		}
		child := c.child(d)
		dst = without(dst, child, res, t.within(child))
	}
	return dst
}

// within is the part of a set that a cell has to do with: what is listed of
// its descendants, or the one that covers it.
func (s Set) within(c Cell) Set {
	from, _ := slices.BinarySearchFunc(s.cells, c.first(), byPath)
	to := from
	for to < len(s.cells) && c.covers(s.cells[to]) {
		to++
	}
	if to == from && from < len(s.cells) && s.cells[from].covers(c) {
		to++
	}
	return Set{res: s.res, cells: s.cells[from:to]}
}
