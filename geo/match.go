package geo

import "slices"

// Match is what of an area holds a place. An area may hold it for several
// reasons at once.
type Match struct {
	Cell     Cell   // of the set, as it is kept: the place's own or a parent of it; 0: none
	Country  string // ISO 3166-1 alpha-2; empty: none
	Postcode Prefix // the longest that matches; zero: none
}

// Found reports whether anything matched.
func (m Match) Found() bool { return m != Match{} }

// Match says what of the area holds a place, and what of its Minus does, in
// which case the area does not. Arguments are those of Contains.
func (a *Area) Match(cell Cell, country, postcode string) (by, minus Match) {
	by = a.match(cell, country, postcode)
	if a.Minus != nil {
		minus = a.Minus.match(cell, country, postcode)
	}
	return by, minus
}

func (a *Area) match(cell Cell, country, postcode string) (m Match) {
	if cell != 0 {
		m.Cell = a.Cells.cover(cell)
	}
	key := countryKey(country)
	if key == 0 {
		return m
	}
	if i := slices.IndexFunc(a.Countries, func(c string) bool { return countryKey(c) == key }); i >= 0 {
		m.Country = a.Countries[i]
	}
	code := NormalizePostcode(country, postcode)
	for _, p := range a.Postcodes {
		if countryKey(p.Country) == key && p.Matches(code) && len(p.Prefix) > len(m.Postcode.Prefix) {
			m.Postcode = p
		}
	}
	return m
}

// cover is the cell that stands for c in the set; 0: c is not in it.
func (s Set) cover(c Cell) Cell {
	i, _ := slices.BinarySearchFunc(s.cells, c.path(), byPath)
	if i < len(s.cells) && s.cells[i].covers(c) {
		return s.cells[i]
	}
	return 0
}
