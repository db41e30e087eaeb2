package geo

import "slices"

// Index finds the areas that hold a place. It is a tree over the digits of
// H3 cells beside tables of countries and postcode prefixes; a lookup takes a
// step per resolution and a probe per length of prefix, however large the
// areas are and however many. It does not change once built.
type Index struct {
	cells     tree
	countries map[countryCode]list
	prefixes  map[prefixKey]list
	lengths   map[countryCode]uint32 // bit n: the country has prefixes of n bytes
	lists     lists
}

type prefixKey struct {
	country countryCode
	prefix  string
}

// Hit is an area that holds a place. Area is its position in the list that
// the index was made of. Minus: the place is also in the area's Minus, so
// that after all the area does not serve it.
type Hit struct {
	Area  int32
	Minus bool
}

// NewIndex makes an index of areas. Countries and prefixes have to be as
// ParseCountry and ParsePrefix return them.
func NewIndex(areas []Area) *Index {
	b := newLists()
	x := &Index{
		countries: map[countryCode]list{},
		prefixes:  map[prefixKey]list{},
		lengths:   map[countryCode]uint32{},
	}
	var sets []spread
	countries := map[countryCode][]posting{}
	prefixes := map[prefixKey][]posting{}
	each(areas, func(a *Area, p posting) {
		if !a.Cells.Empty() {
			sets = append(sets, spread{p, a.Cells.cells})
		}
		for _, c := range a.Countries {
			key := countryKey(c)
			countries[key] = append(countries[key], p)
		}
		for _, prefix := range a.Postcodes {
			key := prefixKey{countryKey(prefix.Country), prefix.Prefix}
			prefixes[key] = append(prefixes[key], p)
			x.lengths[key.country] |= 1 << len(prefix.Prefix)
		}
	})
	for key, ps := range countries {
		x.countries[key] = b.intern(slices.Compact(ps))
	}
	for key, ps := range prefixes {
		x.prefixes[key] = b.intern(slices.Compact(ps))
	}
	x.cells = plant(sets, b)
	x.lists = b.done()
	return x
}

// each calls fn for every area and every Minus, in the order of postings.
func each(areas []Area, fn func(*Area, posting)) {
	for i := range areas {
		a := &areas[i]
		fn(a, posting(i)<<1)
		if a.Minus != nil {
			fn(a.Minus, posting(i)<<1|1)
		}
	}
}

// Lookup appends the areas that hold a place to dst, by ascending Area, each
// once. The place is known by its cell, of the areas' resolution or finer (0:
// not known), and by its country and postcode in any spelling (empty: not
// known). It allocates only to make dst longer.
func (x *Index) Lookup(dst []Hit, cell Cell, country, postcode string) []Hit {
	found := len(dst)
	if cell != 0 {
		dst = x.cells.lookup(dst, cell, &x.lists)
	}
	if key := countryKey(country); key != 0 {
		dst = x.lists.appendTo(dst, x.countries[key])
		dst = x.lookupPostcode(dst, key, postcode)
	}
	return dst[:found+tidy(dst[found:])]
}

func (x *Index) lookupPostcode(dst []Hit, country countryCode, postcode string) []Hit {
	lengths := x.lengths[country]
	if lengths == 0 || postcode == "" {
		return dst
	}
	var room [maxPostcode]byte
	code := appendPostcode(room[:0], country, postcode)
	for n := 1; n <= len(code); n++ {
		if lengths>>n&1 == 1 && cut(country, code, n) {
			dst = x.lists.appendTo(dst, x.prefixes[prefixKey{country, string(code[:n])}])
		}
	}
	return dst
}

// tidy sorts hits by area, leaves one of each, and drops those of which only
// the Minus was hit. It returns how many are left, at the front.
func tidy(hits []Hit) int {
	slices.SortFunc(hits, func(a, b Hit) int { return int(a.posting()) - int(b.posting()) })
	n := 0
	for _, h := range hits {
		switch last := n - 1; {
		case last >= 0 && hits[last].Area == h.Area:
			hits[last].Minus = hits[last].Minus || h.Minus
		case !h.Minus:
			hits[n] = h
			n++
		}
	}
	return n
}
