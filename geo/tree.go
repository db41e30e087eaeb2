package geo

import "slices"

// tree maps cells to lists of postings. It has the shape of the H3 grid, but
// only as deep as the sets in it reach: a cell of a compact Set is one leaf,
// whatever it stands for. A lookup takes a step per resolution.
type tree struct {
	roots [baseCells]ref
	nodes []node
}

// node is a cell of which some descendants have postings of their own.
type node struct {
	own      list // of the areas that the whole cell is in
	children [childDigits]ref
}

// ref leads from a cell to a child: to its node, or, if nothing below it
// differs, right to its list. Zero is the empty list.
type ref uint32

const nodeBit ref = 1 << 31

// lookup appends the postings of the cell and of all its parents.
func (t *tree) lookup(dst []Hit, c Cell, l *lists) []Hit {
	if c.base() >= baseCells {
		return dst
	}
	at := t.roots[c.base()]
	for res := 1; at&nodeBit != 0; res++ {
		n := &t.nodes[at&^nodeBit]
		dst = l.appendTo(dst, n.own)
		if res > c.Resolution() {
			return dst
		}
		at = n.children[c.digit(res)%childDigits]
	}
	return l.appendTo(dst, list(at))
}

// spread is the compact cells of one posting, as far as a part of the tree
// needs them.
type spread struct {
	posting posting
	cells   []Cell
}

// plant builds a tree. The sets are in ascending order of their postings.
func plant(sets []spread, b *listBuilder) tree {
	p := planter{lists: b}
	for base := range baseCells {
		c := baseCell(base)
		p.tree.roots[base] = p.cell(c, split(nil, sets, c))
	}
	p.tree.nodes = slices.Clip(p.tree.nodes)
	return p.tree
}

type planter struct {
	tree  tree
	lists *listBuilder
}

// cell plants what the sets hold of a cell; all their cells are in it.
func (p *planter) cell(c Cell, sets []spread) ref {
	if len(sets) == 0 {
		return 0
	}
	var own []posting
	var deeper []spread
	for _, s := range sets {
		if s.cells[0] == c {
			own = append(own, s.posting)
		} else {
			deeper = append(deeper, s)
		}
	}
	if len(deeper) == 0 {
		return ref(p.lists.intern(own))
	}
	n := node{own: p.lists.intern(own)}
	room := make([]spread, 0, len(deeper))
	for d := range childDigits {
		child := c.child(d)
		n.children[d] = p.cell(child, split(room, deeper, child))
	}
	p.tree.nodes = append(p.tree.nodes, n)
	return nodeBit | ref(len(p.tree.nodes)-1)
}

// split appends to dst the part of each set that is in a cell.
func split(dst, sets []spread, c Cell) []spread {
	first := c &^ below(c.Resolution())
	for _, s := range sets {
		from, _ := slices.BinarySearchFunc(s.cells, first.path(), byPath)
		n, _ := slices.BinarySearchFunc(s.cells[from:], c.path()+1, byPath)
		if n > 0 {
			dst = append(dst, spread{s.posting, s.cells[from : from+n]})
		}
	}
	return dst
}
