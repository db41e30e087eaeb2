package geo

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// LoadGazetteer reads postcodes in the GeoNames postal layout: a line per
// place, tab-separated, with country in column 1, postcode in 2, latitude in
// 10 and longitude in 11; plain or gzip. Lines of other countries are passed
// over; a file with none of the country is an error, as is any line that
// cannot be read.
func LoadGazetteer(r io.Reader, country string) (*Gazetteer, error) {
	iso, err := ParseCountry(country)
	if err != nil {
		return nil, err
	}
	plain, err := plainText(r)
	if err != nil {
		return nil, err
	}
	l := loader{country: iso, others: map[string]bool{}}
	scanner := bufio.NewScanner(plain)
	n := 1
	for ; scanner.Scan(); n++ {
		if err := l.line(scanner.Text()); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("line %d: read: %w", n, err)
	}
	if len(l.rows) == 0 {
		return nil, l.empty()
	}
	return l.gazetteer(), nil
}

// plainText undoes gzip, if the bytes say that it is.
func plainText(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	if magic, err := buffered.Peek(2); err != nil || !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	unzipped, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, fmt.Errorf("read gzip: %w", err)
	}
	return unzipped, nil
}

type loader struct {
	country string
	rows    []row
	others  map[string]bool // countries passed over
}

type row struct {
	code  string
	place Vec
	point Point
}

const (
	columnCountry = iota
	columnPostcode
	columnLatitude  = 9
	columnLongitude = 10
	minColumns      = 11 // the twelfth, accuracy, is not used
)

func (l *loader) line(text string) error {
	text = strings.TrimPrefix(strings.TrimSuffix(text, "\r"), "\ufeff")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	columns := strings.Split(text, "\t")
	if len(columns) < minColumns {
		return fmt.Errorf("it has %d tab-separated columns, the GeoNames postal layout has 12", len(columns))
	}
	if columns[columnCountry] != l.country {
		l.others[columns[columnCountry]] = true
		return nil
	}
	code := NormalizePostcode(l.country, columns[columnPostcode])
	if code == "" {
		return fmt.Errorf("postcode %q has no letter or digit, or something else", columns[columnPostcode])
	}
	lat, err := strconv.ParseFloat(columns[columnLatitude], 64)
	if err != nil {
		return fmt.Errorf("latitude %q in column 10 is not a number", columns[columnLatitude])
	}
	lng, err := strconv.ParseFloat(columns[columnLongitude], 64)
	if err != nil {
		return fmt.Errorf("longitude %q in column 11 is not a number", columns[columnLongitude])
	}
	p := Point{Lat: lat, Lng: lng}
	if err := p.Check(); err != nil {
		return err
	}
	l.rows = append(l.rows, row{code: strings.Clone(code), place: p.Vec(), point: p})
	return nil
}

func (l *loader) empty() error {
	if len(l.others) == 0 {
		return errNoRows
	}
	var names []string
	for name := range l.others {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) > 5 {
		names = append(names[:5], "...")
	}
	return fmt.Errorf("%w of %s, only of %s", errNoRows, l.country, strings.Join(names, ", "))
}

// gazetteer places all codes, and all prefixes that lie close together.
func (l *loader) gazetteer() *Gazetteer {
	slices.SortFunc(l.rows, func(a, b row) int { return strings.Compare(a.code, b.code) })
	g := &Gazetteer{country: countryKey(l.country), places: map[string]Place{}}
	for _, r := range l.rows {
		g.presence.add(r.point)
	}
	groups(l.rows, maxPostcode, func(code string, rows []row) {
		g.places[code] = middle(rows, PrecisionPostcode)
	})
	g.codes = len(g.places)
	for n := minPrefix; n < maxPostcode; n++ {
		longer := l.longer(g.country, n)
		groups(longer, n, func(prefix string, rows []row) {
			if _, ok := g.places[prefix]; ok {
				return
			}
			if place := middle(rows, PrecisionPrefix); place.Radius <= maxPrefixRadius {
				g.places[prefix] = place
			}
		})
	}
	return g
}

// longer returns the rows whose codes have a prefix of n bytes.
func (l *loader) longer(country countryCode, n int) []row {
	var rows []row
	for _, r := range l.rows {
		if len(r.code) > n && cut(country, []byte(r.code), n) {
			rows = append(rows, r)
		}
	}
	return rows
}

// groups calls fn for each run of sorted rows whose codes have their first n
// bytes in common.
func groups(rows []row, n int, fn func(code string, rows []row)) {
	head := func(r row) string { return r.code[:min(n, len(r.code))] }
	for len(rows) > 0 {
		code := head(rows[0])
		end := slices.IndexFunc(rows, func(r row) bool { return head(r) != code })
		if end < 0 {
			end = len(rows)
		}
		fn(code, rows[:end])
		rows = rows[end:]
	}
}

// middle is the place in the middle of some, and how far they are from it.
func middle(rows []row, precision Precision) Place {
	if allSame(rows) {
		return Place{Point: rows[0].point, Precision: precision}
	}
	var sum Vec
	for _, r := range rows {
		sum = Vec{sum.X + r.place.X, sum.Y + r.place.Y, sum.Z + r.place.Z}
	}
	p := Place{Point: sum.point(), Precision: precision}
	center := p.Point.Vec()
	for _, r := range rows {
		p.Radius = max(p.Radius, center.Distance(r.place))
	}
	return p
}

func allSame(rows []row) bool {
	for _, r := range rows[1:] {
		if r.point != rows[0].point {
			return false
		}
	}
	return true
}
