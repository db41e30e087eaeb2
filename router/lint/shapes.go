package lint

import (
	"fmt"
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
)

// maxLoss is the share of a polygon's area that cells may miss before it is
// worth a look.
const maxLoss = 0.15

// farMetres is further than a courier's blocks reach.
const farMetres = 100_000

// shapes reports polygons that lose area, or whole parts, when they become
// cells.
func (l *linter) shapes() {
	hint := fmt.Sprintf("draw it larger, or try containment overlapping or grid resolution %d", l.c.Resolution+1)
	for _, s := range l.c.Shapes {
		v := s.Coverage
		if v.Lost > 0 {
			l.report(s.Path, LostPart, hint, "%q loses %d of its %d polygons: at resolution %d, they are too small for a cell",
				s.Name, v.Lost, v.Parts, l.c.Resolution)
			continue
		}
		if loss := 1 - v.Cells/v.Area; loss > maxLoss {
			l.report(s.Path, LostArea, hint, "%q loses %.0f %% of its area at resolution %d: it has %s, its cells (%d) %s",
				s.Name, loss*100, l.c.Resolution, km2(v.Area), v.Count, km2(v.Cells))
		}
	}
}

func km2(m2 float64) string { return fmt.Sprintf("%.2f km²", m2/1e6) }

// catchment reports a minus that takes nothing away, and a catchment that no
// courier of the site gets to.
func (l *linter) catchment(s *config.Site, n *config.Lane) {
	area := &n.Area
	if area.Cells.Empty() {
		return
	}
	path := l.catchmentPath(s, n)
	if m := area.Minus; m != nil && len(area.Countries)+len(area.Postcodes)+len(m.Countries)+len(m.Postcodes) == 0 && !meets(m.Cells, area.Cells) {
		l.report(path+".minus", IdleMinus, "check which shape is meant, or delete it",
			"minus takes nothing away: it lies outside of the catchment of site %q", s.ID)
	}
	if n.Kind != config.Blocks {
		return
	}
	if metres := nearest(s.At, area.Cells); metres > farMetres {
		l.report(path, FarCatchment, "check the shape, or the site's coordinates",
			"the nearest address that lane %q serves is %.0f km from site %q", n.ID, metres/1000, s.ID)
	}
}

// nearest is the distance from a point to the nearest cell of a set, in
// metres. It stops at the first that is near enough.
func nearest(at geo.Point, set geo.Set) float64 {
	from, least := at.Vec(), 0.0
	for i, c := range set.Compact() {
		if d := from.Distance(c.Center().Vec()); i == 0 || d < least {
			least = d
		}
		if least < farMetres {
			break
		}
	}
	return least
}

// served are the cells that a lane serves.
func served(n *config.Lane) geo.Set {
	if n.Area.Minus == nil || n.Area.Minus.Cells.Empty() {
		return n.Area.Cells
	}
	return n.Area.Cells.Without(n.Area.Minus.Cells)
}

// meets reports whether two sets have a cell in common, or cells side by side:
// a minus that fills a gap says that the gap is meant.
func meets(a, b geo.Set) bool {
	if shares(a, b) {
		return true
	}
	for c := range a.All() {
		if slices.ContainsFunc(c.Neighbours(), b.Contains) {
			return true
		}
	}
	return false
}

// shares reports whether two sets have a cell in common.
func shares(a, b geo.Set) bool {
	common := false
	geo.Overlaps([]geo.Set{a, b}, func(int, int, geo.Cell) { common = true })
	return common
}
