package lanes

import "math"

// Line is one position of an order: so many pieces of one sku.
type Line struct {
	SKU      string
	Quantity int64
	Grams    int64 // of one piece; 0: not known, counts as nothing
	Box      Box   // of one piece; zero: not known
}

// Lot is all of one sku in an order.
type Lot struct {
	SKU      string
	Quantity int64
	Grams    int64 // of all pieces
	Box      Box   // one that holds any piece, its sides from short to long; zero: not known
}

// Parcel is what travels: outer sides from short to long, and the weight.
type Parcel struct {
	Box   Box // zero: not known
	Grams int64
}

// Sum appends to dst the lots that the lines make up, in the order in which
// their skus first occur. A line without dimensions takes those of the other
// lines of its sku. Sums stop at the largest number instead of overflowing.
func Sum(dst []Lot, lines []Line) []Lot {
	first := len(dst)
	var places map[string]int // of the lots, made once there are many
	for _, l := range lines {
		at, found := -1, false
		if places != nil {
			at, found = places[l.SKU]
		} else {
			at, found = findLot(dst[first:], l.SKU)
		}
		if !found {
			at = len(dst) - first
			dst = append(dst, Lot{SKU: l.SKU})
			if places != nil {
				places[l.SKU] = at
			} else if at == scanLots {
				places = indexLots(dst[first:])
			}
		}
		dst[first+at].add(l)
	}
	return dst
}

// scanLots is how many lots are searched one by one.
const scanLots = 16

func findLot(lots []Lot, sku string) (int, bool) {
	for i := range lots {
		if lots[i].SKU == sku {
			return i, true
		}
	}
	return -1, false
}

func indexLots(lots []Lot) map[string]int {
	places := make(map[string]int, 4*len(lots))
	for i := range lots {
		places[lots[i].SKU] = i
	}
	return places
}

func (t *Lot) add(l Line) {
	pieces := max(l.Quantity, 0)
	t.Quantity = plus(t.Quantity, pieces)
	t.Grams = plus(t.Grams, times(pieces, max(l.Grams, 0)))
	if l.Box.Known() {
		t.Box = t.Box.around(l.Box.Sorted())
	}
}

// around returns the smallest box that holds either of two, side by side
// sorted.
func (b Box) around(o Box) Box {
	return Box{max(b[0], o[0]), max(b[1], o[1]), max(b[2], o[2])}
}

// Stack puts all pieces of the lots on top of each other, each lying on its
// largest side: the parcel is as long and as wide as the longest and the
// widest piece and as high as their heights together. Pieces without
// dimensions count as fallback; if that is not known either, the parcel's
// sides are not known.
func Stack(lots []Lot, fallback Box) Parcel {
	var p Parcel
	var base Box
	var height int64
	known := len(lots) > 0
	for i := range lots {
		box := lots[i].Box
		if !box.Known() {
			box = fallback.Sorted()
		}
		known = known && box.Known()
		base = base.around(box)
		height = plus(height, times(lots[i].Quantity, box[0]))
		p.Grams = plus(p.Grams, lots[i].Grams)
	}
	if known {
		p.Box = Box{height, base[1], base[2]}.Sorted()
	}
	return p
}

// plus adds two amounts that are not negative.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// times multiplies two amounts that are not negative.
func times(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64/b {
		return math.MaxInt64
	}
	return a * b
}
