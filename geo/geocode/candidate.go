package geocode

import (
	"strings"
	"unicode"

	"github.com/nearlane/nearlane/geo"
)

// candidate is one result of a geocoder, whichever it is.
type candidate struct {
	point    geo.Point
	kind     kindOfPlace
	country  string // ISO 3166-1 alpha-2, in either case
	postcode string // as written; several with ; between them
	number   string // of the house
}

// kindOfPlace is how large a result is.
type kindOfPlace uint8

const (
	larger kindOfPlace = iota // a quarter, a city, a country
	aPostcode
	aStreet
	aHouse // or a place that has an address
)

// believe picks the result that is the address, if any of them can be.
func believe(a geo.Address, results []candidate) (best geo.Place, o outcome) {
	if len(results) == 0 {
		return best, notFound
	}
	o = elsewhere
	for _, c := range results {
		if !c.agrees(a) {
			continue
		}
		if o == elsewhere {
			o = notFound // unless it is precise enough
		}
		if precision := c.precision(a); precision != "" && precision.Better(best.Precision) {
			best, o = geo.Place{Point: c.point, Precision: precision}, found
		}
	}
	return best, o
}

// agrees reports whether a result is somewhere on earth, in the country and in
// the postcode that were asked for. One that does not say where it is may be
// anywhere.
func (c *candidate) agrees(a geo.Address) bool {
	if c.point.Check() != nil || !strings.EqualFold(c.country, a.Country) {
		return false
	}
	want := geo.NormalizePostcode(a.Country, a.Postcode)
	for one := range strings.FieldsFuncSeq(c.postcode, func(r rune) bool { return r == ';' || r == ',' }) {
		if want != "" && geo.NormalizePostcode(a.Country, strings.TrimSpace(one)) == want {
			return true
		}
	}
	return false
}

// precision is how well the result places the address; empty: no better than
// its postcode does.
func (c *candidate) precision(a geo.Address) geo.Precision {
	switch {
	case c.kind == aHouse && isIn(c.number, a.Street):
		return geo.PrecisionAddress
	case c.kind == aHouse, c.kind == aStreet:
		return geo.PrecisionStreet
	case c.kind == aPostcode:
		return geo.PrecisionPostcode
	}
	return ""
}

// isIn reports whether all parts of a house number stand in the street line:
// those of 12B do in "Main Street 12 b" and not in "Main Street 112".
func isIn(number, street string) bool {
	parts := partsOf(number)
	if len(parts) == 0 {
		return false
	}
	given := map[string]bool{}
	for _, part := range partsOf(street) {
		given[part] = true
	}
	for _, part := range parts {
		if !given[part] {
			return false
		}
	}
	return true
}

// partsOf is the runs of digits and those of letters in a line, in lower case.
func partsOf(line string) (parts []string) {
	var part strings.Builder
	digits := false
	end := func() {
		if part.Len() > 0 {
			parts = append(parts, part.String())
		}
		part.Reset()
	}
	for _, r := range strings.ToLower(line) {
		if digit := unicode.IsDigit(r); !digit && !unicode.IsLetter(r) {
			end()
			continue
		} else if digit != digits {
			end()
			digits = digit
		}
		part.WriteRune(r)
	}
	end()
	return parts
}
