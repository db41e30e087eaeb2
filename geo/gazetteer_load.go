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

// What a gazetteer may hold. GeoNames' largest, of the United Kingdom, has 1.8
// million lines and 150 MiB; a gzip of a few kilobytes can unpack to more than
// any machine has.
const (
	MaxGazetteerText = 256 << 20 // bytes, unpacked
	maxGazetteerRows = 4_000_000 // places of the country: about 100 bytes each in memory
)

// LoadGazetteer reads postcodes in the GeoNames postal layout: a line per
// place, tab-separated, with country in column 1, postcode in 2, latitude in
// 10 and longitude in 11; plain or gzip. Lines of other countries are passed
// over; a file with none of the country is an error, as is any line that
// cannot be read, one of 64 KiB, and a file of more than MaxGazetteerText.
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
	text := &bounded{plain, MaxGazetteerText}
	scanner := bufio.NewScanner(text)
	n := 1
	for ; scanner.Scan(); n++ {
		if err := l.line(scanner.Text()); err != nil && text.left >= 0 { // else the line was cut
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if len(l.rows) > maxGazetteerRows {
			return nil, fmt.Errorf("line %d: the file has more than %d places of %s", n, maxGazetteerRows, iso)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("line %d: read: %w", n, err)
	}
	if len(l.rows) == 0 {
		return nil, l.empty()
	}
	return newGazetteer(countryKey(iso), l.rows), nil
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

// bounded fails once more than left is read.
type bounded struct {
	io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("the file has more than %d MiB of text, unpacked", MaxGazetteerText>>20)
	}
	return n, err
}

type loader struct {
	country string
	rows    []row
	others  map[string]bool // countries passed over
}

// row is a place with a postcode.
type row struct {
	code  string
	point Point
}

// maxOthers is how many other countries are remembered, for an error.
const maxOthers = 300

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
		if len(l.others) < maxOthers {
			l.others[strings.Clone(columns[columnCountry])] = true
		}
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
	l.rows = append(l.rows, row{code: strings.Clone(code), point: p})
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
