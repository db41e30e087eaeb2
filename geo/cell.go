package geo

import (
	"fmt"
	"math"
	"strconv"

	"github.com/uber/h3-go/v4"
)

// MaxResolution is the finest H3 resolution.
const MaxResolution = 15

// Cell is an H3 cell of any resolution. Zero is no cell.
//
// From the highest bit: 1 reserved, 4 mode (1: cell), 3 reserved, 4
// resolution, 7 base cell, then 15 digits of 3 bits, the coarsest first.
// Digits beyond the resolution are 7, which no real digit is.
type Cell uint64

const (
	digitBits   = 3
	resShift    = 52
	baseShift   = 45
	baseMask    = 0x7f
	resMask     = Cell(0xf) << resShift
	pathMask    = Cell(1)<<resShift - 1 // base cell and digits
	cellMode    = Cell(1) << 59
	noDigits    = Cell(1)<<baseShift - 1
	baseCells   = 122
	childDigits = 7
)

// CellAt returns the cell of a point at a resolution of 0 to 15. The error is
// that of Point.Check, or names the resolution.
func CellAt(p Point, res int) (Cell, error) {
	if err := p.Check(); err != nil {
		return 0, err
	}
	if err := CheckResolution(res); err != nil {
		return 0, err
	}
	c, err := h3.LatLngToCell(h3.LatLng{Lat: p.Lat, Lng: p.Lng}, res)
	if err != nil {
		return 0, fmt.Errorf("find cell of %v at resolution %d: %w", p, res, err)
	}
	return Cell(c), nil
}

// CheckResolution refuses what is not an H3 resolution.
func CheckResolution(res int) error {
	if res < 0 || res > MaxResolution {
		return fmt.Errorf("resolution %d is not between 0 (continents) and 15 (a square metre)", res)
	}
	return nil
}

// ParseCell reads the hexadecimal form of a cell, in either case.
func ParseCell(s string) (Cell, error) {
	n, err := strconv.ParseUint(s, 16, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not an H3 cell: want 15 hexadecimal digits, as in 89113476b6bffff", s)
	}
	c := Cell(n)
	if !c.Valid() {
		return 0, fmt.Errorf("%q is a number, but not a valid H3 cell", s)
	}
	return c, nil
}

// Valid reports whether c is a cell of the H3 grid.
func (c Cell) Valid() bool { return h3.Cell(c).IsValid() }

// String is the hexadecimal form.
func (c Cell) String() string { return strconv.FormatUint(uint64(c), 16) }

// Resolution is 0 for the coarsest cells, 15 for the finest.
func (c Cell) Resolution() int { return int(c&resMask) >> resShift }

// Parent returns the cell of a coarser resolution that c descends from, and c
// itself at its own resolution. A finer resolution has no one answer: zero.
func (c Cell) Parent(res int) Cell {
	if res < 0 || res > c.Resolution() {
		return 0
	}
	return c&^resMask | Cell(res)<<resShift | below(res)
}

// Center is the centre of a valid cell.
func (c Cell) Center() Point {
	ll, err := h3.CellToLatLng(h3.Cell(c))
	if err != nil {
		return Point{Lat: math.NaN(), Lng: math.NaN()}
	}
	return Point{Lat: ll.Lat, Lng: ll.Lng}
}

// Boundary is the outline of a valid cell, counter-clockwise and not closed:
// six points, more where the cell lies across an edge of the icosahedron.
func (c Cell) Boundary() []Point {
	outline, err := h3.CellToBoundary(h3.Cell(c))
	if err != nil {
		return nil
	}
	points := make([]Point, len(outline))
	for i, v := range outline {
		points[i] = Point{Lat: v.Lat, Lng: v.Lng}
	}
	return points
}

// below are the bits of all digits finer than res.
func below(res int) Cell { return Cell(1)<<(digitBits*(MaxResolution-res)) - 1 }

// baseCell is the cell of resolution 0 with number n.
func baseCell(n int) Cell { return cellMode | Cell(n)<<baseShift | noDigits }

func (c Cell) base() int { return int(c>>baseShift) & baseMask }

// digit is the position of c's parent of resolution res among its siblings.
func (c Cell) digit(res int) int {
	return int(c>>(digitBits*(MaxResolution-res))) & 7
}

// child is the d-th child of c, which must be finer than resolution 15. A
// pentagon has no child 1.
func (c Cell) child(d int) Cell {
	res := c.Resolution() + 1
	shift := digitBits * (MaxResolution - res)
	return c&^resMask&^(7<<shift) | Cell(res)<<resShift | Cell(d)<<shift
}

// covers reports whether d is c or descends from it.
func (c Cell) covers(d Cell) bool { return d.Parent(c.Resolution()) == c }

// path orders cells along the grid: after its descendants, a cell comes
// before whatever does not descend from it and follows them.
func (c Cell) path() Cell { return c & pathMask }

// pentagonBases are the twelve base cells that are pentagons, as bits.
var pentagonBases = [2]uint64{
	1<<4 | 1<<14 | 1<<24 | 1<<38 | 1<<49 | 1<<58 | 1<<63,
	1<<(72-64) | 1<<(83-64) | 1<<(97-64) | 1<<(107-64) | 1<<(117-64),
}

// pentagon reports whether c is a pentagon: on a pentagonal base cell, and
// its centre child all the way down.
func (c Cell) pentagon() bool {
	b := c.base()
	return pentagonBases[b>>6]>>(b&63)&1 == 1 && c&noDigits == below(c.Resolution())
}

// Count is the number of cells of resolution res in c.
func (c Cell) Count(res int) uint64 {
	n := uint64(1)
	for range res - c.Resolution() {
		n *= childDigits
	}
	if c.pentagon() {
		return 1 + 5*(n-1)/6
	}
	return n
}
