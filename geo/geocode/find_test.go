package geocode

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/nearlane/nearlane/geo"
)

func TestWhatIsAsked(t *testing.T) {
	t.Parallel()
	address := geo.Address{Street: "Kampin kuja 1 & 2", Locality: "Helsinki", Postcode: "00100", Country: "FI"}
	for _, c := range []struct {
		kind  Kind
		path  string // of the URL, and its query
		asked string // path
		want  url.Values
	}{
		{Nominatim, "", "/search", url.Values{"format": {"jsonv2"}, "addressdetails": {"1"}, "layer": {"address"}, "limit": {"5"},
			"street": {"Kampin kuja 1 & 2"}, "city": {"Helsinki"}, "postalcode": {"00100"}, "countrycodes": {"fi"}}},
		{Photon, "/geo/?key=hunter2", "/geo/api", url.Values{"key": {"hunter2"}, "limit": {"5"}, "layer": {"house", "street"},
			"q": {"Kampin kuja 1 & 2, 00100 Helsinki"}}},
		{Photon, "/api/", "/api/", url.Values{"limit": {"5"}, "layer": {"house", "street"}, "q": {"Kampin kuja 1 & 2, 00100 Helsinki"}}},
	} {
		s := newServer(t, body(http.StatusOK, readAnswer(t, string(c.kind)+"_none.json")))
		o := options(s.URL + c.path)
		o.Kind = c.kind
		g := open(t, o)
		if got := find(t, g, address); got != (geo.Place{}) || count(g, notFound) != 1 {
			t.Errorf("%s: got %v, want nothing found", c.kind, got)
		}
		r := s.requests()[0]
		if r.URL.Path != c.asked || r.UserAgent() != "nearlane-test" {
			t.Errorf("%s: got path %s by %q, want %s", c.kind, r.URL.Path, r.UserAgent(), c.asked)
		}
		if diff := cmp.Diff(c.want, r.URL.Query()); diff != "" {
			t.Errorf("%s: query (-want +got):\n%s", c.kind, diff)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*Options){
		func(o *Options) { o.Kind = "google" },
		func(o *Options) { o.URL = "hunter2" },
		func(o *Options) { o.URL = "http://\x7f:hunter2@geo" },
	} {
		o := options("http://127.0.0.1")
		change(&o)
		if g, err := New(o); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("got %v, %v, want an error that does not tell the URL", g, err)
		}
	}
}

// Whatever the server does, an address is not found, and nobody learns from a
// log which one, or what the URL's key is.
func TestTroubles(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) }) // after the subtests
	silent := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	}
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
		}
	}
	for _, c := range []struct {
		name    string
		answer  http.HandlerFunc
		outcome outcome
		down    bool // after one request
	}{
		{"slow", silent, timedOut, false},
		{"slow after the header", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			silent(w, r)
		}, timedOut, false},
		{"down behind a proxy", status(http.StatusBadGateway), statusOther, false},
		{"a wrong key", status(http.StatusForbidden), statusOther, false},
		{"too many requests", status(http.StatusTooManyRequests, "Retry-After", "30"), throttled, true},
		{"too many requests, without a time", status(http.StatusTooManyRequests), throttled, true},
		{"maintenance", status(http.StatusServiceUnavailable, "Retry-After", "Tue, 04 Aug 2026 12:01:30 GMT"), throttled, true},
		{"overloaded", status(http.StatusServiceUnavailable), throttled, false},
		{"a redirect", status(http.StatusFound, "Location", "/search"), statusOther, false},
		{"an address it does not like", body(http.StatusBadRequest, nil), refused, false},
		{"a page", body(http.StatusOK, []byte("<html>404 Kampinkuja</html>")), garbled, false},
		{"cut short", body(http.StatusOK, []byte(`[{"lat": "60.1`)), garbled, false},
		{"huge", body(http.StatusOK, []byte("["+strings.Repeat(" ", maxAnswer)+"]")), tooLarge, false},
		{"dropped", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, unreachable, false},
		{"another city", body(http.StatusOK, readAnswer(t, "nominatim_other_city.json")), elsewhere, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, c.answer)
			core, logs := observer.New(zapcore.DebugLevel)
			o := options(s.URL + "/?key=hunter2")
			o.Log, o.Now = zap.New(core), func() time.Time { return noon }
			least := 1
			if c.outcome == timedOut {
				o.Timeout, least = 100*time.Millisecond, 0 // it may be over before the request has arrived
			}
			g := open(t, o)
			if got := find(t, g, kampinkuja); got != (geo.Place{}) {
				t.Errorf("got %v, want nothing", got)
			}
			if n := len(s.requests()); count(g, c.outcome) != 1 || n < least || n > 1 {
				t.Errorf("got no request with outcome %s, or several", c.outcome)
			}
			for range failuresAtOnce {
				find(t, g, kampinkuja)
			}
			want := 0.0
			switch {
			case c.down:
				want = failuresAtOnce
			case c.outcome.failed():
				want = 1 // the fourth
			}
			if got := skipped(g, skippedDown); got != want {
				t.Errorf("got %g addresses not asked for, want %g", got, want)
			}
			for _, entry := range logs.All() {
				if text := fmt.Sprint(entry.Message, entry.ContextMap()); strings.Contains(text, "Kampin") || strings.Contains(text, "hunter2") || strings.Contains(text, "00100") {
					t.Errorf("the log tells too much: %s", text)
				}
			}
			if (logs.Len() > 0) != c.outcome.failed() {
				t.Errorf("got %d log entries", logs.Len())
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	s.Close()
	g := open(t, options(s.URL))
	if got := find(t, g, kampinkuja); got != (geo.Place{}) || count(g, unreachable) != 1 {
		t.Errorf("got %v, want it unreachable", got)
	}
}

