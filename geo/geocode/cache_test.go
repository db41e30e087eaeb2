package geocode

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes/ledger"
)

// newCache is one that lasts as long as the test, and a look beside it.
func newCache(t *testing.T) (Cache, *redis.Client) {
	t.Helper()
	s, err := embedded.Redis(embedded.RedisOptions{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	l, err := ledger.Open(t.Context(), ledger.Options{URL: s.URL(), History: s.History(), Now: time.Now, Grace: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	at, err := redis.ParseURL(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	raw := redis.NewClient(at)
	t.Cleanup(func() { raw.Close() })
	return l.Cache(), raw
}

// What is known is not asked for again, by nobody of the deployment, and what
// was not found for a shorter time. Nothing in Redis tells an address.
func TestCache(t *testing.T) {
	t.Parallel()
	cache, raw := newCache(t)
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		name := "nominatim_house.json"
		if strings.Contains(r.URL.Query().Get("street"), "Nowhere") {
			name = "nominatim_other_city.json"
		}
		_, _ = w.Write(readAnswer(t, name))
	})
	nowhere := kampinkuja
	nowhere.Street = "Nowhere 1"
	for range 2 { // two routers
		o := options(s.URL)
		o.Cache = cache
		g := open(t, o)
		for range 2 {
			got := g.Find(t.Context(), []geo.Address{nowhere, kampinkuja})
			want := theHouse
			want.Point = geo.Point{Lat: 60.168722, Lng: 24.93124} // to a decimetre
			if got[0] != (geo.Place{}) || geo.Distance(got[1].Point, want.Point) > 0.2 || got[1].Precision != want.Precision {
				t.Errorf("got %v, want nothing and %v", got, want)
			}
		}
	}
	if got := len(s.requests()); got != 2 {
		t.Errorf("got %d requests for two addresses, want 2", got)
	}
	keys, err := raw.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) != 2 {
		t.Fatalf("got keys %v, %v, want two", keys, err)
	}
	longest := time.Duration(0)
	for _, key := range keys {
		text := strings.ToLower(key + " " + raw.Get(t.Context(), key).Val())
		for _, part := range []string{"kampin", "nowhere", "00100", "helsinki"} {
			if strings.Contains(text, part) {
				t.Errorf("Redis tells the address: %s", text)
			}
		}
		left := raw.PTTL(t.Context(), key).Val()
		if left <= 0 || left > time.Hour {
			t.Errorf("%s is kept for %v", key, left)
		}
		if raw.Get(t.Context(), key).Val() == missed && left > time.Minute {
			t.Errorf("a miss is kept for %v, want at most a minute", left)
		}
		longest = max(longest, left)
	}
	if longest <= time.Minute {
		t.Errorf("a find is kept for %v, want nearly an hour", longest)
	}
}

// Only who has the salt can tell whether an address is there.
func TestKeysAreSalted(t *testing.T) {
	t.Parallel()
	key := func(change func(*Options), a geo.Address) string {
		o := options("http://geo.example")
		change(&o)
		return open(t, o).key(a)
	}
	same := func(*Options) {}
	want := key(same, kampinkuja)
	spelt := geo.Address{Street: " kampinkuja  1 ", Locality: "HELSINKI", Postcode: "FI-00100", Country: "FI"}
	if got := key(same, spelt); got != want {
		t.Errorf("got another key for another spelling: %s, %s", got, want)
	}
	for name, change := range map[string]func(*Options){
		"salt": func(o *Options) { o.Salt = Salt([]byte("another secret")) },
		"kind": func(o *Options) { o.Kind = Photon },
		"host": func(o *Options) { o.URL = "http://other.example" },
	} {
		if got := key(change, kampinkuja); got == want {
			t.Errorf("another %s, the same key", name)
		}
	}
	for _, change := range []func(*geo.Address){
		func(a *geo.Address) { a.Street = "Kampinkuja 11" },
		func(a *geo.Address) { a.Locality = "Tampere" },
		func(a *geo.Address) { a.Postcode = "00101" },
		func(a *geo.Address) { a.Country = "SE" },
	} {
		other := kampinkuja
		change(&other)
		if got := key(same, other); got == want {
			t.Errorf("%v has the key of %v", other, kampinkuja)
		}
	}
	if secret := []byte("a secret"); strings.Contains(string(Salt(secret)), string(secret)) {
		t.Error("the salt gives the secret away")
	}
}

// A failure is not remembered as an answer.
func TestFailuresAreNotCached(t *testing.T) {
	t.Parallel()
	cache, raw := newCache(t)
	s := newServer(t, body(http.StatusBadGateway, nil))
	o := options(s.URL)
	o.Cache = cache
	find(t, open(t, o), kampinkuja)
	if keys := raw.Keys(t.Context(), "*").Val(); len(keys) != 0 {
		t.Errorf("got %v cached, want nothing", keys)
	}
}

// A cache that is gone, or holds what nobody wrote, costs requests and nothing
// else.
func TestCacheLost(t *testing.T) {
	t.Parallel()
	cache, raw := newCache(t)
	s := newServer(t, body(http.StatusOK, readAnswer(t, "nominatim_house.json")))
	o := options(s.URL)
	o.Cache = cache
	g := open(t, o)
	for _, value := range []string{"", "x", "60.1 24.9", "60.1 24.9 point", "99 24.9 address", "60.1 x address", "NaN 24.9 address"} {
		if err := raw.Set(t.Context(), g.key(kampinkuja), value, 0).Err(); err != nil {
			t.Fatal(err)
		}
		if got := find(t, g, kampinkuja); got != theHouse {
			t.Errorf("%q in the cache: got %v, want %v", value, got, theHouse)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := cache.Get(ended, []string{"k"}); err == nil {
		t.Error("got no error of a cache that could not be asked")
	}
}
