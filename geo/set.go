package geo

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
)

// Set is a set of cells of one resolution. It is kept compact: where all
// children of a cell are in, the cell stands for them. Equal sets are kept
// equal. The zero Set is empty. A Set does not change.
type Set struct {
	res   int
	cells []Cell // of resolution <= res, none covering another, ordered by path
}

// NewSet is the set of the cells of resolution res that are, or descend from,
// the given ones. Doubles are fine, invalid cells and ones finer than res are
// errors.
func NewSet(res int, cells ...Cell) (Set, error) {
	if err := CheckResolution(res); err != nil {
		return Set{}, err
	}
	for _, c := range cells {
		if !c.Valid() {
			return Set{}, fmt.Errorf("%v is not a valid H3 cell", c)
		}
		if r := c.Resolution(); r > res {
			return Set{}, fmt.Errorf("cell %v has resolution %d, finer than the grid's %d: "+
				"list its parent %v, or set the grid's resolution to %d", c, r, res, c.Parent(res), r)
		}
	}
	return Set{res: res, cells: compact(slices.Clone(cells))}, nil
}

// CellSet is NewSet of cells in hexadecimal form. No cell at all is an error.
func CellSet(texts []string, res int) (Set, error) {
	if len(texts) == 0 {
		return Set{}, fmt.Errorf("the list of cells is empty")
	}
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		c, err := ParseCell(text)
		if err != nil {
			return Set{}, fmt.Errorf("cell %d of %d: %w", i+1, len(texts), err)
		}
		cells[i] = c
	}
	return NewSet(res, cells...)
}

// Resolution is that of the cells in the set.
func (s Set) Resolution() int { return s.res }

// Empty reports whether the set has no cells.
func (s Set) Empty() bool { return len(s.cells) == 0 }

// Count is the number of cells in the set.
func (s Set) Count() uint64 {
	var n uint64
	for _, c := range s.cells {
		n += c.Count(s.res)
	}
	return n
}

// Compact returns the cells that the set is kept as, each standing for all its
// descendants. The slice is the set's own: read it only.
func (s Set) Compact() []Cell { return s.cells }

// All yields the cells in the set, all at its resolution, along the grid.
func (s Set) All() iter.Seq[Cell] {
	return func(yield func(Cell) bool) {
		for _, c := range s.cells {
			if !descendants(c, s.res, yield) {
				return
			}
		}
	}
}

// Contains reports whether c is in the set: a cell of its resolution or
// finer, or a coarser one of which all descendants are in.
func (s Set) Contains(c Cell) bool {
	i, _ := slices.BinarySearchFunc(s.cells, c.path(), byPath)
	return i < len(s.cells) && s.cells[i].covers(c)
}

// Equal reports whether both sets hold the same cells of the same resolution.
func (s Set) Equal(t Set) bool { return s.res == t.res && slices.Equal(s.cells, t.cells) }

// Union is the set of cells in any of the sets, at the finest of their
// resolutions.
func Union(sets ...Set) Set {
	var all Set
	for _, s := range sets {
		all.res = max(all.res, s.res)
		all.cells = append(all.cells, s.cells...)
	}
	all.cells = compact(all.cells)
	return all
}

func byPath(c, path Cell) int { return cmp.Compare(c.path(), path) }

// descendants yields the cells of resolution res in c, and reports whether to
// go on.
func descendants(c Cell, res int, yield func(Cell) bool) bool {
	if c.Resolution() == res {
		return yield(c)
	}
	for d := range childDigits {
		if d == 1 && c.pentagon() {
			continue
		}
		if !descendants(c.child(d), res, yield) {
			return false
		}
	}
	return true
}

// compact puts cells of any resolution into a Set's form, in place.
func compact(cells []Cell) []Cell {
	slices.SortFunc(cells, func(a, b Cell) int { return byPath(a, b.path()) })
	out := cells[:0]
	for _, c := range cells {
		for len(out) > 0 && c.covers(out[len(out)-1]) {
			out = out[:len(out)-1]
		}
		// A double of a family's last child comes after their parent was put
		// in their place.
		if len(out) == 0 || !out[len(out)-1].covers(c) {
			out = push(out, c)
		}
	}
	return slices.Clip(out)
}

// push appends a cell that follows all of cells, and puts the parent in place
// of a family that it completes.
func push(cells []Cell, c Cell) []Cell {
	for {
		cells = append(cells, c)
		res := c.Resolution()
		if res == 0 || c.digit(res) != childDigits-1 {
			return cells
		}
		parent := c.Parent(res - 1)
		size := int(parent.Count(res))
		if !family(cells, size, parent, res) {
			return cells
		}
		cells, c = cells[:len(cells)-size], parent
	}
}

// family reports whether the last size cells are children of parent.
func family(cells []Cell, size int, parent Cell, res int) bool {
	if len(cells) < size {
		return false
	}
	for _, c := range cells[len(cells)-size:] {
		if c.Resolution() != res || !parent.covers(c) {
			return false
		}
	}
	return true
}
