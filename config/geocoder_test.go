package config

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// withGeocoder is base.yaml with these lines under geocoding.
func withGeocoder(t *testing.T, http string) string {
	t.Helper()
	const gazetteer = "    - {country: FI, file: FI.tsv}\n"
	return strings.Replace(readTestdata(t, "base.yaml"), gazetteer, gazetteer+"  http: "+http+"\n", 1)
}

func TestGeocoder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		http string
		want Geocoder
	}{
		{`{kind: photon, url: "http://geo:2322", userAgent: town}`,
			Geocoder{Kind: "photon", URL: NewSecret("http://geo:2322"), UserAgent: "town", Timeout: 300 * time.Millisecond, Wait: 600 * time.Millisecond,
				RatePerSecond: 1, Concurrency: 4, KeepFound: 30 * day, KeepMissed: day}},
		{`{kind: nominatim, url: "https://geo.example", userAgent: town, timeout: 1s, ratePerSecond: 0.5, concurrency: 2, countries: [FI], keep: {found: 7d, missed: 2h}}`,
			Geocoder{Kind: "nominatim", URL: NewSecret("https://geo.example"), UserAgent: "town", Timeout: time.Second, Wait: 2 * time.Second,
				RatePerSecond: 0.5, Concurrency: 2, Countries: []string{"FI"}, KeepFound: 7 * day, KeepMissed: 2 * time.Hour}},
	} {
		got, found := loadText(withGeocoder(t, c.http))
		if got == nil || len(found) > 0 {
			t.Fatalf("%s:\n%s", c.http, found.Format())
		}
		if diff := cmp.Diff(c.want, *got.Geocoder, cmp.Comparer(func(a, b Secret) bool { return a.Reveal() == b.Reveal() })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.http, diff)
		}
	}
}

func TestGeocoderAsks(t *testing.T) {
	t.Parallel()
	var none *Geocoder
	if none.Asks("FI") {
		t.Error("no geocoder is asked")
	}
	if all := (&Geocoder{}); !all.Asks("FI") {
		t.Error("without a list, got FI not asked for")
	}
	if some := (&Geocoder{Countries: []string{"FI"}}); !some.Asks("FI") || some.Asks("SE") {
		t.Error("got other countries than those listed")
	}
}

// The network is the same wherever the geocoder is, and not whomever it is
// asked about.
func TestGeocoderInRevision(t *testing.T) {
	t.Parallel()
	revision := func(http string) string {
		t.Helper()
		c, found := loadText(withGeocoder(t, http))
		if c == nil {
			t.Fatal(found.Format())
		}
		return c.Revision
	}
	const text = `{kind: photon, url: "http://%s", userAgent: town, countries: [%s]}`
	want := revision(fmt.Sprintf(text, "geo", "FI"))
	if got := revision(fmt.Sprintf(text, "elsewhere", "FI")); got != want {
		t.Error("another URL changes the revision")
	}
	if got := revision(fmt.Sprintf(text, "geo", "SE")); got == want {
		t.Error("other countries do not change the revision")
	}
}

// A key in the URL is in no print of the config, and is taken out of what is
// sent around of it.
func TestGeocoderKeyIsSecret(t *testing.T) {
	t.Parallel()
	c, found := loadText(withGeocoder(t, `{kind: photon, url: "https://geo.example/?key=hunter2", userAgent: town}`))
	if c == nil {
		t.Fatal(found.Format())
	}
	if text := fmt.Sprintf("%+v %#v %v", *c.Geocoder, *c.Geocoder, found); strings.Contains(text, "hunter2") {
		t.Errorf("the key prints: %s", text)
	}
	if !c.Bundle().HoldsSecrets() {
		t.Error("got a bundle without secrets, want the URL to be one")
	}
	if blanked := c.Bundle().Blanked(); strings.Contains(blanked.Text, "hunter2") {
		t.Errorf("the blanked bundle holds the key:\n%s", blanked.Text)
	}
	sealed, found := LoadBundle(c.Bundle().Blanked(), Options{ReadFile: func(string) ([]byte, error) { return []byte(readTestdata(t, "FI.tsv")), nil }})
	if sealed == nil {
		t.Fatalf("load the blanked bundle:\n%s", found.Format())
	}
	if sealed.Revision != c.Revision || !sealed.Geocoder.Asks("FI") {
		t.Errorf("got revision %s, want %s, and the geocoder to be asked", sealed.Revision, c.Revision)
	}
}

func TestNearby(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"nominatim": true, "geo.internal": true, "nominatim.geo.svc.cluster.local": true, "127.0.0.1": true, "10.1.2.3": true, "::1": true, "fd00::1": true,
		"geo.example": false, "8.8.8.8": false, "2001:4860::1": false, "internal.example": false,
	} {
		if got := nearby(host); got != want {
			t.Errorf("%s: got %v, want %v", host, got, want)
		}
	}
}
