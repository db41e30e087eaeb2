package event_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
)

func TestToken(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"W00001":       "W00001",
		"a.b/c d":      "a%2Eb%2Fc%20d",
		"*>%":          "%2A%3E%25",
		"tab\tnl\n":    "tab%09nl%0A",
		"\x00\x1f\x7f": "%00%1F%7F",
		"Hämeentie":    "Hämeentie",
		"$JS{x}:#?+~":  "$JS{x}:#?+~",
	} {
		if got := event.Token(id); got != want {
			t.Errorf("Token(%q): got %q, want %q", id, got, want)
		}
		if got, err := event.Untoken(want); err != nil || got != id {
			t.Errorf("Untoken(%q): got %q, %v, want %q", want, got, err, id)
		}
	}
}

func TestUntokenRefuses(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]error{
		"":                        event.ErrEmptyID,
		"%":                       event.ErrBadToken,
		"%2":                      event.ErrBadToken,
		"%2e":                     event.ErrBadToken, // lower case: a second spelling
		"%41":                     event.ErrBadToken, // an A needs no encoding: likewise
		"%G0":                     event.ErrBadToken,
		"a b":                     event.ErrBadToken,
		"a.b":                     event.ErrBadToken,
		"\xff":                    event.ErrIDUTF8,
		strings.Repeat("a", 129):  event.ErrLongID,
		strings.Repeat("%20", 43): event.ErrLongID,
	} {
		if got, err := event.Untoken(token); !errors.Is(err, want) {
			t.Errorf("Untoken(%q): got %q, %v, want %v", token, got, err, want)
		}
	}
}

func TestCheckID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]error{
		"a":                            nil,
		"a.b/c d":                      nil,
		strings.Repeat("a", 128):       nil,
		strings.Repeat(" ", 42) + "ab": nil, // 128 encoded
		"":                             event.ErrEmptyID,
		strings.Repeat("a", 129):       event.ErrLongID,
		strings.Repeat(" ", 43):        event.ErrLongID,
		"\xff":                         event.ErrIDUTF8,
	} {
		if got := event.CheckID(id); !errors.Is(got, want) {
			t.Errorf("CheckID(%q): got %v, want %v", id, got, want)
		}
	}
}

func FuzzToken(f *testing.F) {
	for _, id := range []string{"", "W00001", "a.b/c d", "%2E", "*", ">", "ä\x00", "\xff"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		token := event.Token(id)
		if strings.ContainsAny(token, " .*>/\t\r\n\x00") {
			t.Fatalf("Token(%q) = %q is no subject token", id, token)
		}
		back, err := event.Untoken(token)
		if want := event.CheckID(id); !errors.Is(err, want) {
			t.Fatalf("Untoken(Token(%q)): got %v, want %v", id, err, want)
		} else if err == nil && back != id {
			t.Fatalf("Untoken(Token(%q)): got %q", id, back)
		}
		if other, err := event.Untoken(id); err == nil && event.Token(other) != id {
			t.Fatalf("Untoken(%q) = %q, whose token is %q", id, other, event.Token(other))
		}
		k := event.Key{Channel: id, Order: "x" + id}
		if event.CheckID(k.Channel) != nil || event.CheckID(k.Order) != nil {
			return
		}
		if got, err := event.ParseKey(k.String()); err != nil || got != k {
			t.Fatalf("ParseKey(%q): got %v, %v", k, got, err)
		}
		if got, err := event.ParseDecisionSubject(event.DecisionSubject(k)); err != nil || got != k {
			t.Fatalf("ParseDecisionSubject(%q): got %v, %v", event.DecisionSubject(k), got, err)
		}
	})
}
