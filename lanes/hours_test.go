package lanes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// week writes the hours of the days from 2026-12-21, a Monday, on.
func week(t *testing.T, text string) string {
	t.Helper()
	cal := calendar(t, "Europe/Helsinki", text, "2026-12-25")
	var days []string
	for d := date(t, "2026-12-21"); d <= date(t, "2026-12-27"); d++ {
		var spans []string
		for _, s := range cal.wall(d) {
			spans = append(spans, s.String())
		}
		if spans == nil {
			spans = []string{"off"}
		}
		days = append(days, strings.Join(spans, ","))
	}
	return strings.Join(days, " ")
}

func TestParseHours(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// Friday is the holiday, Thursday is Dec 24.
		"24/7":                     "00:00-24:00 00:00-24:00 00:00-24:00 00:00-24:00 00:00-24:00 00:00-24:00 00:00-24:00",
		"off":                      "off off off off off off off",
		"closed":                   "off off off off off off off",
		"08:00-20:00":              "08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00",
		"Mo-Fr 08:00-20:00":        "08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00 off off",
		"Mo-Fr 08:00-20:00;PH off": "08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00 off off off",
		"Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off; Dec 24 08:00-14:00": "" +
			"08:00-20:00 08:00-20:00 08:00-20:00 08:00-14:00 off 09:00-18:00 off",
		"Mo,We,Fr-Sa 08:00-12:00, 13:00-17:00": "" +
			"08:00-12:00,13:00-17:00 off 08:00-12:00,13:00-17:00 off 08:00-12:00,13:00-17:00 08:00-12:00,13:00-17:00 off",
		"Fr-Mo 10:00-24:00":                     "10:00-24:00 off off off 10:00-24:00 10:00-24:00 10:00-24:00",
		"Mo-Su 08:00-20:00; Su off":             "08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00 08:00-20:00 off",
		"Mo-Fr 08:00-18:00; PH,Su 10:00-14:00":  "08:00-18:00 08:00-18:00 08:00-18:00 08:00-18:00 10:00-14:00 off 10:00-14:00",
		"24/7; Dec 22-24 off":                   "00:00-24:00 off off off 00:00-24:00 00:00-24:00 00:00-24:00",
		"24/7; Dec 26-Jan 06 off":               "00:00-24:00 00:00-24:00 00:00-24:00 00:00-24:00 00:00-24:00 off off",
		" Mo 08:00-12:00,12:00-14:00 ; Tu off ": "08:00-14:00 off off off off off off",
	} {
		if diff := cmp.Diff(want, week(t, text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestParseHoursRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text   string
		offset int
		msg    string
	}{
		{"", 0, "hours are empty"},
		{"   ", 0, "hours are empty"},
		{"Mo-Fr", 5, "the rule has days but no times"},
		{"Mo-Fr 08:00-20:00;", 18, `expected days and times, or ";", found the end`},
		{"Mo-Fr 08:00-20:00;; Sa off", 18, `expected days and times, or ";", found ";"`},
		{"mo-fr 08:00-20:00", 0, `"mo" is not a weekday`},
		{"Mon-Fri 08:00-20:00", 0, `"Mon" is not a weekday`},
		{"Mo-Fri 08:00-20:00", 3, `"Fri" is not a weekday`},
		{"Mo–Fr 08:00-20:00", 2, `expected days and times, or ";", found "–"`},
		{"Mo-Fr 08:00–20:00", 11, `expected "-" and an end, found "–"`},
		{"Mo-Fr 8:00-20:00", 6, `"8:00" is not a time of day`},
		{"Mo-Fr 08:00 - 20:00", 11, `expected "-" and an end`},
		{"Mo-Fr 08:00-25:00", 12, "there is no time 25:00"},
		{"Mo-Fr 22:00-02:00", 12, "02:00 is before 22:00"},
		{"Mo-Fr 08:00-08:00", 12, "08:00-08:00 is empty"},
		{"Mo-Fr 24:00-24:00", 6, "nothing begins at 24:00"},
		{"Mo-Fr 08:00+", 11, "an open end is not supported"},
		{"Mo-Fr 08:00-12:00,11:00-17:00", 18, "11:00-17:00 begins before 12:00"},
		{"Mo-Fr 13:00-17:00,08:00-12:00", 18, "08:00-12:00 begins before 17:00"},
		{"Mo-Fr 08:00-20:00, Sa 09:00-18:00", 19, "expected a time"},
		{"Mo-Fr 08:00-20:00 || Sa off", 18, `expected days and times, or ";", found "||"`},
		{"Mo[1] 08:00-20:00", 2, `expected days and times, or ";", found "[1]"`},
		{"SH off", 0, `"SH" is not supported`},
		{"week 1-20 08:00-20:00", 0, `"week" is not supported`},
		{"Mo-Fr sunrise-sunset", 6, `expected days and times, or ";", found "sunrise-sunset"`},
		{`Mo-Fr 08:00-20:00 "by request"`, 18, `expected days and times, or ";", found "\"by"`},
		{"Dec 08:00-20:00", 6, `expected days and times, or ";", found ":00-20:00"`},
		{"Dec off", 4, `expected a day of the month, found "off"`},
		{"Feb 30 off", 4, "February has no day 30"},
		{"Dec 0 off", 4, "December has no day 0"},
		{"Dec 26-24 off", 7, "the run ends before it begins"},
		{"24/7 off", 5, `expected days and times, or ";", found "off"`},
		{"PH off; Mo-Fr 08:00-20:00", 8, `"Mo-Fr 08:00-20:00" would undo the earlier "PH off", because later rules win`},
		{"24/7; Dec 24 08:00-14:00; PH off", 26, `"PH off" would undo the earlier "Dec 24 08:00-14:00", because later rules win`},
		{"Mo-Fr 08:00-12:00; Mo-Fr 13:00-17:00", 0, `"Mo-Fr 08:00-12:00" has no effect: later rules replace it on all its days`},
		{"Sa 08:00-12:00; Mo-Su 13:00-17:00", 0, `"Sa 08:00-12:00" has no effect: later rules replace it on all its days`},
		{"24/7; Dec 24 off; Dec 23-26 08:00-12:00", 6, `"Dec 24 off" has no effect: later rules replace it on all its days`},
		{"24/7; PH off; PH 10:00-12:00", 6, `"PH off" has no effect: later rules replace it on all its days`},
	} {
		t.Run(tc.text, func(t *testing.T) {
			_, err := ParseHours(tc.text)
			refused(t, err, tc.offset, tc.msg)
		})
	}
}

func TestHoursHintAtWhatWasMeant(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Monday 08:00-20:00":                `did you mean "Mo"?`,
		"Mo-Fr 08:00-20:00, Sa 09:00-18:00": `separate rules with ";"`,
		"Mo-Fr 22:00-02:00":                 "a span may not pass midnight: end it at 24:00 and let the next day begin with 00:00-02:00",
		"Mo-Fr 8:00-20:00":                  "write 08:00",
		"december 24 off":                   `days of the year are written "Dec 24"`,
		"Mo–Fr 08:00-20:00":                 `write a plain "-"`,
		"":                                  `write "24/7" or "off"`,
	} {
		_, err := ParseHours(text)
		if got := err.(*SyntaxError).Hint; got != want {
			t.Errorf("%q: got hint %q, want %q", text, got, want)
		}
	}
}
