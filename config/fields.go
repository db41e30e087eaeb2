package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/nearlane/nearlane/lanes"
)

// whole is a whole number between two bounds, both included.
func whole(what string, least, most int64) field[int64] {
	return field[int64]{what: what, hint: fmt.Sprintf("a whole number from %d to %d", least, most),
		parse: func(text string) (int64, error) {
			if strings.Trim(text, "-0123456789") != "" {
				return 0, &problem{message: "it is not a whole number", offset: notIn(text, "-0123456789")}
			}
			n, err := strconv.ParseInt(text, 10, 64)
			switch {
			case err != nil && !strings.Contains(err.Error(), "range"):
				return 0, &problem{message: "it is not a whole number"}
			case err != nil || n > most:
				return 0, &problem{code: CodeRange, message: fmt.Sprintf("it is more than %d", most)}
			case n < least:
				return 0, &problem{code: CodeRange, message: fmt.Sprintf("it is less than %d", least)}
			}
			return n, nil
		}}
}

// decimal is a number between two bounds, both included.
func decimal(what, hint string, least, most float64) field[float64] {
	return field[float64]{what: what, hint: hint, parse: func(text string) (float64, error) {
		const digits = "-.0123456789"
		x, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil || strings.Trim(text, digits) != "":
			return 0, &problem{message: "it is not a number", offset: notIn(text, digits)}
		case math.IsNaN(x) || x < least || x > most:
			return 0, &problem{code: CodeRange, message: fmt.Sprintf("it is not between %g and %g", least, most)}
		}
		return x, nil
	}}
}

// notIn is the first byte of text that is not one of chars.
func notIn(text, chars string) int {
	return max(0, strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune(chars, r) }))
}

const maxKm = 2000

// kilometres is a radius. Nothing that is delivered locally is further than
// maxKm; whoever writes 3000 means metres.
var kilometres = field[float64]{what: "a radius in km", hint: "kilometres, such as 2.5; for whole countries write countries: [FI]",
	parse: func(text string) (float64, error) {
		x, err := decimal("", "", 0, maxKm).parse(text)
		if err == nil && x <= 0 {
			return 0, &problem{code: CodeRange, message: "it is not more than 0"}
		}
		return x, err
	}}

// duration is 0 or more.
var duration = field[time.Duration]{what: "a duration", hint: "write it as 20m, 2h or 1h30m", parse: lanes.ParseDuration}

// longer is a duration of more than nothing.
var longer = field[time.Duration]{what: duration.what, hint: duration.hint, parse: func(text string) (time.Duration, error) {
	d, err := duration.parse(text)
	if err == nil && d == 0 {
		return 0, &problem{code: CodeRange, message: "it is zero"}
	}
	return d, err
}}

const day = 24 * time.Hour

// days is a number of local days.
var days = field[int]{what: "a number of days", hint: "write it as 2d, from 1d to 30d", parse: func(text string) (int, error) {
	d, err := lanes.ParseDuration(text)
	switch {
	case err != nil:
		return 0, err
	case d%day != 0 || d == 0 || d > 30*day:
		return 0, &problem{code: CodeRange, message: "it is not a whole number of days from 1 to 30"}
	}
	return int(d / day), nil
}}

// size is a number of bytes, in binary units.
var size = field[int64]{what: "a size", hint: "write it as 512MiB or 10GiB", parse: func(text string) (int64, error) {
	for i, unit := range []string{"MiB", "GiB", "TiB"} {
		digits, ok := strings.CutSuffix(text, unit)
		if !ok {
			continue
		}
		shift := 20 + 10*i
		n, err := whole("", 1, 1<<(50-shift)).parse(digits)
		return n << shift, err
	}
	return 0, &problem{message: "the unit is missing"}
}}

// millimetres and grams are outer dimensions and weights of parcels.
var (
	millimetres = whole("a length in mm", 1, 100_000)
	grams       = whole("a weight in grams", 1, 1_000_000_000)
)

// text is any text but the empty one.
func text(what string) field[string] {
	return field[string]{what: what, hint: "a text on one line", parse: func(text string) (string, error) {
		if strings.TrimSpace(text) == "" {
			return "", &problem{message: "it is empty"}
		}
		return text, nil
	}}
}

// identifier is the id of something, where it is a value and not a key.
var identifier = field[string]{what: "an id", hint: idHint, parse: func(text string) (string, error) {
	if message, offset := checkID(text, ""); message != "" {
		return "", &problem{code: CodeID, message: message, offset: offset}
	}
	return text, nil
}}

var currency = field[string]{what: "a currency", hint: "an ISO 4217 code in capitals, such as EUR", parse: func(text string) (string, error) {
	if _, known := lanes.Decimals(text); !known {
		return "", &problem{message: "ISO 4217 has no such code"}
	}
	return text, nil
}}

// amount is money, in minor units of a currency with so many decimals.
func amount(decimals int) field[int64] {
	hint := "write it as 4.20"
	if decimals == 0 {
		hint = "write it as 420: the currency has no decimals"
	}
	return field[int64]{what: "an amount", hint: hint, parse: func(text string) (int64, error) {
		return lanes.ParseMoney(text, decimals)
	}}
}

// What people write in the small languages of package lanes.
var (
	clock      = field[lanes.Clock]{"a time of day", `write it as "21:00"`, lanes.ParseClock}
	dates      = field[lanes.Dates]{"a day or days", "write 2026-12-06 or 2026-12-24..2026-12-26", parseDates}
	hours      = field[lanes.Hours]{"opening hours", `write "Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off"`, lanes.ParseHours}
	block      = field[lanes.Block]{"a block", `write "Mo-Sa 10:00-12:00"`, lanes.ParseBlock}
	collection = field[lanes.Collection]{"a collection", `write "Mo-Fr 17:30"`, lanes.ParseCollection}
	cutoff     = field[lanes.Cutoff]{"a cut-off", `write "Mo-Fr 17:00"`, lanes.ParseCutoff}
	pattern    = field[lanes.Pattern]{"a pattern of skus", `write mug-blue, or "mug-*" for all that begin so`, lanes.ParsePattern}
)

// parseDates refuses runs so long that they can only be a wrong year.
func parseDates(text string) (lanes.Dates, error) {
	run, err := lanes.ParseDates(text)
	if n := run.To - run.From + 1; err == nil && n > 366 {
		return run, &problem{code: CodeRange, offset: strings.Index(text, "..") + 2,
			message: fmt.Sprintf("it has %d days", n), hint: "at most 366 days in a row: check the year"}
	}
	return run, err
}

// oneOf is one of a few words.
func oneOf(what string, words ...string) field[string] {
	return field[string]{what: what, hint: "one of " + strings.Join(words, ", "), parse: func(text string) (string, error) {
		for _, word := range words {
			if text == word {
				return word, nil
			}
		}
		return "", &problem{message: "there is no such word", hint: didYouMean(text, words)}
	}}
}

// box reads three sides in mm.
func box(v value) (lanes.Box, bool) {
	const hint = "three sides in mm, in any order: [300, 200, 150]"
	var sides lanes.Box
	items := v.list(hint)
	if items == nil {
		return sides, false
	}
	if len(items) != len(sides) {
		v.fail(CodeValue, hint, "a box has three sides, not %d", len(items))
		return sides, false
	}
	for i, item := range items {
		side, ok := read(item, millimetres)
		if !ok {
			return sides, false
		}
		sides[i] = side
	}
	return sides, true
}
