package lanes

import "strings"

// The currencies of ISO 4217 by how many decimals their amounts have; the
// rest of the standard (metals, test codes, units of account) is nothing a
// lane is paid in.
const (
	currencies0 = " BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF "
	currencies2 = " AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY" +
		" COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS" +
		" INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR" +
		" MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD" +
		" SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG "
	currencies3 = " BHD IQD JOD KWD LYD OMR TND "
)

// Decimals returns how many decimals amounts of the ISO 4217 currency have:
// 2 for EUR, 0 for JPY. It reports false for a code it does not know.
func Decimals(currency string) (int, bool) {
	if len(currency) != 3 || strings.Contains(currency, " ") {
		return 0, false
	}
	code := " " + currency + " "
	switch {
	case strings.Contains(currencies2, code):
		return 2, true
	case strings.Contains(currencies0, code):
		return 0, true
	case strings.Contains(currencies3, code):
		return 3, true
	}
	return 0, false
}
