package ledger

import "github.com/prometheus/client_golang/prometheus"

// Label values of nearlane_ledger_drift_total.
const (
	driftLost  = "lost"  // a counter was gone or too low before its time
	driftEnded = "ended" // a counter had expired after its slot, as it should
)

type metrics struct {
	driftLost  prometheus.Counter
	driftEnded prometheus.Counter
	marks      prometheus.Counter
	repeats    prometheus.Counter
	histories  prometheus.Counter
}

// newMetrics registers the ledger's metrics, or keeps them to itself where
// there is no registry.
func newMetrics(registry prometheus.Registerer) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: "nearlane", Subsystem: "ledger", Name: name, Help: help,
		})
	}
	drift := prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: "nearlane", Subsystem: "ledger", Name: "drift_total",
		Help: "Claims taken back that were no longer counted, by reason.",
	}, []string{"reason"})
	m := &metrics{
		driftLost:  drift.WithLabelValues(driftLost),
		driftEnded: drift.WithLabelValues(driftEnded),
		marks:      counter("verify_marks_total", "Settled decisions that were granted under another epoch and have to be verified."),
		repeats:    counter("repeats_total", "Script calls repeated after an error."),
		histories:  counter("histories_total", "Times the capacity server was found with a new history."),
	}
	if registry != nil {
		registry.MustRegister(drift, m.marks, m.repeats, m.histories)
	}
	return m
}
