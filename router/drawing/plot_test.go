package drawing

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"testing"
)

// plots are one of each kind.
func plots() map[string][]byte {
	bars := Bars{ID: "bars", Title: "Orders per day", Unit: "orders", Caption: "days", Columns: []string{"Mon 3 Aug", "Tue 4 Aug", "Wed 5 Aug"},
		Series: []Series{{Label: "in time", Ink: Ink{Fill: "#2f6690", Line: "#1d4462"}, Values: []float64{30, 0, 12}},
			{Label: "late", Ink: Moved, Values: []float64{5, 7, 0}}}}
	beside := bars
	beside.Beside = true
	heat := Heat{ID: "heat", Title: "Use", Rows: []string{"kallio", "a site with a long name"}, Columns: []string{"10 h", "16 h"},
		Shares: [][]float64{{0, 1}, {0.5, math.NaN()}}, Below: [][]string{{"", "was 80"}, {"was 2", ""}}}
	curve := Curve{ID: "curve", Title: "Orders by parcels", Unit: "orders", Caption: "parcels", X: []float64{1, 5, 9, 100}, Marked: 1, Mark: "knee",
		Lines: []Line{{Label: "dispatched", Dashed: true, Values: []float64{10, 40, 50, 52}}, {Label: "in time", Values: []float64{8, 38, 40, 40}}}}
	return map[string][]byte{"bars": bars.SVG(), "beside": beside.SVG(), "heat": heat.SVG(), "curve": curve.SVG()}
}

func TestPlots(t *testing.T) {
	t.Parallel()
	for name, got := range plots() {
		isGolden(t, "testdata/"+name+".svg", got)
		for d := xml.NewDecoder(bytes.NewReader(got)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

// Plots of nothing, or of nothing but zeros, have no number that is none.
func TestPlotsOfNothing(t *testing.T) {
	t.Parallel()
	for name, got := range map[string][]byte{
		"no bars":    (&Bars{ID: "a"}).SVG(),
		"zeros":      (&Bars{ID: "b", Columns: []string{"x"}, Series: []Series{{Values: []float64{0}}}}).SVG(),
		"no heat":    (&Heat{ID: "c"}).SVG(),
		"flat curve": (&Curve{ID: "d", X: []float64{5}, Marked: -1, Lines: []Line{{Values: []float64{0}}}}).SVG(),
	} {
		if bytes.Contains(got, []byte("NaN")) || bytes.Contains(got, []byte("Inf")) {
			t.Errorf("%s: there is a number in it that is none:\n%s", name, got)
		}
	}
}

func TestBelowLeavesOutWhatWouldMeet(t *testing.T) {
	t.Parallel()
	many := Bars{ID: "many", Columns: make([]string, 300), Series: []Series{{Values: make([]float64, 300)}}}
	for i := range many.Columns {
		many.Columns[i] = "Mon 3 Aug"
	}
	if got := bytes.Count(many.SVG(), []byte("Mon 3 Aug")); got < 5 || got > 16 {
		t.Errorf("got %d labels, want as many as there is room for", got)
	}
}
