package lanes

import (
	"fmt"
	"math"
	"strings"
)

// ParseMoney reads an amount such as "4.20" or "4" and returns it in minor
// units of a currency with so many decimals (see [Decimals]). It never goes
// through a float.
func ParseMoney(text string, decimals int) (int64, error) {
	s := &scanner{text: text}
	if s.peek() == '-' {
		return 0, s.fail(0, "", "an amount is not negative")
	}
	whole := s.digits()
	switch {
	case whole == "":
		return 0, s.unexpected("an amount such as 4.20")
	case len(whole) > 1 && whole[0] == '0':
		return 0, s.fail(0, "write it without the leading 0", "%q is not an amount", text)
	}
	var fraction string
	if s.eat('.') {
		from := s.at
		if fraction = s.digits(); fraction == "" {
			return 0, s.unexpected("decimals")
		}
		if len(fraction) > decimals {
			return 0, s.fail(from, "", "%q has more than the currency's %d decimals", text, decimals)
		}
	}
	if s.peek() == ',' {
		return 0, s.fail(s.at, "write 1234.50", `"," does not belong in an amount`)
	}
	if !s.done() {
		return 0, s.unexpected("the end of the amount")
	}
	var minor int64
	for _, digit := range []byte(whole + fraction + strings.Repeat("0", decimals-len(fraction))) {
		if minor > (math.MaxInt64/maxFactor-9)/10 {
			return 0, s.fail(0, "", "%q is too much", text)
		}
		minor = minor*10 + int64(digit-'0')
	}
	return minor, nil
}

// maxFactor leaves room for what amounts are multiplied by and added to.
const maxFactor = 1_000_000

// FormatMoney writes minor units of a currency with so many decimals: "4.20".
func FormatMoney(minor int64, decimals int) string {
	sign, n := "", uint64(minor)
	if minor < 0 {
		sign, n = "-", -n
	}
	digits := fmt.Sprintf("%0*d", decimals+1, n)
	point := len(digits) - decimals
	if decimals == 0 {
		return sign + digits
	}
	return sign + digits[:point] + "." + digits[point:]
}
