package event

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

func (w *writer) text(name, s string) {
	w.b = append(w.b, name...)
	w.quote(s)
}

func (w *writer) optText(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

func (w *writer) quote(s string) {
	if !plain(s) {
		w.escape(s)
		return
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, s...)
	w.b = append(w.b, '"', ',')
}

// escape leaves the rules to the library.
func (w *writer) escape(s string) {
	b, err := jsontext.AppendQuote(w.b, s)
	w.b = append(b, ',')
	if err != nil {
		w.fail(err)
	}
}

// plain reports whether s is of ASCII that JSON does not escape. It looks at
// eight bytes at once: after the subtractions, the top bit of a byte tells
// that it was less than a space, or equal to a quote or to a backslash.
func plain(s string) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; len(s) >= 8; s = s[8:] {
		v := binary.LittleEndian.Uint64([]byte(s[:8]))
		quote, slash := v^('"'*ones), v^('\\'*ones)
		if (v|(v-' '*ones)|(quote-ones)|(slash-ones))&tops != 0 {
			return false
		}
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
