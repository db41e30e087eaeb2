package geo

// Area is what a catchment covers: cells, whole countries and postcode
// prefixes, whichever an order's place is in, but nothing that is in Minus.
// A Minus is one without a Minus of its own.
type Area struct {
	Cells     Set
	Countries []string // ISO 3166-1 alpha-2, see ParseCountry
	Postcodes []Prefix
	Minus     *Area
}

// Prefix is a postcode prefix within a country, as ParsePrefix returns it.
type Prefix struct {
	Country string
	Prefix  string
}

// Contains reports whether a place is in the area, by looking at everything
// in it. It is what an Index answers quickly for many areas. Cell 0 is none;
// country and postcode are as in Index.Lookup.
func (a *Area) Contains(cell Cell, country, postcode string) bool {
	return a.covers(cell, country, postcode) &&
		(a.Minus == nil || !a.Minus.covers(cell, country, postcode))
}

func (a *Area) covers(cell Cell, country, postcode string) bool {
	if cell != 0 && a.Cells.Contains(cell) {
		return true
	}
	key := countryKey(country)
	for _, c := range a.Countries {
		if key != 0 && countryKey(c) == key {
			return true
		}
	}
	code := NormalizePostcode(country, postcode)
	for _, p := range a.Postcodes {
		if key != 0 && countryKey(p.Country) == key && p.Matches(code) {
			return true
		}
	}
	return false
}
