package integration

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	goyaml "github.com/goccy/go-yaml"
)

// target is what Prometheus adds to every series.
var target = []string{"job", "instance"}

var (
	quoted     = regexp.MustCompile(`"[^"]*"`)
	ranged     = regexp.MustCompile(`\[[^\]]*\]`)
	selector   = regexp.MustCompile(`([a-zA-Z_:][\w:]*)\s*\{([^}]*)\}`)
	matcher    = regexp.MustCompile(`(\w+)\s*(?:=~|!~|!=|=)`)
	grouping   = regexp.MustCompile(`\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)`)
	identifier = regexp.MustCompile(`[a-zA-Z_:][\w:]*\b(\s*\()?`)
	operators  = []string{"and", "or", "unless", "bool", "offset", "inf", "nan"}
)

// misused says what is wrong with the names in a PromQL expression: metrics
// that are not served, and labels that they do not have. It knows as much
// PromQL as our expressions use; promtool knows the rest.
func misused(expr string, served map[string]family) (wrong []string) {
	expr = ranged.ReplaceAllString(quoted.ReplaceAllString(expr, `""`), "")
	var labels []string // of all metrics of the expression
	known := func(name string) family {
		for _, suffix := range []string{"", "_bucket", "_sum", "_count"} {
			f, ok := served[strings.TrimSuffix(name, suffix)]
			if ok && strings.HasSuffix(name, suffix) && (suffix == "") != (f.Kind == "histogram") {
				if suffix == "_bucket" {
					f.Labels = append([]string{"le"}, f.Labels...)
				}
				return f
			}
		}
		wrong = append(wrong, "no metric "+name)
		return family{}
	}
	bare := grouping.ReplaceAllString(expr, "")
	for _, m := range selector.FindAllStringSubmatch(bare, -1) {
		has := append(known(m[1]).Labels, target...)
		for _, l := range matcher.FindAllStringSubmatch(m[2], -1) {
			if !slices.Contains(has, l[1]) {
				wrong = append(wrong, m[1]+" has no label "+l[1])
			}
		}
		labels = append(labels, has...)
	}
	bare = selector.ReplaceAllString(bare, "")
	for _, m := range identifier.FindAllStringSubmatch(bare, -1) {
		if m[1] == "" && !slices.Contains(operators, m[0]) {
			labels = append(append(labels, known(m[0]).Labels...), target...)
		}
	}
	for _, m := range grouping.FindAllStringSubmatch(expr, -1) {
		for name := range strings.SplitSeq(m[1], ",") {
			if name = strings.TrimSpace(name); !slices.Contains(labels, name) {
				wrong = append(wrong, "grouped by "+name+", which nothing has")
			}
		}
	}
	return wrong
}

func TestMisused(t *testing.T) {
	t.Parallel()
	served := map[string]family{
		"orders": {Kind: "counter", Labels: []string{"outcome"}},
		"took":   {Kind: "histogram", Labels: []string{"stage"}},
		"up":     {Kind: "gauge"},
	}
	for expr, want := range map[string]int{
		`sum by (outcome) (rate(orders{job=~"$job"}[5m]))`:                     0,
		`histogram_quantile(0.99, sum by (le, stage) (rate(took_bucket[5m])))`: 0,
		`rate(took_sum[$__rate_interval]) / scalar(rate(took_count[1m]))`:      0,
		`max(up) == 0 and (up > 1) unless up`:                                  0,
		`rate(order[5m])`:                                                      1,
		`orders{outcome="order{x=1}"}`:                                         0,
		`orders{reason="x"}`:                                                   1,
		`sum by (reason) (orders)`:                                             1,
		`took`:                                                                 1,
		`up_bucket`:                                                            1,
		`sum by (le) (took_sum)`:                                               1,
		`rate(orders[5m]) + rate(gone{a="b"}[5m])`:                             2,
	} {
		if got := misused(expr, served); len(got) != want {
			t.Errorf("%s: got %q, want %d", expr, got, want)
		}
	}
}

