package geo

import (
	"cmp"
	"slices"
)

// maxTogether bounds with how many of the sets that hold a cell each other one
// is compared: a thousand equal sets have half a million pairs that nobody
// wants to read.
const maxTogether = 16

// Overlaps calls found for the pairs of sets that share cells, once for every
// cell that one of them lists and the other holds, a before b. Where a cell is
// in many sets, each is paired with the first few of those only. It takes time
// by the length of the sets, not by the number of pairs.
func Overlaps(sets []Set, found func(a, b int, common Cell)) {
	type listed struct {
		cell Cell
		set  int
	}
	var all []listed
	for i, s := range sets {
		for _, c := range s.cells {
			all = append(all, listed{c, i})
		}
	}
	slices.SortFunc(all, func(a, b listed) int { // a cell before its descendants
		return cmp.Or(cmp.Compare(a.cell.first(), b.cell.first()),
			cmp.Compare(a.cell.Resolution(), b.cell.Resolution()), cmp.Compare(a.set, b.set))
	})
	var around []listed // those that cover the next cell
	for _, one := range all {
		for len(around) > 0 && !around[len(around)-1].cell.covers(one.cell) {
			around = around[:len(around)-1]
		}
		for _, other := range around[:min(len(around), maxTogether)] {
			found(min(other.set, one.set), max(other.set, one.set), one.cell)
		}
		around = append(around, one)
	}
}

// first is where the first descendant of a cell stands along the grid.
func (c Cell) first() Cell { return (c &^ below(c.Resolution())).path() }
