package geocode

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nearlane/nearlane/geo"
)

// server is a geocoder that answers as the test has it, and remembers what it
// was asked.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
	asked  []*http.Request
}

func newServer(t testing.TB, answer http.HandlerFunc) *server {
	t.Helper()
	s := &server{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r)
		answer := s.answer
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// answers changes what the server does from now on.
func (s *server) answers(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *server) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// body answers every request alike.
func body(status int, data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write(data)
	}
}

// options are those of a geocoder at a URL that may be asked as much as a test
// likes.
func options(url string) Options {
	return Options{Kind: Nominatim, URL: url, UserAgent: "nearlane-test", Timeout: time.Minute, Wait: 3 * time.Minute,
		RatePerSecond: 1000, Concurrency: 4, KeepFound: time.Hour, KeepMissed: time.Minute, Salt: Salt([]byte("a secret of the deployment")),
		Registerer: prometheus.NewRegistry()}
}

func open(t testing.TB, o Options) *Geocoder {
	t.Helper()
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// find asks for one address.
func find(t testing.TB, g *Geocoder, a geo.Address) geo.Place {
	t.Helper()
	return g.Find(t.Context(), []geo.Address{a})[0]
}

func count(g *Geocoder, o outcome) float64 {
	return metric(g, "nearlane_geocode_requests_total", string(o))
}

func skipped(g *Geocoder, why string) float64 {
	return metric(g, "nearlane_geocode_skipped_total", why)
}

// metric is the counter of that name whose one label has that value.
func metric(g *Geocoder, name, label string) float64 {
	families, err := g.Registerer.(*prometheus.Registry).Gather()
	if err != nil {
		panic(err) // a collector of ours is wrong
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == name && m.GetLabel()[0].GetValue() == label {
				return m.GetCounter().GetValue()
			}
		}
	}
	return 0
}
