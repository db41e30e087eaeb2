package lanes

import (
	"math"
	"testing"
	"time"
)

func TestParseMoney(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text     string
		decimals int
		want     int64
		again    string
	}{
		{"4.20", 2, 420, "4.20"},
		{"4.2", 2, 420, "4.20"},
		{"4", 2, 400, "4.00"},
		{"0", 2, 0, "0.00"},
		{"0.60", 2, 60, "0.60"},
		{"0.07", 2, 7, "0.07"},
		{"1.005", 3, 1005, "1.005"},
		{"500", 0, 500, "500"},
		{"10000000000.29", 2, 1000000000029, "10000000000.29"},
	} {
		got, err := ParseMoney(tc.text, tc.decimals)
		if err != nil || got != tc.want {
			t.Errorf("%s: got %d, %v, want %d", tc.text, got, err, tc.want)
		}
		if again := FormatMoney(got, tc.decimals); again != tc.again {
			t.Errorf("%s: got %s, want %s", tc.text, again, tc.again)
		}
	}
	for _, tc := range []struct {
		text     string
		decimals int
		offset   int
		msg      string
	}{
		{"", 2, 0, "expected an amount such as 4.20, found the end"},
		{"-1", 2, 0, "an amount is not negative"},
		{"4.205", 2, 2, `"4.205" has more than the currency's 2 decimals`},
		{"4.0", 0, 2, `"4.0" has more than the currency's 0 decimals`},
		{".5", 2, 0, `expected an amount such as 4.20, found ".5"`},
		{"5.", 2, 2, "expected decimals, found the end"},
		{"04.20", 2, 0, `"04.20" is not an amount`},
		{"4,20", 2, 1, `"," does not belong in an amount`},
		{"1e3", 2, 1, `expected the end of the amount, found "e3"`},
		{"0x10", 2, 1, `expected the end of the amount, found "x10"`},
		{"4.20 EUR", 2, 4, `expected the end of the amount, found " "`},
		{"99999999999999999999", 2, 0, `"99999999999999999999" is too much`},
	} {
		_, err := ParseMoney(tc.text, tc.decimals)
		refused(t, err, tc.offset, tc.msg)
	}
}

func TestFormatMoneyOfAnyAmount(t *testing.T) {
	t.Parallel()
	for minor, want := range map[int64]string{
		-5: "-0.05", -1234: "-12.34", math.MaxInt64: "92233720368547758.07", math.MinInt64: "-92233720368547758.08",
	} {
		if got := FormatMoney(minor, 2); got != want {
			t.Errorf("%d: got %s, want %s", minor, got, want)
		}
	}
}

func TestDecimals(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{"EUR": 2, "SEK": 2, "JPY": 0, "ISK": 0, "TND": 3, "XPF": 0, "AED": 2, "ZWG": 2} {
		if got, ok := Decimals(code); !ok || got != want {
			t.Errorf("%s: got %d, %v, want %d", code, got, ok, want)
		}
	}
	for _, code := range []string{"", "eur", "EURO", "R S", " EU", "XXX", "UR "} {
		if _, ok := Decimals(code); ok {
			t.Errorf("%q is a currency", code)
		}
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"20m": 20 * time.Minute, "2h": 2 * time.Hour, "48h": 48 * time.Hour, "2d": 48 * time.Hour, "1h30m": 90 * time.Minute,
		"0m": 0, "45s": 45 * time.Second, "1d12h30m5s": 36*time.Hour + 30*time.Minute + 5*time.Second, "366d": 366 * 24 * time.Hour,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
	for _, tc := range []struct {
		text   string
		offset int
		msg    string
	}{
		{"", 0, "expected a duration such as 20m, 2h or 2d, found the end"},
		{"20", 2, "a duration needs a unit"},
		{"-20m", 0, `expected a duration such as 20m, 2h or 2d, found "-20m"`},
		{"1.5h", 1, "durations are whole numbers"},
		{"20 m", 2, "a duration needs a unit"},
		{"20min", 2, `"min" is not a unit`},
		{"30m1h", 4, `"h" comes too late`},
		{"1h1h", 3, `"h" comes too late`},
		{"1w", 1, `"w" is not a unit`},
		{"367d", 0, `"367d" is longer than 366 days`},
		{"366d1s", 4, `"366d1s" is longer than 366 days`},
		{"99999999999999999999h", 0, `"99999999999999999999h" is longer than 366 days`},
	} {
		_, err := ParseDuration(tc.text)
		refused(t, err, tc.offset, tc.msg)
	}
}

func TestPattern(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		pattern, sku string
		want         bool
	}{
		{"mug-*", "mug-blue", true},
		{"mug-*", "mug-", true},
		{"mug-*", "mug", false},
		{"mug-*", "a-mug-blue", false},
		{"print-a3", "print-a3", true},
		{"print-a3", "print-a3x", false},
		{"*", "", true},
		{"*-xl", "shirt-xl", true},
		{"*-xl", "shirt-xl-red", false},
		{"a*b*c", "abc", true},
		{"a*b*c", "axxbyybzc", true},
		{"a*b*c", "axxc", false},
		{"a*a", "a", false}, // the two may not share a letter
		{"a*ab*b", "aab", false},
		{"Mug-*", "mug-blue", false},
	} {
		if got := pattern(t, tc.pattern).Match(tc.sku); got != tc.want {
			t.Errorf("%s on %s: got %v", tc.pattern, tc.sku, got)
		}
	}
	if (Pattern{}).Match("") || MatchAny(nil, "") {
		t.Error("the zero pattern matches")
	}
	_, err := ParsePattern("mug-?")
	refused(t, err, 4, `"?" is not supported in a pattern`)
	_, err = ParsePattern("")
	refused(t, err, 0, "the pattern is empty")
}

func TestSlots(t *testing.T) {
	t.Parallel()
	d := date(t, "2026-08-04")
	for id, want := range map[string]Slot{
		LaneSlot("kallio", "bike", d, 600, UnitParcels):    {Kind: KindLane, Place: "kallio", Name: "bike", Date: d, Start: 600, Unit: UnitParcels},
		LaneSlot("kallio", "post", d, EndOfDay, UnitGrams): {Kind: KindLane, Place: "kallio", Name: "post", Date: d, Start: EndOfDay, Unit: UnitGrams},
		MakeSlot("vallila-works", "resin", d):              {Kind: KindMake, Place: "vallila-works", Name: "resin", Date: d, Unit: UnitUnits},
		LockerSlot("sornainen", "S", d):                    {Kind: KindLocker, Place: "sornainen", Name: "S", Date: d, Unit: UnitParcels},
	} {
		got, err := ParseSlot(id)
		if err != nil || got != want || got.String() != id {
			t.Errorf("%s: got %+v, %v", id, got, err)
		}
	}
	if got, want := LaneSlot("kallio", "bike", d, 600, UnitParcels), "lane/kallio/bike:2026-08-04T10:00:parcels"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, id := range []string{
		"", "lane", "lane/kallio/bike", "lane/kallio/bike:2026-08-04:parcels", "lane/kallio/bike:2026-08-04T10:00:boxes",
		"make/a/b:2026-08-04T10:00:units", "make/a/b:2026-08-04:parcels", "shop/a/b:2026-08-04:units", "locker/a/b/c:2026-08-04:parcels",
		"locker//S:2026-08-04:parcels", "lane/a/b:2026-8-04T10:00:parcels",
	} {
		if got, err := ParseSlot(id); err == nil {
			t.Errorf("%q: got %+v, want an error", id, got)
		}
	}
}
