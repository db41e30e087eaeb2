package integration

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/nearlane/nearlane/event"
)

// family is a metric as /metrics shows it, or as the catalogue has it.
type family struct {
	Kind   string
	Labels []string // sorted
}

// scrape reads /metrics.
func (p *process) scrape() string {
	p.w.Helper()
	resp, err := http.Get("http://" + p.Addr() + "/metrics")
	if err != nil {
		p.w.Fatalf("ask /metrics: %v", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		p.w.Fatalf("read /metrics: %d, %v", resp.StatusCode, err)
	}
	return string(text)
}

var (
	typeLine   = regexp.MustCompile(`(?m)^# TYPE (\w+) (\w+)$`)
	sampleLine = regexp.MustCompile(`(?m)^(\w+?)(_bucket|_sum|_count)?(?:\{(.*)\})? [^ ]+$`)
	labelName  = regexp.MustCompile(`(\w+)="`)
)

// families reads an exposition. Labels that make a histogram are not its own.
func families(text string) map[string]family {
	found := map[string]family{}
	for _, m := range typeLine.FindAllStringSubmatch(text, -1) {
		found[m[1]] = family{Kind: m[2]}
	}
	for _, m := range sampleLine.FindAllStringSubmatch(text, -1) {
		name := m[1]
		if _, whole := found[name+m[2]]; whole {
			name += m[2]
		}
		f := found[name]
		for _, l := range labelName.FindAllStringSubmatch(m[3], -1) {
			if !slices.Contains(f.Labels, l[1]) && !(l[1] == "le" && f.Kind == "histogram") {
				f.Labels = append(f.Labels, l[1])
			}
		}
		slices.Sort(f.Labels)
		found[name] = f
	}
	return found
}

// ours are those that the catalogue has to list.
func ours(all map[string]family) map[string]family {
	found := map[string]family{}
	for name, f := range all {
		if strings.HasPrefix(name, "nearlane_") {
			found[name] = f
		}
	}
	return found
}

// catalogue reads the tables of docs/metrics.md.
func catalogue(t *testing.T) map[string]family {
	t.Helper()
	found := map[string]family{}
	for line := range strings.Lines(read(t, "../docs/metrics.md")) {
		if !strings.HasPrefix(line, "| `nearlane_") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 7 {
			t.Errorf("docs/metrics.md: want 7 cells, got %d: %s", len(cells), line)
			continue
		}
		for i, cell := range cells {
			if cells[i] = strings.TrimSpace(cell); cells[i] == "" && i != 2 {
				t.Errorf("docs/metrics.md: cell %d is empty: %s", i+1, line)
			}
		}
		f := family{Kind: cells[1]}
		for label := range strings.SplitSeq(strings.ReplaceAll(cells[2], "`", ""), ",") {
			if label = strings.TrimSpace(label); label != "" {
				f.Labels = append(f.Labels, label)
			}
		}
		slices.Sort(f.Labels)
		name := strings.Trim(cells[0], "`")
		if _, twice := found[name]; twice {
			t.Errorf("docs/metrics.md lists %s twice", name)
		}
		found[name] = f
	}
	return found
}

// busy is a process that has dispatched, refused, re-routed and turned away.
func busy(t *testing.T) *process {
	t.Helper()
	w := newWorld(t, setting{network: threeLanes(1) + geocoderAt("http://127.0.0.1:1"), redis: redisProcess})
	p := w.run("router")
	w.eventually("the process is ready", p.isReady)
	first := order("first")
	w.route(first, order("second", level("no-such")), order("third", quantity(-1)))
	w.report(first, event.Rejected)
	return p
}

// geocoderAt is the part of a network that asks a geocoder.
func geocoderAt(url string) string {
	return fmt.Sprintf("\ngeocoding: {http: {kind: photon, url: %q, userAgent: nearlane-test, ratePerSecond: 100}}\n", url)
}

// The catalogue is /metrics of a process that runs, both ways, and what is
// served is as Prometheus wants it.
func TestMetricsCatalogue(t *testing.T) {
	t.Parallel()
	text := busy(t).scrape()
	if diff := cmp.Diff(catalogue(t), ours(families(text))); diff != "" {
		t.Errorf("docs/metrics.md and /metrics differ (-docs +served):\n%s", diff)
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// What the metrics say of a few orders is what happened to them.
func TestMetricsCountOrders(t *testing.T) {
	t.Parallel()
	p := busy(t)
	for name, want := range map[string]string{
		`nearlane_orders_decided_total{outcome="dispatched"}`:                     "2", // and once more elsewhere
		`nearlane_orders_decided_total{outcome="unroutable"}`:                     "1",
		`nearlane_orders_decided_total{outcome="waiting"}`:                        "0",
		`nearlane_orders_unroutable_total{reason="service_level_unknown"}`:        "1",
		`nearlane_orders_rerouted_total{reason="courier_rejected"}`:               "1",
		`nearlane_orders_refused_total{code="out_of_range"}`:                      "1",
		`nearlane_reports_total{result="heeded",status="rejected"}`:               "1",
		`nearlane_order_decision_seconds_count{outcome="dispatched"}`:             "1",
		`nearlane_order_decision_seconds_count{outcome="unroutable"}`:             "1",
		`nearlane_pending_messages{stream="ORDERS"}`:                              "0",
		`nearlane_unanswered_messages{stream="ORDERS"}`:                           "0",
		`nearlane_stream_messages{stream="ORDERS"}`:                               "3",
		`nearlane_stream_messages{stream="REJECTED"}`:                             "1",
		`nearlane_router_ready`:                                                   "1",
		`nearlane_nats_up`:                                                        "1",
		`nearlane_redis_up`:                                                       "1",
		`nearlane_config_last_reload_successful`:                                  "1",
		`nearlane_capacity_used{kind="lane",region="helsinki",unit="parcels"}`:    "1",
		`nearlane_capacity_slots{kind="lane",region="espoo",unit="parcels"}`:      "1",
		`nearlane_capacity_slots_full{kind="lane",region="espoo",unit="parcels"}`: "0",
	} {
		if got := p.metric(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// A scrape while Redis is away says so, and does not tell old numbers.
func TestMetricsWithoutRedis(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: onePlace, redis: redisProcess})
	p := w.run("router")
	w.eventually("the process is ready", p.isReady)
	w.cache.(*redisServer).Kill()
	text := p.scrape()
	if !strings.Contains(text, "\nnearlane_redis_up 0\n") || !strings.Contains(text, "\nnearlane_nats_up 1\n") {
		t.Error("/metrics does not say that Redis alone is away")
	}
	if strings.Contains(text, "nearlane_capacity_used{") {
		t.Error("/metrics tells capacity that it cannot know")
	}
}
