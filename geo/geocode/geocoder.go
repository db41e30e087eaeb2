package geocode

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/geo"
)

// Options say which geocoder is asked, and how hard. All fields are required
// but Cache, Now, Log and Registerer.
type Options struct {
	Kind          Kind
	URL           string        // of the server; its query goes with every request, and may hold a key
	UserAgent     string        // who asks: public geocoders refuse those who do not say
	Timeout       time.Duration // of one request
	Wait          time.Duration // of one Find, Timeout + Slack or more
	RatePerSecond float64       // requests that may begin in any second, more than 0
	Concurrency   int           // requests at the same time, 1 or more
	KeepFound     time.Duration // in the cache
	KeepMissed    time.Duration // likewise, for an address that was not found
	Salt          []byte        // of cache keys, the same on all routers; see Salt
	Cache         Cache         // nil: none
	Now           func() time.Time
	Log           *zap.Logger
	Registerer    prometheus.Registerer
}

// Geocoder is safe for concurrent use.
type Geocoder struct {
	Options
	base    *url.URL
	client  *http.Client
	gate    *gate
	metrics *metrics
	format  format
}

// New returns a geocoder that has not asked anything yet.
func New(o Options) (*Geocoder, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	f, known := formats[o.Kind]
	if !known {
		return nil, fmt.Errorf("open geocoder: %q is not a kind of geocoder, %s and %s are", o.Kind, Nominatim, Photon)
	}
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("open geocoder: its URL is none") // which is not repeated: it may hold a key
	}
	o.Wait = max(o.Wait, o.Timeout+Slack)
	return &Geocoder{Options: o, base: base, client: newClient(o.Concurrency), format: f,
		gate: newGate(o.RatePerSecond), metrics: newMetrics(o.Registerer)}, nil
}

// Close drops idle connections.
func (g *Geocoder) Close() { g.client.CloseIdleConnections() }

// query is one address of a Find, however often it was named.
type query struct {
	address geo.Address
	key     string
	at      []int // in the list of addresses
	place   geo.Place
}

// Find looks for all addresses at the same time and returns as many places, in
// their order; a zero place is not found, or not found in time.
func (g *Geocoder) Find(ctx context.Context, addresses []geo.Address) []geo.Place {
	last := time.Now().Add(g.Wait - g.Timeout - cacheTime) // for a request to begin
	queries := g.distinct(addresses)
	g.ask(ctx, last, g.recall(ctx, last, queries))
	places := make([]geo.Place, len(addresses))
	for _, q := range queries {
		for _, i := range q.at {
			places[i] = q.place
		}
	}
	return places
}

// distinct is every address once.
func (g *Geocoder) distinct(addresses []geo.Address) []*query {
	var list []*query
	byKey := map[string]*query{}
	for i, a := range addresses {
		key := g.key(a)
		q := byKey[key]
		if q == nil {
			q = &query{address: a, key: key}
			byKey[key], list = q, append(list, q)
		}
		q.at = append(q.at, i)
	}
	return list
}

// Slack is what a Wait has beside the timeout of a request: time to look into
// the cache, and to write to it.
const Slack = 2 * cacheTime

const cacheTime = 50 * time.Millisecond

// ask asks the server for each of the queries, several at a time. No request
// begins after last.
func (g *Geocoder) ask(ctx context.Context, last time.Time, queries []*query) {
	next := make(chan *query, len(queries))
	for _, q := range queries {
		next <- q
	}
	close(next)
	var all sync.WaitGroup
	for range min(g.Concurrency, len(queries)) {
		all.Go(func() {
			for q := range next {
				g.askOne(ctx, last, q)
			}
		})
	}
	all.Wait()
}

// askOne asks for one address, if it may. A request that begins has its whole
// timeout, so that a server is never judged by less.
func (g *Geocoder) askOne(ctx context.Context, last time.Time, q *query) {
	if ctx.Err() != nil || time.Now().After(last) {
		g.metrics.skipped.WithLabelValues(skippedTime).Inc()
		return
	}
	pass, why := g.gate.enter(g.Now())
	if why != "" {
		g.metrics.skipped.WithLabelValues(why).Inc()
		return
	}
	started := time.Now()
	answer := g.request(ctx, q.address)
	g.metrics.seconds.Observe(time.Since(started).Seconds())
	g.metrics.requests.WithLabelValues(string(answer.outcome)).Inc()
	if ctx.Err() != nil && answer.outcome == timedOut { // not its fault: the caller stopped
		g.gate.leave(pass)
		return
	}
	g.judge(pass, answer)
	q.place = answer.place
	g.keep(ctx, q, answer.outcome)
}

// judge tells the gate how the server did, and says so if that changed what
// becomes of the next address.
func (g *Geocoder) judge(p pass, a answer) {
	if !a.outcome.failed() {
		if g.gate.well() {
			g.metrics.shut.Set(0)
			g.Log.Info("geocoder answers again")
		}
		return
	}
	if pause := g.gate.failed(p, g.Now(), a.retryAfter); pause > 0 {
		g.metrics.shut.Set(1)
		g.Log.Warn("geocoder is left alone for a while, addresses are known by their postcodes",
			zap.String("outcome", string(a.outcome)), zap.Duration("for", pause), zap.Error(a.err))
	}
}
