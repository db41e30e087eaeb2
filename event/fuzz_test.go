package event

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// FuzzDecodeOrder holds DecodeOrder to what the router relies on: an order or
// a refusal, never both; an order that can be stored, found and decoded again
// as the same; and an answer that depends on the JSON, not on its spelling.
func FuzzDecodeOrder(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	subject, now := PlacedSubject("webshop"), time.Date(2026, 8, 4, 6, 10, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		o, refusal := DecodeOrder(subject, data, now)
		if (o == nil) == (refusal == nil) {
			t.Fatalf("got %v and %v", o, refusal)
		}
		checkSpelling(t, subject, data, now, o, refusal)
		if refusal != nil {
			if refusal.Code == "" || len(refusal.Pointer) > maxPointer || (refusal.Pointer != "" && refusal.Pointer[0] != '/') {
				t.Fatalf("got %+v", refusal)
			}
			return
		}
		if k, err := ParseDecisionSubject(DecisionSubject(o.Key())); err != nil || k != o.Key() {
			t.Fatalf("key %+v comes back as %+v, %v", o.Key(), k, err)
		}
		again, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		back, refusal := DecodeOrder(subject, again, now)
		if refusal != nil {
			t.Fatalf("%s is refused: %v", again, refusal)
		}
		if diff := cmp.Diff(o, back); diff != "" {
			t.Fatalf("-first +second\n%s", diff)
		}
		if got, want := string(new(writer).canonical(o)), sorted(t, o); got != want {
			t.Fatalf("canonical\ngot  %s\nwant %s", got, want)
		}
	})
}

// checkSpelling decodes the canonical form of data, which has the same meaning
// unless a number loses digits.
func checkSpelling(t *testing.T, subject string, data []byte, now time.Time, o *Order, refusal *Refusal) {
	t.Helper()
	other := jsontext.Value(data).Clone()
	if other.Canonicalize(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false)) != nil || len(data) > MaxOrderBytes {
		return
	}
	got, gotRefusal := DecodeOrder(subject, other, now)
	if diff := cmp.Diff(o, got); diff != "" {
		t.Fatalf("canonical form %s\n%v, %v\n-as it came +canonical\n%s", other, refusal, gotRefusal, diff)
	}
}
