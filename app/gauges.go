package app

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// gauges are what a scrape asks the servers: whether they answer, how far the
// router lags behind them, and how full they are. A scrape asks all at once and
// waits at most gaugesTimeout; what does not answer is left out, and its up is 0.
type gauges struct {
	conn    *stream.Conn
	redis   func(context.Context) error
	router  *router.Router
	damage  func() error // of the journal
	filling *fillings
	version string
}

const gaugesTimeout = 2 * time.Second

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("nearlane_"+name, help, labels, nil)
}

var (
	natsUp     = describe("nats_up", "1 if NATS is connected and the journal has a leader.")
	redisUp    = describe("redis_up", "1 if Redis answers, and under a known history.")
	ready      = describe("router_ready", "1 if the router takes orders.")
	build      = describe("build_info", "Always 1; the label is the version of the binary.", "version")
	reconnects = describe("nats_reconnects_total", "Times that the connection to NATS was lost and made again.")

	missing = describe("journal_missing_messages", "Messages that the journal had and has no more, or cannot read; accepted losses aside.")

	streamMessages = describe("stream_messages", "Messages that the stream holds.", "stream")
	streamBytes    = describe("stream_bytes", "Bytes that the stream holds.", "stream")
	streamLimit    = describe("stream_limit_bytes", "Bytes that the stream takes at most.", "stream")

	streamConsumers = describe("stream_consumers", "Consumers of the stream, of anybody.", "stream")
	quotaMessages   = describe("quota_messages", "Messages of the channel and kind, or courier and status, that the stream holds most of.", "stream")
	quotaLimit      = describe("quota_limit_messages", "Messages that the stream takes of one channel and kind, or courier and status.", "stream")

	pendingMessages    = describe("pending_messages", "Messages that no router was given yet; of DISPATCH, no auditor.", "stream")
	unanswered         = describe("unanswered_messages", "Messages that a router or auditor was given and has not answered yet.", "stream")
	redelivered        = describe("redelivered_messages", "Unanswered messages that were given out more than once.", "stream")
	oldestUnansweredIn = describe("oldest_unanswered_seconds", "Age of the oldest message that is not answered yet; 0 if there is none.", "stream")
)

// Describe is prometheus.Collector.
func (g *gauges) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{natsUp, redisUp, ready, build, reconnects, missing, streamMessages, streamBytes, streamLimit,
		streamConsumers, quotaMessages, quotaLimit,
		pendingMessages, unanswered, redelivered, oldestUnansweredIn} {
		to <- d
	}
	g.filling.describe(to)
}

// Collect is prometheus.Collector.
func (g *gauges) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), gaugesTimeout)
	defer cancel()
	isReady, _ := g.router.Ready()
	send(to, ready, one(isReady))
	send(to, build, 1, g.version)
	send(to, missing, float64(stream.MissingBy(g.damage())))
	to <- prometheus.MustNewConstMetric(reconnects, prometheus.CounterValue, float64(g.conn.Reconnects()))
	var all sync.WaitGroup
	all.Go(func() { send(to, natsUp, one(g.conn.Healthy(ctx) == nil)) })
	all.Go(func() { send(to, redisUp, one(g.redis(ctx) == nil)) })
	all.Go(func() { g.filling.collect(ctx, to) })
	all.Go(func() {
		if loads, err := g.conn.Loads(ctx, Durables()); err == nil {
			for i := range loads {
				collectLoad(to, &loads[i], time.Now())
			}
		}
	})
	all.Wait()
}

func collectLoad(to chan<- prometheus.Metric, l *stream.Load, now time.Time) {
	send(to, streamMessages, float64(l.Messages), l.Stream)
	send(to, streamBytes, float64(l.Bytes), l.Stream)
	send(to, streamLimit, float64(l.MaxBytes), l.Stream)
	send(to, streamConsumers, float64(l.Consumers), l.Stream)
	if l.Quota > 0 {
		send(to, quotaMessages, float64(l.FullestHolds), l.Stream)
		send(to, quotaLimit, float64(l.Quota), l.Stream)
	}
	if !l.Durable {
		return
	}
	send(to, pendingMessages, float64(l.Pending), l.Stream)
	send(to, unanswered, float64(l.Unanswered), l.Stream)
	send(to, redelivered, float64(l.Redelivered), l.Stream)
	age := time.Duration(0)
	if !l.Oldest.IsZero() {
		age = max(now.Sub(l.Oldest), 0)
	}
	send(to, oldestUnansweredIn, age.Seconds(), l.Stream)
}

func send(to chan<- prometheus.Metric, d *prometheus.Desc, value float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
