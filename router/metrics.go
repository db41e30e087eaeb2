package router

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nearlane/nearlane/event"
)

// metrics are named for what an operator asks; docs/metrics.md is their
// catalogue. Labels are bounded: outcomes, codes, stages, never an order. Every
// label value that can come is there from the start, so that the first of its
// kind already counts as an increase.
type metrics struct {
	orders         *prometheus.CounterVec // by outcome
	reasons        *prometheus.CounterVec // of unroutable orders
	rerouted       *prometheus.CounterVec // by reason
	refused        *prometheus.CounterVec // by code
	reports        *prometheus.CounterVec // by status, and whether it was heeded
	repeats        prometheus.Counter
	refusedCommits prometheus.Counter
	rebuilds       prometheus.Counter
	pauses         prometheus.Counter
	heals          prometheus.Counter // of the auditor's finds
	latency        *prometheus.HistogramVec
	batchSize      prometheus.Histogram
	batchSeconds   prometheus.Histogram
	stageSeconds   *prometheus.HistogramVec
}

// Stages of a batch, as the metrics name them.
const (
	stageDecode   = "decode"
	stageRecall   = "recall"
	stageLocate   = "locate" // by a geocoder, if there is one
	stagePlan     = "plan"
	stageReserve  = "reserve"
	stageSchedule = "schedule"
	stageWrite    = "write"
	stageTurn     = "turn" // until the batch before is done
	stageCommit   = "commit"
	stageSettle   = "settle"
	stageAnswer   = "answer"
)

// Why an order is routed anew, beside its courier's report and NoAnswer.
const (
	courierRejected = "courier_" + string(event.Rejected)
	courierFailed   = "courier_" + string(event.Failed)
)

// Buckets in seconds. Latency reaches from one fsync to a night without a
// router.
var (
	latencyBuckets = []float64{0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600}
	stageBuckets   = []float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5}
)

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "nearlane", Name: name, Help: help})
	}
	vec := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "nearlane", Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, buckets []float64) prometheus.HistogramOpts {
		return prometheus.HistogramOpts{Namespace: "nearlane", Name: name, Help: help, Buckets: buckets}
	}
	m := &metrics{
		orders:         vec("orders_decided_total", "Orders decided by this router, by outcome; what only renews a decision does not count.", "outcome"),
		reasons:        vec("orders_unroutable_total", "Orders no lane could serve, by nearest reason code.", "reason"),
		rerouted:       vec("orders_rerouted_total", "Orders routed anew after a dispatch, by why.", "reason"),
		refused:        vec("orders_refused_total", "Messages moved to REJECTED, by code.", "code"),
		reports:        vec("reports_total", "Courier reports, by status, and whether they were heeded or stale.", "status", "result"),
		repeats:        counter("orders_repeated_total", "Deliveries of orders that had a decision already."),
		refusedCommits: counter("commits_refused_total", "Batches the journal refused because an order or the fence had moved."),
		rebuilds:       counter("rebuilds_total", "Regions whose capacity was rebuilt from the journal."),
		pauses:         counter("pauses_total", "Times that routing paused because something was wrong, each until it went on."),
		heals:          counter("audit_heals_total", "Orders sent elsewhere because their slot was promised to more than it holds."),
		latency: prometheus.NewHistogramVec(histogram("order_decision_seconds",
			"Time from an order's place on ORDERS to its first stored decision, by outcome.", latencyBuckets), []string{"outcome"}),
		batchSize:    prometheus.NewHistogram(histogram("batch_orders", "Orders per batch.", []float64{1, 4, 16, 64, 128, 256})),
		batchSeconds: prometheus.NewHistogram(histogram("batch_seconds", "Time a batch takes from when it may reserve to its acks; decoding and planning ahead come before.", prometheus.ExponentialBuckets(0.001, 2, 14))),
		stageSeconds: prometheus.NewHistogramVec(histogram("batch_stage_seconds", "Time a batch spends in a stage.", stageBuckets), []string{"stage"}),
	}
	m.begin()
	if reg != nil {
		reg.MustRegister(m.orders, m.reasons, m.rerouted, m.refused, m.reports, m.repeats, m.refusedCommits, m.rebuilds, m.pauses, m.heals,
			m.latency, m.batchSize, m.batchSeconds, m.stageSeconds)
	}
	return m
}

// begin makes every label value there is.
func (m *metrics) begin() {
	for _, o := range event.Outcomes() {
		m.orders.WithLabelValues(string(o))
	}
	for _, o := range []event.Outcome{event.Dispatched, event.Waiting, event.Unroutable} {
		m.latency.WithLabelValues(string(o))
	}
	for _, r := range ReasonCodes() {
		m.reasons.WithLabelValues(r[0])
	}
	m.reasons.WithLabelValues(OrderExpired)
	for _, reason := range []string{courierRejected, courierFailed, NoAnswer, Healed} {
		m.rerouted.WithLabelValues(reason)
	}
	for _, code := range event.RefusalCodes() {
		m.refused.WithLabelValues(code)
	}
	for _, status := range event.ReportStatuses() {
		m.reports.WithLabelValues(string(status), "heeded")
		m.reports.WithLabelValues(string(status), "stale")
	}
	for _, stage := range []string{stageDecode, stageRecall, stageLocate, stagePlan, stageReserve, stageSchedule, stageWrite, stageTurn, stageCommit, stageSettle, stageAnswer} {
		m.stageSeconds.WithLabelValues(stage)
	}
}

// stored counts what a work's decision says that the one before did not, when
// it is about to take its place.
func (m *metrics) stored(w *work, at time.Time) {
	d, last := w.decision, w.last.Decision
	if last != nil && last.Outcome == d.Outcome && last.DispatchID == d.DispatchID {
		return // a renewal
	}
	m.orders.WithLabelValues(string(d.Outcome)).Inc()
	if d.Outcome == event.Unroutable && len(d.Reasons) > len(w.because) {
		m.reasons.WithLabelValues(d.Reasons[len(w.because)]).Inc()
	}
	if len(w.because) > 0 {
		m.rerouted.WithLabelValues(w.because[0]).Inc()
	}
	fresh := last == nil || last.Outcome == event.Void
	if fresh && w.order != nil && w.closing == nil && !w.in.StoredAt.IsZero() {
		m.latency.WithLabelValues(string(d.Outcome)).Observe(max(at.Sub(w.in.StoredAt), 0).Seconds())
	}
}

// stopwatch times the stages of a batch: each call ends one.
func (m *metrics) stopwatch(started time.Time, clock func() time.Time) (lap func(stage string)) {
	return func(stage string) {
		now := clock()
		m.stageSeconds.WithLabelValues(stage).Observe(now.Sub(started).Seconds())
		started = now
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
