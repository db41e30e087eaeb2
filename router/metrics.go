package router

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nearlane/nearlane/event"
)

// metrics are named for what an operator asks. Labels are bounded: outcomes,
// reason codes, never an order.
type metrics struct {
	orders         *prometheus.CounterVec // by outcome
	reasons        *prometheus.CounterVec // of unroutable orders
	refused        *prometheus.CounterVec // by code
	reports        *prometheus.CounterVec // by status, and whether it was heeded
	repeats        prometheus.Counter
	refusedCommits prometheus.Counter
	rebuilds       prometheus.Counter
	pauses         prometheus.Counter
	heals          prometheus.Counter // of the auditor's finds
	batchSize      prometheus.Histogram
	batchSeconds   prometheus.Histogram
}

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "nearlane", Name: name, Help: help})
	}
	vec := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "nearlane", Name: name, Help: help}, []string{label})
	}
	m := &metrics{
		orders:  vec("orders_decided_total", "Orders decided by this router, by outcome.", "outcome"),
		reasons: vec("orders_unroutable_total", "Orders no lane could serve, by nearest reason code.", "reason"),
		refused: vec("orders_refused_total", "Messages moved to REJECTED, by code.", "code"),
		reports: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "nearlane", Name: "reports_total",
			Help: "Courier reports, by status, and whether they were heeded or stale."}, []string{"status", "result"}),
		repeats:        counter("orders_repeated_total", "Deliveries of orders that had a decision already."),
		refusedCommits: counter("commits_refused_total", "Batches the journal refused because an order or the fence had moved."),
		rebuilds:       counter("rebuilds_total", "Regions whose capacity was rebuilt from the journal."),
		pauses:         counter("pauses_total", "Times that routing paused because something was wrong, each until it went on."),
		heals:          counter("audit_heals_total", "Orders sent elsewhere because their slot was promised to more than it holds."),
		batchSize: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "nearlane", Name: "batch_orders",
			Help: "Orders per batch.", Buckets: []float64{1, 4, 16, 64, 128, 256}}),
		batchSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "nearlane", Name: "batch_seconds",
			Help: "Time a batch takes from pull to ack.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 14)}),
	}
	if reg != nil {
		reg.MustRegister(m.orders, m.reasons, m.refused, m.reports, m.repeats, m.refusedCommits, m.rebuilds, m.pauses, m.heals, m.batchSize, m.batchSeconds)
	}
	return m
}

func (m *metrics) decided(d *event.Decision) {
	m.orders.WithLabelValues(string(d.Outcome)).Inc()
	if d.Outcome == event.Unroutable && len(d.Reasons) > 0 {
		m.reasons.WithLabelValues(d.Reasons[0]).Inc()
	}
}

func (m *metrics) batch(b *batch, took time.Duration) {
	m.batchSize.Observe(float64(len(b.works)))
	m.batchSeconds.Observe(took.Seconds())
	for _, w := range b.works {
		if w.heal != "" && w.stage == decided && w.decision != nil {
			m.heals.Inc()
		}
	}
}
