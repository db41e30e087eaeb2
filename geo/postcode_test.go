package geo

import (
	"strings"
	"testing"
)

func TestNormalizePostcode(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ country, code, want string }{
		{"FI", "00100", "00100"},
		{"fi", " 00 100 ", "00100"},
		{"FI", "FI-00100", "00100"},
		{"FI", "fi 00100", "00100"},
		{"SE", "SE-111 22", "11122"},
		{"DE", "D-10115", "10115"},
		{"NL", "1012 ab", "1012AB"},
		{"NL", "NL-1012 AB", "1012AB"},
		{"LV", "LV-1010", "1010"},
		{"AD", "AD500", "500"},
		{"PT", "1000-001", "1000001"},
		{"US", "10001-1234", "10001"},
		{"US", "10001", "10001"},
		{"CA", "k1a-0b6", "K1A0B6"},
		{"IE", "D02 AF30", "D02AF30"},
		{"AR", "B1636", "B1636"},
		{"GB", "sw1a1aa", "SW1A 1AA"},
		{"GB", "SW1A 1AA", "SW1A 1AA"},
		{"GB", "S W1A-1 aa", "SW1A 1AA"},
		{"GB", "N12AB", "N1 2AB"},
		{"GB", "N12", "N12"},
		{"GB", "SW1A", "SW1A"},
		{"JE", "je23ab", "JE2 3AB"},
		{"FI", "00\u00a0100", "00100"},
		{"FI", "", ""},
		{"FI", " - ", ""},
		{"FI", "00100, Helsinki", ""},
		{"FI", "Катаянокка", ""},
		{"FI", "0123456789012345", ""},
		{"", "00100", "00100"},
	} {
		if got := NormalizePostcode(test.country, test.code); got != test.want {
			t.Errorf("%s %q: got %q, want %q", test.country, test.code, got, test.want)
		}
	}
}

func FuzzNormalizePostcode(f *testing.F) {
	for _, seed := range [][2]string{
		{"FI", "FI-00 100"}, {"GB", "n12ab"}, {"US", "US-10001-1234"}, {"DE", "D-D-1"}, {"SE", "SESE11122"}, {"GB", "1A111AA"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, country, code string) {
		normal := NormalizePostcode(country, code)
		if again := NormalizePostcode(country, normal); again != normal {
			t.Errorf("%s %q: %q becomes %q the second time", country, code, normal, again)
		}
		if len(normal) > maxPostcode {
			t.Errorf("%s %q: got %q, longer than %d", country, code, normal, maxPostcode)
		}
		if strings.ContainsFunc(normal, func(r rune) bool {
			return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == ' ' && countryKey(country).british())
		}) {
			t.Errorf("%s %q: got %q, want capitals and digits", country, code, normal)
		}
		p, err := ParsePrefix(country, code)
		if err != nil {
			return
		}
		if whole := NormalizePostcode(country, p.Prefix); whole == p.Prefix && !p.Matches(whole) {
			t.Errorf("%s %q: prefix %q does not match itself", country, code, p.Prefix)
		}
	})
}

func TestPrefixMatches(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		country, prefix, code string
		want                  bool
	}{
		{"FI", "00", "00100", true},
		{"FI", "FI-00", "00100", true},
		{"FI", "001", "00200", false},
		{"FI", "00100", "00100", true},
		{"FI", "001000", "00100", false},
		{"GB", "N1", "N1 2AB", true},
		{"GB", "N1", "N10 2AB", false},
		{"GB", "N1", "N1", true},
		{"GB", "N1", "N12AB", true},
		{"GB", "N12", "N1 2AB", false},
		{"GB", "N1 2", "N1 2AB", true},
		{"GB", "n1 2a", "N1 2AB", true},
		{"GB", "N1 ", "N1 2AB", true},
		{"GB", "N", "N10 2AB", true},
		{"GB", "SW1", "SW1A 1AA", true},
		{"GB", "SW1", "SW11 1AA", false},
		{"GB", "SW1A1AA", "SW1A 1AA", true},
	} {
		p, err := ParsePrefix(test.country, test.prefix)
		if err != nil {
			t.Errorf("parse prefix %q: %v", test.prefix, err)
			continue
		}
		if got := p.Matches(NormalizePostcode(test.country, test.code)); got != test.want {
			t.Errorf("%s prefix %q matches %q: got %v, want %v", test.country, test.prefix, test.code, got, test.want)
		}
	}
}

func TestParsePrefixErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ country, prefix, want string }{
		{"FI", "", "for all postcodes of FI list it under countries"},
		{"FI", "00*", `a prefix needs no wildcard, write "00"`},
		{"FI", "Ö", "want letters and digits"},
		{"UK", "N1", `"UK" is not an ISO 3166-1 alpha-2 country code: did you mean "GB"?`},
		{"FIN", "00", `did you mean "FI"?`},
		{"QQ", "00", "want two letters"},
		{"", "00", "want two letters"},
	} {
		if p, err := ParsePrefix(test.country, test.prefix); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("prefix %q of %q: got %v, %v; want %q", test.prefix, test.country, p, err, test.want)
		}
	}
}

func TestParseCountry(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"FI", "fi", " Fi "} {
		if got, err := ParseCountry(text); got != "FI" || err != nil {
			t.Errorf("country %q: got %q, %v; want FI", text, got, err)
		}
	}
	if got, err := ParseCountry("D "); err == nil {
		t.Errorf("country %q: got %q, want an error", "D ", got)
	}
}
