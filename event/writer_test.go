package event

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		for n := range 17 {
			s := strings.Repeat("x", n) + string([]byte{byte(c)}) + strings.Repeat(" ", 17-n)
			quoted, err := jsontext.AppendQuote(nil, s)
			if got, want := plain(s), err == nil && string(quoted) == `"`+s+`"`; got != want {
				t.Errorf("%q: got %v, want %v", s, got, want)
			}
		}
	}
}
