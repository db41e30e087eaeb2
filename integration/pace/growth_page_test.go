package pace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The page says how much the last point is of the first, what one more costs,
// and shows its plots and no others.
func TestGrowthOnThePage(t *testing.T) {
	dir := t.TempDir()
	stale := filepath.Join(dir, "performance", "growth-1.svg")
	if err := os.MkdirAll(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, []byte("<svg/>"), 0o644); err != nil {
		t.Fatal(err)
	}
	grown := growth{slug: "refold", name: "Refolding", x: "orders", unit: "ms", lines: []line{{each: "order"}, {name: "nothing"}}}
	grown.add(600, 30, 0)
	grown.add(60_000, 4500, 0)
	r := report{scale: trial(), began: time.Now(), growths: []growth{grown}}
	if err := r.write(dir); err != nil {
		t.Fatal(err)
	}
	page := read(t, filepath.Join(dir, "performance.md"))
	for _, want := range []string{
		"100 times the orders, 150 times the time, which is 1.50 times as much for each",
		"| orders | 600 | 60k |", "| ms | 30 | 4500 |", "| us for each order | 50 | 75 |", "(performance/growth-refold.svg)",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("got the page\n%s\nwithout %q", page, want)
		}
	}
	plot := read(t, filepath.Join(dir, "performance", grown.file()))
	if strings.Count(plot, "<circle") != 2 || strings.Contains(plot, "NaN") || strings.Contains(plot, "Inf") {
		t.Errorf("got the plot\n%s\nwant two points that can be drawn", plot)
	}
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("a plot that the page does not show is still there: %v", err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
