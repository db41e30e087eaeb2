package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
)

// november is when the tests judge: a Sunday.
var november = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func load(t testing.TB, path string) *config.Config {
	t.Helper()
	c, found := config.Load(path, config.Options{})
	if c == nil || len(found) > 0 {
		t.Fatal(found.Format())
	}
	return c
}

// loadText loads a config with the shapes of testdata.
func loadText(t testing.TB, text string) *config.Config {
	t.Helper()
	c, found := config.Load("net.yaml", config.Options{ReadFile: func(path string) ([]byte, error) {
		if path == "net.yaml" {
			return []byte(text), nil
		}
		return os.ReadFile(filepath.Join("testdata", path))
	}})
	if c == nil {
		t.Fatal(found.Format())
	}
	return c
}

// TestThirtyFindings wants every finding of a file full of oversights, each at
// its place, each with a hint and an excerpt. Codes that exclude others are
// left to TestEdits.
func TestThirtyFindings(t *testing.T) {
	t.Parallel()
	want := []string{
		"7:3 warning holidays_end",
		"7:8 note past_holiday",
		"10:37 note fallback_gap",
		"12:14 warning cutoff_late",
		"12:29 warning cutoff_no_departure",
		"18:59 note late_answer",
		"19:37 warning default_too_big",
		"26:5 note holidays_ignored",
		"32:21 warning lost_part",
		"36:7 note no_cost",
		"39:21 warning lost_area",
		"45:9 warning gap",
		"53:5 warning site_shut",
		"70:14 note past_closed",
		"72:23 note redundant_sku",
		"73:28 warning never_made",
		"78:34 note idle_minus",
		"79:39 warning closed_weekday",
		"79:60 warning useless_departure",
		"81:32 note idle_limit",
		"86:25 warning never_in_time",
		"98:20 note heavy_parcel",
		"101:7 warning no_departure",
		"115:62 warning made_too_late",
		"120:9 warning overlap",
		"128:9 warning far_catchment",
		"136:13 warning locker_apart",
		"138:55 warning size_order",
		"139:3 warning locker_unserved",
		"150:55 note size_idle",
	}
	path := filepath.Join("testdata", "suspicious.yaml")
	var got []string
	seen := map[string]bool{}
	for _, f := range Lint(load(t, path), november) {
		got = append(got, fmt.Sprintf("%d:%d %s %s", f.Line, f.Column, f.Severity, f.Code))
		if f.File != path || f.Hint == "" || f.Message == "" || f.Excerpt == "" || !strings.HasPrefix(f.Path, "$.") {
			t.Errorf("got an incomplete finding: %+v", f)
		}
		seen[f.Code] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
	for _, r := range Rules() {
		if !seen[r.Code] && !slices.Contains([]string{NoDefaultParcel, NeverServed, StrandedSKU}, r.Code) {
			t.Errorf("nothing in %s is found by the rule %s", path, r.Code)
		}
	}
}

// TestFindingsSay reads the messages that hold what somebody has to know.
func TestFindingsSay(t *testing.T) {
	t.Parallel()
	said := Lint(load(t, filepath.Join("testdata", "suspicious.yaml")), november).String()
	for _, want := range []string{
		`no lane of same_day is in time for an order placed after 17:00 on Mo-Fr; the cut-off is 19:00`,
		`no lane of same_day in region "town" is in time for an order placed on Su, however early`,
		`"Mo-Sa 18:00-20:00" never leaves on Sa`,
		`no lane serves 11 cells in 1 place, such as 89`,
		`vallila/bike serves the same addresses as kallio/bike at same_day in 148 cells`,
		`add distance to rank`,
		`"areas.geojson#street" loses 25 % of its area at resolution 9: it has 0.33 km², its cells (3) 0.24 km²`,
		`the nearest address that lane "far" serves is 155 km from site "vallila"`,
		`the first time is 2026-12-20`,
		`60000 g is never reached: 2 parcels of the courier's 15000 g at most are 30000 g`,
	} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q:\n%s", want, said)
		}
	}
}

// TestExampleIsClean: who copies the example begins without findings.
func TestExampleIsClean(t *testing.T) {
	t.Parallel()
	if found := Lint(load(t, filepath.Join("..", "..", "examples", "helsinki", "nearlane.yaml")), november); len(found) > 0 {
		t.Error(found.Format())
	}
}

// TestEveryCodeHasARule reads the codes out of rule.go.
func TestEveryCodeHasARule(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("rule.go")
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]config.Rule{}
	for _, r := range Rules() {
		if rules[r.Code].Code != "" || r.Meaning == "" || r.Help == "" || r.Severity != config.Warning && r.Severity != config.Note {
			t.Errorf("the rule %q is incomplete, or there twice", r.Code)
		}
		rules[r.Code] = r
	}
	for _, r := range config.Rules() {
		if rules[r.Code].Code != "" {
			t.Errorf("the code %q is one of package config, too", r.Code)
		}
	}
	codes := regexp.MustCompile(`(?m)^\t\w+\s+= "(\w+)"`).FindAllSubmatch(source, -1)
	if len(codes) != len(rules) {
		t.Errorf("got %d codes and %d rules", len(codes), len(rules))
	}
	for _, code := range codes {
		if _, there := rules[string(code[1])]; !there {
			t.Errorf("the code %s has no rule", code[1])
		}
	}
}
