package replay

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Threshold is a condition that a replay must not meet: "late>2%".
type Threshold struct {
	Text   string
	metric *metric
	change bool // of the difference to the other config
	share  bool // in percent
	op     string
	limit  float64
}

// Verdict is what came of a threshold.
type Verdict struct {
	Threshold string `json:"threshold"`
	Value     string `json:"value"`
	Failed    bool   `json:"failed"`
}

// changeSuffix asks for the difference to the other config.
const changeSuffix = ".change"

// operators, those first that begin with another.
var operators = []string{">=", "<=", ">", "<"}

// ParseThreshold reads a metric, an operator and a value: "late>2%",
// "cost.change > 0.10", "slack.p5<-30m".
func ParseThreshold(text string) (*Threshold, error) {
	t := &Threshold{Text: text}
	var name, value string
	for _, op := range operators {
		if before, after, found := strings.Cut(text, op); found {
			name, t.op, value = strings.TrimSpace(before), op, strings.TrimSpace(after)
			break
		}
	}
	if t.op == "" {
		return nil, fmt.Errorf("%q has no comparison: want METRIC, one of %s, and a value, such as late>2%%", text, strings.Join(operators, " "))
	}
	name, t.change = strings.CutSuffix(name, changeSuffix)
	if t.metric = metricNamed(name); t.metric == nil {
		return nil, fmt.Errorf("%q: there is no metric %q, only %s; each may end in %s, the difference to --against", text, name, strings.Join(MetricNames(), ", "), changeSuffix)
	}
	if t.metric.unit == unitMoved && t.change {
		return nil, fmt.Errorf("%q: %s is a difference already", text, name)
	}
	var err error
	if t.limit, t.share, err = t.metric.parse(value); err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	return t, nil
}

// Compares reports whether the threshold needs another config to judge by.
func (t *Threshold) Compares() bool { return t.change || t.metric.unit == unitMoved }

// Judge holds a report, and what it is compared with, against the threshold. A
// metric without a value, such as the cost of no order, fails.
func (t *Threshold) Judge(m Measured) Verdict {
	v, ok := t.metric.of(m, t.share)
	if ok && t.change {
		var before float64
		before, ok = t.metric.of(Measured{Report: m.Against, Refused: m.Refused}, t.share)
		v -= before
	}
	if !ok {
		return Verdict{Threshold: t.Text, Value: "none", Failed: true}
	}
	out := Verdict{Threshold: t.Text, Value: t.metric.text(v, t.share)}
	switch t.op {
	case ">":
		out.Failed = v > t.limit
	case ">=":
		out.Failed = v >= t.limit
	case "<":
		out.Failed = v < t.limit
	case "<=":
		out.Failed = v <= t.limit
	}
	return out
}

// Measured is what thresholds are held against.
type Measured struct {
	Report     *Report
	Against    *Report     // nil: no other config
	Comparison *Comparison // likewise
	Refused    int         // messages that the router would refuse
}

// parse reads a value in the metric's unit.
func (m *metric) parse(text string) (v float64, share bool, err error) {
	number := text
	switch m.unit {
	case unitOrders, unitMoved:
		number, share = strings.CutSuffix(text, "%")
	case unitDistance:
		var km, metres bool
		if number, km = strings.CutSuffix(text, "km"); !km {
			number, metres = strings.CutSuffix(text, "m")
		}
		if !km && !metres {
			return 0, false, fmt.Errorf("want a distance with its unit, such as 2.5km or 800m, got %q", text)
		}
		if km {
			defer func() { v *= 1000 }()
		}
	case unitTime:
		d, err := time.ParseDuration(text)
		if err != nil {
			return 0, false, fmt.Errorf("want a duration such as 30m, -2h or 1h30m, got %q", text)
		}
		return d.Minutes(), false, nil
	}
	v, err = strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(number, "xXpP_") {
		return 0, false, fmt.Errorf("want %s, got %q", m.unit.example(), text)
	}
	return v, share, nil
}