// A server that is left alone is asked again after a while, once, and if it
// answers everything is as before.
func TestComesBack(t *testing.T) {
	t.Parallel()
	s := newServer(t, body(http.StatusInternalServerError, nil))
	o, now := options(s.URL), noon
	o.Now = func() time.Time { return now }
	g := open(t, o)
	for range 10 {
		find(t, g, kampinkuja)
	}
	if got := len(s.requests()); got != failuresAtOnce {
		t.Fatalf("got %d requests to a server that is down, want %d", got, failuresAtOnce)
	}
	s.answers(body(http.StatusOK, readAnswer(t, "nominatim_house.json")))
	if got := find(t, g, kampinkuja); got != (geo.Place{}) {
		t.Errorf("got %v while it is left alone, want nothing", got)
	}
	now = now.Add(firstPause)
	for range 2 {
		if got := find(t, g, kampinkuja); got != theHouse {
			t.Errorf("got %v after the pause, want %v", got, theHouse)
		}
	}
}

// One Find asks for each address once, a few at a time, and answers in order.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		for n := now.Add(1); ; {
			if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		defer now.Add(-1)
		number := strings.Fields(r.URL.Query().Get("street"))[1]
		fmt.Fprintf(w, `[{"lat": "60.%s", "lon": "24.9", "place_rank": 30, "address": {"house_number": %q, "postcode": "00100", "country_code": "fi"}}]`, number, number)
	})
	g := open(t, options(s.URL))
	addresses := make([]geo.Address, 60)
	for i := range addresses {
		addresses[i] = kampinkuja
		addresses[i].Street = fmt.Sprintf("Kampinkuja %d", 10+i%20)
	}
	addresses[7].Street = strings.ToUpper("  " + addresses[7].Street)
	for i, got := range g.Find(t.Context(), addresses) {
		want := geo.Place{Point: geo.Point{Lat: 60 + float64(10+i%20)/100, Lng: 24.9}, Precision: geo.PrecisionAddress}
		if got != want {
			t.Errorf("address %d: got %v, want %v", i, got, want)
		}
	}
	if got := len(s.requests()); got != 20 {
		t.Errorf("got %d requests for 20 addresses", got)
	}
	if got := most.Load(); got > 4 {
		t.Errorf("got %d requests at the same time, want at most 4", got)
	}
}

// What is over the rate is not waited for.
func TestOverTheRate(t *testing.T) {
	t.Parallel()
	s := newServer(t, body(http.StatusOK, readAnswer(t, "nominatim_none.json")))
	o := options(s.URL)
	o.RatePerSecond, o.Now = 2, func() time.Time { return noon }
	g := open(t, o)
	addresses := make([]geo.Address, 9)
	for i := range addresses {
		addresses[i] = geo.Address{Street: fmt.Sprint("Katu ", i), Postcode: "00100", Country: "FI"}
	}
	g.Find(t.Context(), addresses)
	if got, out := len(s.requests()), skipped(g, skippedRate); got != 2 || out != 7 {
		t.Errorf("got %d requests and %g over the rate, want 2 and 7", got, out)
	}
}

// A server that says nothing is not waited for beyond the wait, however many
// addresses there are; those that it was not asked for in time are not held
// against it. On a slow machine fewer requests begin, and never more: each has
// its whole timeout.
func TestWaitIsBounded(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	defer close(ended)
	s := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	})
	o := options(s.URL)
	o.Timeout, o.Wait, o.Concurrency = 150*time.Millisecond, 350*time.Millisecond, 1
	g := open(t, o)
	addresses := make([]geo.Address, 50)
	for i := range addresses {
		addresses[i] = geo.Address{Street: fmt.Sprint("Katu ", i), Postcode: "00100", Country: "FI"}
	}
	for _, got := range g.Find(t.Context(), addresses) { // without the bound it would take 7.5 s
		if got != (geo.Place{}) {
			t.Fatalf("got %v, want nothing", got)
		}
	}
	if asked, out := len(s.requests()), skipped(g, skippedTime); asked > 3 || out < 47 {
		t.Errorf("got %d requests begun and %g not, want at most 3 and the rest", asked, out)
	}
}

// A stop is not the server's fault.
func TestStopIsNoFailure(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	g := open(t, options(s.URL))
	g.Find(ctx, []geo.Address{kampinkuja})
	if g.gate.failures != 0 {
		t.Errorf("got %d failures, want none", g.gate.failures)
	}
}
