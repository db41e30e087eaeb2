package geo

import (
	"fmt"
	"strings"
)

// maxPostcode bounds the bytes of a normalised postcode; the longest in use
// have ten. What is longer is no postcode.
const maxPostcode = 16

// NormalizePostcode is the one spelling of a postcode that gazetteers, areas
// and orders are compared in: letters in upper case, no spaces or
// punctuation, no country in front (FI-00100, D-10115), no ZIP+4. British
// postcodes keep the space between outward and inward code, wherever it was:
// without it, "N1 2AB" could be in the district N12. What cannot be a
// postcode is "".
func NormalizePostcode(country, code string) string {
	var room [maxPostcode]byte
	normal := appendPostcode(room[:0], countryKey(country), code)
	if string(normal) == code {
		return code
	}
	return string(normal)
}

// appendPostcode appends the normalised code to dst, which is empty and has
// room for maxPostcode.
func appendPostcode(dst []byte, country countryCode, code string) []byte {
	hyphen := -1 // how many letters and digits come before the first one
	for i := range len(code) {
		switch c := code[i]; {
		case isDigit(c), isLetter(c):
			if len(dst) == maxPostcode-1 { // one is left for the space
				return dst[:0]
			}
			dst = append(dst, upper(c))
		case c == '-' && hyphen < 0:
			hyphen = len(dst)
		case c == ' ', c == '-', c == '.', c == '\t', c == 0xc2, c == 0xa0: // the last two: no-break space
		default:
			return dst[:0]
		}
	}
	if country.british() {
		return spaced(dst)
	}
	dst = dst[:copy(dst, dst[countryInFront(dst, country, hyphen):])]
	if country == 'U'<<8|'S' && len(dst) == 9 && digits(dst) {
		return dst[:5]
	}
	return dst
}

// countryInFront is how many letters of code name the country: its code, or
// the one letter of its number plates.
func countryInFront(code []byte, country countryCode, hyphen int) int {
	switch {
	case len(code) > 2 && isDigit(code[2]) && country != 0 && countryKey(string(code[:2])) == country:
		return 2
	case hyphen == 1 && isLetter(code[0]) && digits(code[1:]):
		return 1
	}
	return 0
}

// spaced puts the space into a British postcode that has both halves.
func spaced(code []byte) []byte {
	n := len(code)
	if n < 5 || !isDigit(code[n-3]) || isDigit(code[n-2]) || isDigit(code[n-1]) {
		return code
	}
	code = append(code, 0)
	copy(code[n-2:], code[n-3:n])
	code[n-3] = ' '
	return code
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}

func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func digits(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
	}
	return len(b) > 0
}

// ParsePrefix reads a postcode prefix. In British codes the space counts:
// "N1" is the district N1 (and not N10), "N1 2" a sector of it, "SW1" all of
// SW1A to SW1Y, and "N" the whole area.
func ParsePrefix(country, text string) (Prefix, error) {
	iso, err := ParseCountry(country)
	if err != nil {
		return Prefix{}, err
	}
	if short := strings.TrimRight(text, "*%xX. "); strings.ContainsAny(text, "*%") {
		return Prefix{}, fmt.Errorf("postcode prefix %q: a prefix needs no wildcard, write %q", text, short)
	}
	p := Prefix{Country: iso, Prefix: NormalizePostcode(iso, text)}
	if outward, inward, ok := strings.Cut(strings.TrimSpace(text), " "); ok && countryKey(iso).british() {
		p.Prefix = NormalizePostcode(iso, outward) + " " + NormalizePostcode(iso, inward)
	}
	if p.Prefix == "" {
		return Prefix{}, fmt.Errorf("postcode prefix %q: want letters and digits, at most %d; "+
			"for all postcodes of %s list it under countries", text, maxPostcode-1, iso)
	}
	return p, nil
}

// Matches reports whether a normalised postcode of the prefix's country
// starts with the prefix.
func (p Prefix) Matches(code string) bool {
	return strings.HasPrefix(code, p.Prefix) && cut(countryKey(p.Country), []byte(code), len(p.Prefix))
}

// cut reports whether the first n bytes of a normalised code are a prefix
// that means something: British district numbers are not cut in two.
func cut(country countryCode, code []byte, n int) bool {
	if n == len(code) || !country.british() {
		return true
	}
	return code[n-1] != ' ' && !(isDigit(code[n-1]) && isDigit(code[n]))
}
