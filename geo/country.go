package geo

import (
	"fmt"
	"strings"
)

// isoCountries are the codes of ISO 3166-1 alpha-2, and XK, which everybody
// uses for Kosovo.
const isoCountries = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ " +
	"NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
	"UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"

// mistaken are codes that people write for a country and that are not its
// code, mostly because they are somebody else's standard.
var mistaken = map[string]string{
	"UK": "GB", "EN": "GB", "EL": "GR", "GBR": "GB", "FIN": "FI", "SF": "FI", "SWE": "SE", "SU": "RU", "DEU": "DE", "GER": "DE",
	"EST": "EE", "DNK": "DK", "NOR": "NO", "NLD": "NL", "AUT": "AT", "CHE": "CH", "FRA": "FR", "ESP": "ES", "ITA": "IT", "POL": "PL",
	"USA": "US", "CAN": "CA", "LVA": "LV", "LTU": "LT", "IRL": "IE", "BEL": "BE", "PRT": "PT", "JAP": "JP", "JPN": "JP",
}

// ParseCountry reads an ISO 3166-1 alpha-2 code in either case and returns it
// in upper case.
func ParseCountry(s string) (string, error) {
	code := strings.ToUpper(strings.TrimSpace(s))
	if len(code) == 2 && strings.Contains(isoCountries, code) {
		return code, nil
	}
	if meant, ok := mistaken[code]; ok {
		return "", fmt.Errorf("%q is not an ISO 3166-1 alpha-2 country code: did you mean %q?", s, meant)
	}
	return "", fmt.Errorf("%q is not an ISO 3166-1 alpha-2 country code: want two letters, as in FI", s)
}

// countryCode is a country's two letters in upper case, or 0 for none.
type countryCode uint16

// countryKey takes a code in either case. What is not two letters is no
// country, and in no area.
func countryKey(s string) countryCode {
	if len(s) != 2 {
		return 0
	}
	a, b := s[0]&^0x20, s[1]&^0x20
	if a < 'A' || a > 'Z' || b < 'A' || b > 'Z' {
		return 0
	}
	return countryCode(a)<<8 | countryCode(b)
}

// british reports whether a country writes its postcodes the British way: an
// outward code (area and district), a space, an inward code of a digit and
// two letters.
func (c countryCode) british() bool {
	switch c {
	case 'G'<<8 | 'B', 'J'<<8 | 'E', 'G'<<8 | 'G', 'I'<<8 | 'M', 'G'<<8 | 'I':
		return true
	}
	return false
}
