package replay

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// metric is a number of a report that a threshold can be set on.
type metric struct {
	name    string
	meaning string
	unit    unit
	value   func(m Measured) (float64, bool)
}

// unit is what a metric is counted in.
type unit uint8

const (
	unitOrders   unit = iota // a count, or with % a share of the orders
	unitMoved                // likewise, and only with another config
	unitMoney                // in units of the currency
	unitDistance             // metres
	unitTime                 // minutes
)

func (u unit) example() string {
	switch u {
	case unitMoney:
		return "an amount such as 6.50"
	case unitDistance:
		return "a distance such as 2.5km"
	case unitTime:
		return "a duration such as 30m"
	}
	return "a number such as 100, or a share such as 2%"
}

// metrics are all there are, in the order in which they are told.
var metrics = []metric{
	count("dispatched", "orders that travel", func(r *Report) int { return r.Dispatched }),
	count("late", "dispatched after the promise of the level asked for", func(r *Report) int { return r.Late }),
	count("late.intime", "late, though placed before the cut-off", func(r *Report) int { return r.Late - r.PastCutoff }),
	count("fallback", "dispatched at another level than asked for", func(r *Report) int { return r.Fallback }),
	count("unroutable", "orders that no site gets", func(r *Report) int { return r.Unroutable }),
	count("cancelled", "orders cancelled", func(r *Report) int { return r.Cancelled }),
	count("waited", "orders that had to wait for capacity", func(r *Report) int { return r.Waiting.Orders }),
	{"refused", "messages that the router would refuse", unitOrders, func(m Measured) (float64, bool) { return float64(m.Refused), true }},
	{"moved", "orders that change their site, with --against", unitMoved, func(m Measured) (float64, bool) {
		return float64(m.Comparison.Moved), true
	}},
	{"cost", "of a dispatched order", unitMoney, func(m Measured) (float64, bool) {
		return m.Report.Cost.PerOrder / math.Pow10(m.Report.Cost.Decimals), m.Report.Dispatched > 0
	}},
	{"cost.total", "of all of them", unitMoney, func(m Measured) (float64, bool) {
		return float64(m.Report.Cost.Total) / math.Pow10(m.Report.Cost.Decimals), true
	}},
	distance("distance", "mean, from site or locker to recipient", func(d Distance) float64 { return d.Mean }),
	distance("distance.p50", "median", func(d Distance) float64 { return float64(d.P50) }),
	distance("distance.p90", "what 90% stay below", func(d Distance) float64 { return float64(d.P90) }),
	slack(1), slack(5), slack(10), slack(50), slack(90),
	{"waited.longest", "the longest wait", unitTime, func(m Measured) (float64, bool) { return float64(m.Report.Waiting.Longest), true }},
}

func count(name, meaning string, of func(*Report) int) metric {
	return metric{name, meaning, unitOrders, func(m Measured) (float64, bool) { return float64(of(m.Report)), true }}
}

func distance(name, meaning string, of func(Distance) float64) metric {
	return metric{name, meaning, unitDistance, func(m Measured) (float64, bool) { return of(m.Report.Distance), m.Report.Dispatched > 0 }}
}

func slack(p int) metric {
	meaning := fmt.Sprintf("how long before the promise asked for; %d%% have no more", p)
	return metric{"slack.p" + strconv.Itoa(p), meaning, unitTime, func(m Measured) (float64, bool) {
		for _, at := range m.Report.Slack.Percentiles {
			if at.P == p {
				return float64(at.Minutes), true
			}
		}
		return 0, false
	}}
}

// of is the metric's value, as a share of the orders in percent if need be.
func (m *metric) of(in Measured, share bool) (float64, bool) {
	v, ok := m.value(in)
	if !ok || !share {
		return v, ok
	}
	of := in.Report.Orders
	if m.name == "refused" {
		of += in.Report.Repeats + in.Refused
	}
	return 100 * v / float64(max(of, 1)), true
}

// text writes a value in the metric's unit.
func (m *metric) text(v float64, share bool) string {
	switch {
	case share:
		return strconv.FormatFloat(v, 'f', 2, 64) + "%"
	case m.unit == unitMoney:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case m.unit == unitDistance:
		return strconv.FormatFloat(v/1000, 'f', 2, 64) + "km"
	case m.unit == unitTime:
		return (time.Duration(v) * time.Minute).String()
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func metricNamed(name string) *metric {
	for i := range metrics {
		if metrics[i].name == name {
			return &metrics[i]
		}
	}
	return nil
}

// MetricNames lists the metrics that a threshold can be set on.
func MetricNames() []string {
	names := make([]string, len(metrics))
	for i := range metrics {
		names[i] = metrics[i].name
	}
	return names
}

// MetricMeanings lists the metrics with what they mean.
func MetricMeanings() [][2]string {
	list := make([][2]string, len(metrics))
	for i, m := range metrics {
		list[i] = [2]string{m.name, m.meaning}
	}
	return list
}
