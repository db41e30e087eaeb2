package geo

import (
	"slices"

	"github.com/uber/h3-go/v4"
)

// Neighbours are the cells that share a border with a valid cell: six, or five
// of a pentagon.
func (c Cell) Neighbours() []Cell {
	disk, err := h3.GridDisk(h3.Cell(c), 1)
	if err != nil {
		return nil
	}
	around := make([]Cell, 0, len(disk))
	for _, n := range disk {
		if Cell(n) != c && n != 0 {
			around = append(around, Cell(n))
		}
	}
	return around
}

// Gaps are the holes in a set: the pieces outside of it from which no way
// leads out, each of at most so many cells. A wider one is open country, and
// none. It takes time by the length of the set's border.
func (s Set) Gaps(most int) []Set {
	g := gaps{set: s, most: most, seen: map[Cell]bool{}}
	for _, c := range s.cells {
		g.border(c)
	}
	slices.SortFunc(g.found, func(a, b Set) int { return byPath(a.cells[0], b.cells[0].path()) })
	return g.found
}

type gaps struct {
	set   Set
	most  int
	seen  map[Cell]bool // whether the cell is in a gap
	found []Set
}

// border looks around the cells of c, of which the set has all. Where it also
// has all of its neighbours, nothing in c is on the border: a child's
// neighbours are in those of its parent.
func (g *gaps) border(c Cell) {
	inside := true
	around := c.Neighbours()
	for _, n := range around {
		inside = inside && g.set.Contains(n)
	}
	switch {
	case inside:
	case c.Resolution() == g.set.res:
		for _, n := range around {
			if _, seen := g.seen[n]; !seen && !g.set.Contains(n) {
				g.explore(n)
			}
		}
	default:
		for d := range childDigits {
			if d != 1 || !c.pentagon() {
				g.border(c.child(d))
			}
		}
	}
}

// explore walks through everything outside the set that is connected to a
// cell, until that turns out to be more than a gap.
func (g *gaps) explore(from Cell) {
	piece, closed := []Cell{from}, true
	in := map[Cell]bool{from: true}
	for i := 0; i < len(piece) && closed; i++ {
		for _, n := range piece[i].Neighbours() {
			if in[n] || g.set.Contains(n) {
				continue
			}
			if gap, seen := g.seen[n]; seen && !gap || len(piece) == g.most {
				closed = false // this way leads out
				break
			}
			in[n] = true
			piece = append(piece, n)
		}
	}
	for _, c := range piece {
		g.seen[c] = closed
	}
	if closed {
		g.found = append(g.found, Set{res: g.set.res, cells: compact(piece)})
	}
}
