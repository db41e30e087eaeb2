package integration

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/lint"
)

// TestContractListsEveryCode holds docs/contract.md to the codes in the code.
func TestContractListsEveryCode(t *testing.T) {
	t.Parallel()
	doc := read(t, "../docs/contract.md")
	for _, reason := range router.ReasonCodes() {
		if row := "| `" + reason[0] + "` | " + reason[1] + " |"; !strings.Contains(doc, row) {
			t.Errorf("docs/contract.md lacks the row %q", row)
		}
	}
	codes := regexp.MustCompile(`(?m)^\tCode\w+\s+= "(\w+)"`).FindAllStringSubmatch(read(t, "../event/refusal.go"), -1)
	if len(codes) < 10 {
		t.Fatalf("got %d refusal codes in event/refusal.go, want all of them", len(codes))
	}
	listed := event.RefusalCodes()
	for _, code := range codes {
		if !slices.Contains(listed, code[1]) {
			t.Errorf("event.RefusalCodes lacks %q", code[1])
		}
		if !strings.Contains(doc, "| `"+code[1]+"` |") {
			t.Errorf("docs/contract.md lacks the refusal %q", code[1])
		}
	}
}

// TestLintListsEveryCode holds docs/lint.md to the rules of check: a row for
// each, and none for what there is not.
func TestLintListsEveryCode(t *testing.T) {
	t.Parallel()
	doc := read(t, "../docs/lint.md")
	rules := append(config.Rules(), lint.Rules()...)
	for _, r := range rules {
		cell := strings.NewReplacer("|", `\|`)
		row := fmt.Sprintf("| `%s` | %s | %s | %s |", r.Code, r.Severity, cell.Replace(r.Meaning), cell.Replace(r.Help))
		if !strings.Contains(doc, row) {
			t.Errorf("docs/lint.md lacks the row\n%s", row)
		}
	}
	rows := regexp.MustCompile("(?m)^\\| `\\w+` \\| \\w+ \\| .* \\| .* \\|$").FindAllString(doc, -1)
	if len(rows) != len(rules) {
		t.Errorf("docs/lint.md has %d rows for %d rules", len(rows), len(rules))
	}
}

// TestGrowingNamesMetrics holds what docs/growing.md tells operators to look at
// to the metrics that there are.
func TestGrowingNamesMetrics(t *testing.T) {
	t.Parallel()
	listed := read(t, "../docs/metrics.md")
	names := regexp.MustCompile("`(nearlane_\\w+)").FindAllStringSubmatch(read(t, "../docs/growing.md"), -1)
	if len(names) < 5 {
		t.Fatalf("got %d names of metrics in docs/growing.md, want some", len(names))
	}
	for _, name := range names {
		if !strings.Contains(listed, "| `"+name[1]+"` |") {
			t.Errorf("docs/growing.md names %s, which docs/metrics.md does not list", name[1])
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
