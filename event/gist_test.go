package event_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

// The gist is what the full decoding says, of every decision of the contract.
func TestGistIsPartOfTheDecision(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/decision*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("got no decisions in testdata: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := event.DecodeDecision(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := event.DecodeGist(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(d.Gist(), got); diff != "" {
			t.Errorf("%s: gist (-decision +gist):\n%s", name, diff)
		}
	}
	if _, err := event.DecodeGist([]byte(`{"specversion":"1.0","type":"dev.nearlane.dispatch.v1","data":{}}`)); err == nil {
		t.Error("gist of a dispatch: got no error")
	}
}

// Whatever EndedBefore calls over has no claim that the full decoding finds
// beyond the instant; and what ended long before is found to be over.
func TestEndedBefore(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC)
	zones := []*time.Location{time.UTC, time.FixedZone("east", 14*3600), time.FixedZone("west", -12*3600)}
	for _, zone := range zones {
		for _, ago := range []time.Duration{-48 * time.Hour, -time.Second, 0, time.Second, 20 * time.Hour, 47 * time.Hour, 100 * time.Hour, 9999 * time.Hour} {
			end := now.Add(-ago).In(zone)
			d := &event.Decision{Outcome: event.Dispatched, Channel: "shop", OrderID: "1", Claims: []event.Claim{
				{Slot: "a", Units: 1, Limit: 2, Ends: now.Add(-9999 * time.Hour)}, {Slot: "b", Units: 1, Limit: 2, Ends: end}}}
			data, err := event.EncodeDecision(d, now)
			if err != nil {
				t.Fatal(err)
			}
			got := event.EndedBefore(data, now)
			if got && end.After(now) {
				t.Errorf("claim that ends at %v: got over at %v", end, now)
			}
			if want := ago >= 100*time.Hour; !got && want {
				t.Errorf("claim that ended at %v: got not over at %v", end, now)
			}
		}
	}
	for text, want := range map[string]bool{
		`{"data":{"outcome":"cancelled"}}`:                    true,
		`{"ends":"2026-01-01T10:00:00Z"}`:                     true,
		`{"ends":"2026-01-01T10:00:00Z","x":{"ends":"2026-0"`: false,
		`{"ends": "2026-01-01T10:00:00Z"}`:                    false,
		`{"ends":20260101000000}`:                             false,
		`{"ends":"-026-01-01T10:00:00Z"}`:                     false,
		`{"ends":"12026-01-01T10:00:00Z"}`:                    false,
		`{"\u0065nds":"2027-01-01T10:00:00Z"}`:                false,
	} {
		if got := event.EndedBefore([]byte(strings.TrimSpace(text)), now); got != want {
			t.Errorf("%s: got %t, want %t", text, got, want)
		}
	}
}
