package geocode

import "github.com/prometheus/client_golang/prometheus"

// Why an address was not asked for.
const (
	skippedDown = "down" // the geocoder is left alone for a while
	skippedRate = "rate" // it would be one too many in this second
	skippedTime = "time" // too little was left of the wait
)

// What the cache knew.
const (
	cacheHit   = "hit"
	cacheMiss  = "miss"
	cacheError = "error"
)

type metrics struct {
	requests *prometheus.CounterVec // by outcome
	skipped  *prometheus.CounterVec // by reason
	cache    *prometheus.CounterVec // by result
	seconds  prometheus.Histogram
	shut     prometheus.Gauge
}

func newMetrics(registry prometheus.Registerer) *metrics {
	vec := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "nearlane", Subsystem: "geocode", Name: name, Help: help}, []string{label})
	}
	m := &metrics{
		requests: vec("requests_total", "Requests to the geocoder, by outcome.", "outcome"),
		skipped:  vec("skipped_total", "Addresses that the geocoder was not asked for, by reason: down, rate or time.", "reason"),
		cache:    vec("cache_total", "Addresses looked up in the cache, by result: hit, miss or error.", "result"),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "nearlane", Subsystem: "geocode", Name: "request_seconds",
			Help: "Time a request to the geocoder takes.", Buckets: prometheus.ExponentialBuckets(0.005, 2, 10)}),
		shut: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "nearlane", Subsystem: "geocode", Name: "down",
			Help: "1 while the geocoder is left alone because it failed."}),
	}
	for _, o := range []outcome{found, notFound, elsewhere, refused, garbled, tooLarge, timedOut, unreachable, throttled, statusOther} {
		m.requests.WithLabelValues(string(o))
	}
	for _, why := range []string{skippedDown, skippedRate, skippedTime} {
		m.skipped.WithLabelValues(why)
	}
	for _, what := range []string{cacheHit, cacheMiss, cacheError} {
		m.cache.WithLabelValues(what)
	}
	if registry != nil {
		registry.MustRegister(m.requests, m.skipped, m.cache, m.seconds, m.shut)
	}
	return m
}
