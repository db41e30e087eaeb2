package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// reloadMetrics say which network is in force and whether the last reload took.
type reloadMetrics struct {
	successful prometheus.Gauge
	last       prometheus.Gauge
	reloads    *prometheus.CounterVec
	revision   *prometheus.GaugeVec
	closures   prometheus.Gauge
}

// Results of a reload.
const (
	reloadTaken     = "taken"
	reloadUnchanged = "unchanged"
	reloadRefused   = "refused"
)

func newReloadMetrics(reg prometheus.Registerer) *reloadMetrics {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "nearlane", Name: name, Help: help})
	}
	m := &reloadMetrics{
		successful: gauge("config_last_reload_successful", "1 if the config in force is the one that was loaded last."),
		last:       gauge("config_last_reload_success_timestamp_seconds", "When a config was last loaded without a mistake."),
		closures:   gauge("config_closures", "Sites and lanes that staff have closed, each once per span of days."),
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "nearlane", Name: "config_reloads_total",
			Help: "Configs loaded after the start, by result: taken, unchanged or refused."}, []string{"result"}),
		revision: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "nearlane", Name: "config_info",
			Help: "Always 1; the label is the revision of the network in force."}, []string{"revision"}),
	}
	for _, result := range []string{reloadTaken, reloadUnchanged, reloadRefused} {
		m.reloads.WithLabelValues(result)
	}
	reg.MustRegister(m.successful, m.last, m.closures, m.reloads, m.revision)
	return m
}

// inForce says what the router plans with now.
func (m *reloadMetrics) inForce(revision string, closures int) {
	m.revision.Reset()
	m.revision.WithLabelValues(revision).Set(1)
	m.closures.Set(float64(closures))
}

// loaded says that a config was found to be good.
func (m *reloadMetrics) loaded(at time.Time) {
	m.successful.Set(1)
	m.last.Set(float64(at.Unix()))
}
