package replay

import "fmt"

// Swept is what the values of a sweep come to.
type Swept struct {
	Path   string  `json:"path"`
	Places int     `json:"places"` // of the config that have the limit
	Points []Point `json:"points"`
	Knee   int     `json:"knee"` // into Points, where more stops paying; -1: nowhere in the range
}

// Point is what one value comes to.
type Point struct {
	Value      int64   `json:"value"`
	Dispatched int     `json:"dispatched"`
	InTime     int     `json:"inTime"` // of the dispatched
	Late       int     `json:"late"`
	Unroutable int     `json:"unroutable"`
	PerOrder   float64 `json:"costPerOrder"` // minor units
	// More orders for each unit more since the value before; 0 at the first.
	GainDispatched float64 `json:"dispatchedPerUnit"`
	GainInTime     float64 `json:"inTimePerUnit"`
}

// PointOf is what a value comes to.
func PointOf(value int64, r *Report) Point {
	return Point{Value: value, Dispatched: r.Dispatched, InTime: r.Dispatched - r.Late, Late: r.Late,
		Unroutable: r.Unroutable, PerOrder: r.Cost.PerOrder}
}

// NewSwept puts the points of a sweep together.
func NewSwept(path string, places int, points []Point) *Swept {
	for i := 1; i < len(points); i++ {
		p, before := &points[i], &points[i-1]
		units := float64(p.Value - before.Value)
		p.GainDispatched = float64(p.Dispatched-before.Dispatched) / units
		p.GainInTime = float64(p.InTime-before.InTime) / units
	}
	return &Swept{Path: path, Places: places, Points: points, Knee: knee(points)}
}

// bend is how far a curve has to rise above the straight line from its first to
// its last point for its knee to be worth telling, as a share of the whole rise.
const bend = 0.1

// knee finds where the curve of orders in time is highest above the straight
// line from its first to its last point: up to there a unit brings more than
// the average of the range, from there on less. A curve that does not rise, or
// rises evenly, has none.
func knee(points []Point) int {
	if len(points) < 3 {
		return -1
	}
	first, last := points[0], points[len(points)-1]
	rise, run := float64(last.InTime-first.InTime), float64(last.Value-first.Value)
	if rise <= 0 {
		return -1
	}
	best, at := bend, -1
	for i, p := range points {
		above := float64(p.InTime-first.InTime)/rise - float64(p.Value-first.Value)/run
		if above > best {
			best, at = above, i
		}
	}
	return at
}

// Says tells in a sentence what the sweep found.
func (s *Swept) Says() string {
	first, last := s.Points[0], s.Points[len(s.Points)-1]
	switch {
	case s.Knee >= 0:
		return fmt.Sprintf("Beyond %d, a unit more brings less than it does on average over the range.", s.Points[s.Knee].Value)
	case last.InTime <= first.InTime:
		return "More does not bring more orders in time: something else is short."
	}
	return "There is no knee in this range: more pays evenly."
}
