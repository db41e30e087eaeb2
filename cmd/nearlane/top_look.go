package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/redact"
	"github.com/nearlane/nearlane/router"
)

// glance is what top shows of one moment.
type glance struct {
	At      time.Time          `json:"at"`
	Over    float64            `json:"overSeconds"` // what the rates are measured over; 0: nothing yet
	Routers []topRouter        `json:"routers"`
	Orders  map[string]float64 `json:"ordersPerSecond"`  // by outcome
	Refused map[string]float64 `json:"refusedPerSecond"` // by code, those above zero
	P50     *float64           `json:"p50Seconds"`       // from stored order to stored decision
	P99     *float64           `json:"p99Seconds"`
	Lag     []topLag           `json:"lag"`
	Waiting int                `json:"waiting"` // orders, for room
	Slots   []filling          `json:"slots"`
}

// topRouter is a router that says it runs, or one that was asked for.
type topRouter struct {
	Name     string `json:"name,omitempty"`
	Host     string `json:"host,omitempty"`
	URL      string `json:"url,omitempty"` // that was asked
	Revision string `json:"revision"`
	Ready    bool   `json:"ready"`
	Error    string `json:"error,omitempty"` // why it does not answer
}

// topLag is how far a durable is behind.
type topLag struct {
	Stream        string  `json:"stream"`
	Pending       uint64  `json:"pending"`
	Unanswered    int     `json:"unanswered"`
	OldestSeconds float64 `json:"oldestSeconds"`
}

// window is how long rates and latencies look back.
const window = 30 * time.Second

// watcher looks again and again: it reads of the journal only what is new.
type watcher struct {
	conn    *stream.Conn
	journal *stream.Journal
	network *router.Network
	urls    []string
	day     string

	refold *router.Refold
	next   uint64   // sequence of the journal to read on from
	past   []sample // oldest first, those of the window
}

// sample is what each router had counted at an instant; nil: it did not answer.
type sample struct {
	at     time.Time
	counts []scrape
}

// look takes everything in once.
func (w *watcher) look(ctx context.Context) (*glance, error) {
	now := time.Now()
	g := &glance{At: now.UTC().Truncate(time.Millisecond), Orders: map[string]float64{}, Refused: map[string]float64{}, Lag: []topLag{}}
	counts := w.ask(ctx, g)
	if err := w.read(ctx); err != nil {
		return nil, err
	}
	g.Waiting = w.refold.Outcomes[event.Waiting]
	loads, err := w.conn.Loads(ctx, app.Durables())
	if err != nil {
		return nil, err
	}
	for _, l := range loads {
		if !l.Durable {
			continue
		}
		lag := topLag{Stream: l.Stream, Pending: l.Pending, Unanswered: l.Unanswered}
		if !l.Oldest.IsZero() {
			lag.OldestSeconds = max(now.Sub(l.Oldest), 0).Round(time.Millisecond).Seconds()
		}
		g.Lag = append(g.Lag, lag)
	}
	days, err := daysOf(w.network, w.day, now)
	if err != nil {
		return nil, err
	}
	g.Slots = append([]filling{}, filled(w.network, days, w.refold)...)
	w.measure(g, sample{now, counts})
	return g, nil
}

// read follows the journal to its present end.
func (w *watcher) read(ctx context.Context) error {
	first, last, err := w.conn.Bounds(ctx, event.StreamDispatch)
	if err != nil || last < w.next || last < first {
		return err
	}
	if err := w.journal.Read(ctx, w.next, last, w.refold.Add); err != nil {
		return fmt.Errorf("read journal: %w", err)
	}
	w.next = last + 1
	return nil
}

// ask scrapes all routers at once.
func (w *watcher) ask(ctx context.Context, g *glance) []scrape {
	answers, errs := make([]scrape, len(w.urls)), make([]error, len(w.urls))
	var all sync.WaitGroup
	for i, url := range w.urls {
		all.Go(func() { answers[i], errs[i] = scrapeOf(ctx, url) })
	}
	present, _ := w.conn.Presence().List(ctx) // without it, those that were asked are shown
	all.Wait()
	for i, url := range w.urls {
		r := topRouter{URL: redact.New(url).String(), Ready: answers[i]["nearlane_router_ready"] == 1}
		for revision := range answers[i].by("nearlane_config_info", "revision") {
			r.Revision = revision
		}
		if errs[i] != nil {
			r.Error = errs[i].Error()
		}
		g.Routers = append(g.Routers, r)
	}
	for _, p := range present {
		if len(present) == 1 && len(g.Routers) == 1 { // it is the one
			g.Routers[0].Name, g.Routers[0].Host = p.Router, p.Host
			if g.Routers[0].Revision == "" {
				g.Routers[0].Revision = p.Revision
			}
			break
		}
		g.Routers = append(g.Routers, topRouter{Name: p.Router, Host: p.Host, Revision: p.Revision, Ready: true, Error: p.Error})
	}
	return answers
}

// measure compares with the oldest sample of the window.
func (w *watcher) measure(g *glance, latest sample) {
	for len(w.past) > 1 && latest.at.Sub(w.past[0].at) > window {
		w.past = w.past[1:]
	}
	w.past = append(w.past, latest)
	oldest, counted, known := w.past[0], scrape{}, false
	for i, now := range latest.counts {
		if before := oldest.counts[i]; now != nil && before != nil && len(w.past) > 1 {
			counted.add(now.since(before))
			known = true
		}
	}
	if !known {
		return
	}
	took := latest.at.Sub(oldest.at).Seconds()
	g.Over = float64(int(took*1000)) / 1000
	for outcome, n := range counted.by("nearlane_orders_decided_total", "outcome") {
		g.Orders[outcome] = n / took
	}
	for code, n := range counted.by("nearlane_orders_refused_total", "code") {
		if n > 0 {
			g.Refused[code] = n / took
		}
	}
	const latency = "nearlane_order_decision_seconds"
	if p50, ok := counted.quantile(0.5, latency); ok {
		p99, _ := counted.quantile(0.99, latency)
		g.P50, g.P99 = &p50, &p99
	}
}
