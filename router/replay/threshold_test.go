package replay_test

import (
	"strings"
	"testing"

	"github.com/nearlane/nearlane/router/replay"
)

// measured is a report with round numbers and another to compare with.
func measured() replay.Measured {
	r := &replay.Report{Orders: 200, Dispatched: 150, Late: 5, PastCutoff: 1, Unroutable: 50,
		Cost:     replay.Cost{Total: 90000, PerOrder: 600, Decimals: 2},
		Distance: replay.Distance{Mean: 2500, P50: 2000, P90: 4000},
		Slack:    replay.Slack{Percentiles: []replay.Percentile{{P: 5, Minutes: -30}, {P: 50, Minutes: 90}}}}
	before := *r
	before.Late, before.Cost.PerOrder = 3, 575
	return replay.Measured{Report: r, Against: &before, Comparison: &replay.Comparison{Orders: 200, Moved: 30}, Refused: 2}
}

func TestThreshold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, value string
		failed      bool
	}{
		{"late>2%", "2.50%", true},
		{"late > 2.5%", "2.50%", false},
		{"late>=2.5%", "2.50%", true},
		{"late<5", "5", false},
		{"late.intime<=4", "4", true},
		{"late.change>1", "2", true},
		{"late.change>1%", "1.00%", false},
		{"dispatched<80%", "75.00%", true},
		{"cost>6", "6.00", false},
		{"cost.change>0.2", "0.25", true},
		{"cost.total>899.99", "900.00", true},
		{"distance>2.4km", "2.50km", true},
		{"distance.p90>4000m", "4.00km", false},
		{"slack.p5<-29m", "-30m0s", true},
		{"slack.p50<1h30m", "1h30m0s", false},
		{"slack.p1<0s", "none", true}, // it has no value
		{"moved>10%", "15.00%", true},
		{"refused>2", "2", false},
		{"waited>0", "0", false},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			th, err := replay.ParseThreshold(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			got := th.Judge(measured())
			if want := (replay.Verdict{Threshold: tt.text, Value: tt.value, Failed: tt.failed}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

// Every metric can be judged, with and without a change.
func TestThresholdOfEveryMetric(t *testing.T) {
	t.Parallel()
	values := []string{"1", "1km", "1h"}
	for _, name := range replay.MetricNames() {
		judged := 0
		for _, value := range values {
			for _, suffix := range []string{"", ".change"} {
				if th, err := replay.ParseThreshold(name + suffix + ">" + value); err == nil {
					th.Judge(measured())
					judged++
				}
			}
		}
		if want := 2; judged != want && name != "moved" {
			t.Errorf("%s: %d of its forms were read, want %d", name, judged, want)
		}
	}
}

func TestThresholdMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"late":              "has no comparison",
		"late=2%":           "has no comparison",
		"laet>2%":           `there is no metric "laet", only dispatched, late`,
		"late>two":          "want a number such as 100, or a share such as 2%",
		"late>2%%":          "want a number",
		"late>NaN":          "want a number",
		"late>0x10":         "want a number",
		"late>":             "want a number",
		"cost>5%":           "want an amount such as 6.50",
		"distance>3":        "want a distance with its unit",
		"distance>3 miles":  "want a distance with its unit",
		"slack.p5<30":       "want a duration such as 30m",
		"moved.change>1":    "is a difference already",
		"late.change.x>1":   "there is no metric",
		"late>2%>3%":        "want a number",
		"slack.p77<0s":      "there is no metric",
		"late <> 3":         "there is no metric",
		"distance.p90>xkm":  "want a distance",
		"waited.longest>1d": "want a duration",
	} {
		_, err := replay.ParseThreshold(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", text, err, want)
		}
	}
}
