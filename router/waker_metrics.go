package router

import "github.com/prometheus/client_golang/prometheus"

// wakerMetrics tell of orders that wait for room. Every waker follows the whole
// journal, so each says the same.
type wakerMetrics struct {
	waiting prometheus.Gauge
	wakes   prometheus.Counter
}

func newWakerMetrics(reg prometheus.Registerer) *wakerMetrics {
	m := &wakerMetrics{
		waiting: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "nearlane", Name: "orders_waiting",
			Help: "Orders that wait for room, of all routers."}),
		wakes: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "nearlane", Name: "wakes_total",
			Help: "Waiting orders that this router woke because room was freed."}),
	}
	if reg != nil {
		reg.MustRegister(m.waiting, m.wakes)
	}
	return m
}