// dashboard is as much of Grafana's format as is held to something.
type dashboard struct {
	Title         string
	UID           string
	SchemaVersion int
	Panels        []struct {
		ID          int
		Type        string
		Title       string
		Description string
		GridPos     struct{ H, W, X, Y int }
		Targets     []struct {
			RefID string
			Expr  string
		}
	}
}

// Every expression of the dashboard is about what is served, every panel says
// what it shows, and none lies over another.
func TestDashboard(t *testing.T) {
	t.Parallel()
	var d dashboard
	if err := json.Unmarshal([]byte(read(t, "../deploy/grafana/nearlane.json")), &d); err != nil {
		t.Fatal(err)
	}
	if d.Title == "" || d.UID == "" || d.SchemaVersion < 39 {
		t.Errorf("got title %q, uid %q, schema version %d", d.Title, d.UID, d.SchemaVersion)
	}
	served := families(busy(t).scrape())
	shown := map[string]bool{}
	taken, ids := map[[2]int]string{}, map[int]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] {
			t.Errorf("%s: id %d twice", p.Title, p.ID)
		}
		ids[p.ID] = true
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if other, ok := taken[at]; ok || at[0] >= 24 {
					t.Fatalf("%s lies over %q or over the edge at %v", p.Title, other, at)
				}
				taken[at] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if p.Title == "" || p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("panel %d (%s) wants a title, a description and a target", p.ID, p.Title)
		}
		for _, q := range p.Targets {
			for _, wrong := range misused(q.Expr, served) {
				t.Errorf("%s: %s: %s", p.Title, q.Expr, wrong)
			}
			for _, name := range identifier.FindAllString(q.Expr, -1) {
				shown[name] = true
			}
		}
	}
	for name := range ours(served) {
		if !shown[name] && !shown[name+"_bucket"] && !shown[name+"_sum"] {
			t.Errorf("no panel shows %s", name)
		}
	}
}

// rules is as much of Prometheus' format as is held to something.
type rules struct {
	Groups []struct {
		Name  string
		Rules []struct {
			Alert, Expr, For    string
			Labels, Annotations map[string]string
		}
	}
}

const runbook = "https://github.com/nearlane/nearlane/blob/main/docs/ops.md#"

// Every alert is about what is served, says how urgent it is, and leads to a
// section of docs/ops.md that says what to do.
func TestAlerts(t *testing.T) {
	t.Parallel()
	var r rules
	if err := goyaml.UnmarshalWithOptions([]byte(read(t, "../deploy/prometheus/alerts.yaml")), &r, goyaml.Strict()); err != nil {
		t.Fatal(err)
	}
	served := families(busy(t).scrape())
	served["up"] = family{Kind: "gauge"}
	anchors := headings(t, "../docs/ops.md")
	seen := map[string]bool{}
	for _, g := range r.Groups {
		for _, a := range g.Rules {
			for _, wrong := range misused(a.Expr, served) {
				t.Errorf("%s: %s", a.Alert, wrong)
			}
			if a.Alert == "" || a.For == "" || a.Annotations["summary"] == "" || seen[a.Alert] {
				t.Errorf("%q wants a name of its own, for and a summary", a.Alert)
			}
			seen[a.Alert] = true
			if s := a.Labels["severity"]; s != "page" && s != "ticket" {
				t.Errorf("%s: got severity %q, want page or ticket", a.Alert, s)
			}
			anchor, ok := strings.CutPrefix(a.Annotations["runbook_url"], runbook)
			if !ok || anchor != strings.ToLower(a.Alert) || !slices.Contains(anchors, anchor) {
				t.Errorf("%s: got runbook %q, want %s and a heading of that name there", a.Alert, a.Annotations["runbook_url"], runbook+strings.ToLower(a.Alert))
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("got %d alerts, want all of them", len(seen))
	}
}

// headings lists the anchors of a Markdown file, as GitHub makes them.
func headings(t *testing.T, path string) (list []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("there is no %s for the alerts to lead to", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			anchor := strings.Map(func(r rune) rune {
				if r == ' ' {
					return '-'
				}
				if strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_", r) {
					return r
				}
				return -1
			}, strings.ToLower(strings.TrimSpace(title)))
			list = append(list, fmt.Sprint(anchor))
		}
	}
	return list
}
