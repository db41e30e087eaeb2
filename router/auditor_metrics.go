package router

import "github.com/prometheus/client_golang/prometheus"

// auditMetrics count what an auditor had to do, and saw. All of them should read
// zero but the first, which a router's last batch before a crash raises too.
type auditMetrics struct {
	settled  prometheus.Counter
	voids    prometheus.Counter
	renewals prometheus.Counter
	verified prometheus.Counter
	drift    prometheus.Counter
	redriven prometheus.Counter
	failures prometheus.Counter
	hidden   prometheus.Gauge
}

func newAuditMetrics(reg prometheus.Registerer) *auditMetrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "nearlane", Subsystem: "audit", Name: name, Help: help})
	}
	m := &auditMetrics{
		settled:  counter("settled_total", "Decisions that an auditor settled before their router, or in its place."),
		voids:    counter("voids_total", "Open holds ended by a void: nobody came back for them."),
		renewals: counter("renewals_total", "Open holds ended by a renewal of the decision that stands."),
		verified: counter("verified_total", "Holds of another epoch, or left behind by their router, that were verified."),
		drift:    counter("drift_total", "Holds that lacked a decision long stored: Redis had lost it unnoticed."),
		redriven: counter("redriven_total", "Orders and cancellations answered without a decision and driven again."),
		failures: counter("failures_total", "Passes that were interrupted by an error."),
	}
	m.hidden = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "nearlane", Subsystem: "audit", Name: "hidden_orders",
		Help: "Orders that stand on what the network in force does not have and does not call retired."})
	if reg != nil {
		reg.MustRegister(m.settled, m.voids, m.renewals, m.verified, m.drift, m.redriven, m.failures, m.hidden)
	}
	return m
}
