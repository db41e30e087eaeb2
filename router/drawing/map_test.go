package drawing

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/geo"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func within(t *testing.T, lat, lng, km float64, res int) geo.Set {
	t.Helper()
	set, err := geo.Within(geo.Point{Lat: lat, Lng: lng}, km, res)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// town is a map with one of everything.
func town(t *testing.T) *Map {
	return &Map{
		ID: "town", Title: `Helsinki <"R&D">`, Note: "moved between two revisions",
		Areas: []Area{
			{Label: "served", Cells: within(t, 60.185, 24.95, 3, 8), Ink: Ground},
			{Label: "gained", Cells: within(t, 60.21, 24.95, 1, 8), Ink: Gained},
			{Label: "lost", Cells: within(t, 60.16, 24.95, 1, 8), Ink: Lost},
			{Label: "moved", Cells: within(t, 60.185, 24.92, 1, 8), Ink: Moved},
			{Label: "hatched alike", Cells: within(t, 60.185, 24.98, 0.8, 8), Ink: Ink{Line: "#57606a", Pattern: Dotted}, Each: true},
		},
		Marks: []Mark{
			{Name: "kallio", Label: "micro-hub", At: geo.Point{Lat: 60.1842, Lng: 24.9497}, Sign: Circle},
			{Name: "works", Label: "microfactory", At: geo.Point{Lat: 60.1953, Lng: 24.9561}, Sign: Square},
			{Name: "kamppi", Label: "closed", At: geo.Point{Lat: 60.168, Lng: 24.931}, Sign: Circle, Gone: true},
			{Name: "sornainen", Label: "locker", At: geo.Point{Lat: 60.1843, Lng: 24.9499}, Sign: Diamond, Faint: true},
			{Name: "far away", Label: "micro-hub", At: geo.Point{Lat: 61.5, Lng: 23.8}, Sign: Circle},
		},
		Focus: within(t, 60.185, 24.95, 4, 8),
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	got, err := town(t).SVG()
	if err != nil {
		t.Fatal(err)
	}
	isGolden(t, "testdata/town.svg", got)
}

// isGolden holds a picture against the one in a file.
func isGolden(t *testing.T, golden string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

func TestIsXMLWithOneOfEach(t *testing.T) {
	t.Parallel()
	svg, err := town(t).SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]int{}
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for inText := false; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "text"
		case xml.CharData:
			if inText {
				texts[string(token)]++
			}
		case xml.EndElement:
			inText = false
		}
	}
	for _, want := range []string{`Helsinki <"R&D">`, "served", "gained", "lost", "moved", "micro-hub", "kallio", "kamppi", "1 km", "60.20° N", "24.95° E"} {
		if texts[want] != 1 {
			t.Errorf("%q stands there %d times, want once; there are %v", want, texts[want], texts)
		}
	}
	if texts["far away"] != 0 {
		t.Error("a site outside the focus is named on the map")
	}
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	first, err := town(t).SVG()
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := town(t).SVG()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("the same map was drawn differently")
		}
	}
}

func TestNothingToDraw(t *testing.T) {
	t.Parallel()
	if _, err := (&Map{Title: "void"}).SVG(); err == nil || !strings.Contains(err.Error(), `"void"`) {
		t.Errorf("got %v, want an error that names the map", err)
	}
}

// A set of millions of cells is drawn in no time, and its file is small.
func TestLargeSetIsDrawnCoarsely(t *testing.T) {
	t.Parallel()
	m := Map{Areas: []Area{{Cells: within(t, 60.2, 24.9, 500, 9), Ink: Ground}}}
	if n := m.Areas[0].Cells.Count(); n < 5_000_000 {
		t.Fatalf("the set has only %d cells", n)
	}
	svg, err := m.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if len(svg) > 200_000 {
		t.Errorf("the drawing has %d bytes", len(svg))
	}
}

func TestOverTheDateLine(t *testing.T) {
	t.Parallel()
	m := Map{Areas: []Area{{Cells: within(t, -17, 179.95, 20, 7), Ink: Ground}}}
	areas, err := outlined(m.Areas)
	if err != nil {
		t.Fatal(err)
	}
	b, err := m.extent(areas)
	if err != nil {
		t.Fatal(err)
	}
	if wide := b.east - b.west; wide > 1 {
		t.Errorf("40 km are %g degrees wide", wide)
	}
}

func TestRoundNumbers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ v, above, below float64 }{
		{1, 1, 1}, {1.01, 2, 1}, {0.03, 0.05, 0.02}, {700, 1000, 500}, {50, 50, 50}, {9.9, 10, 5},
	} {
		if got := roundAbove(tt.v); got != tt.above {
			t.Errorf("roundAbove(%g): got %g, want %g", tt.v, got, tt.above)
		}
		if got := roundBelow(tt.v); got != tt.below {
			t.Errorf("roundBelow(%g): got %g, want %g", tt.v, got, tt.below)
		}
	}
}
