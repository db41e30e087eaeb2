package page

import (
	"fmt"
	"math"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/router/drawing"
	"github.com/nearlane/nearlane/router/replay"
)

// mapWidth is that of a map, in pixels: on paper, two share a page.
const mapWidth = 720

// maps draws where orders go, how many, from where, and where that changes.
// Without a place there is no map.
func (s *sheet) maps() error {
	cells := s.Report.Cells
	if len(cells) == 0 {
		return nil
	}
	focus, err := setOf(cells)
	if err != nil {
		return err
	}
	draw := func(m drawing.Map) (out []byte, err error) {
		m.Width, m.Focus, m.Marks = mapWidth, middleOf(focus, cells), s.marks()
		return m.SVG()
	}
	areas, err := byOrders(cells)
	if err != nil {
		return err
	}
	drawn, err := draw(drawing.Map{ID: "orders", Title: "Orders by cell", Areas: areas})
	if err != nil {
		return err
	}
	s.OrderMap = svg(drawn)
	if areas, err = bySite(cells, s.Report.Sites); err != nil {
		return err
	}
	if drawn, err = draw(drawing.Map{ID: "sites", Title: "The site that sends most of a cell’s orders", Areas: areas}); err != nil {
		return err
	}
	s.SiteMap = svg(drawn)
	if s.Before == nil {
		return nil
	}
	if areas, err = moved(focus, s.Before.Cells, cells); err != nil || len(areas) == 1 {
		return err
	}
	if drawn, err = draw(drawing.Map{ID: "moved", Title: "Cells that change their site", Areas: areas}); err != nil {
		return err
	}
	s.MovedMap = svg(drawn)
	return nil
}

func setOf(cells []replay.CellCount) (geo.Set, error) {
	list := make([]geo.Cell, len(cells))
	for i, c := range cells {
		list[i] = c.Cell
	}
	return setOfCells(list)
}

func setOfCells(cells []geo.Cell) (geo.Set, error) {
	if len(cells) == 0 {
		return geo.Set{}, nil
	}
	return geo.NewSet(cells[0].Resolution(), cells...)
}

// nearlyAll is the share of the orders that a map shows; the rest may be in
// another town.
const nearlyAll = 0.995

// middleOf is what a map shows all of: all cells, unless a few orders from far
// away would make the rest too small to see.
func middleOf(all geo.Set, cells []replay.CellCount) geo.Set {
	var lat, lng, total float64
	for _, c := range cells {
		p, n := c.Cell.Center(), float64(c.Orders)
		lat, lng, total = lat+n*p.Lat, lng+n*p.Lng, total+n
	}
	middle := geo.Point{Lat: lat / total, Lng: lng / total}
	vec := middle.Vec()
	for km := 2.0; km < 20000; km *= 1.25 {
		near, within := []geo.Cell{}, 0.0
		for _, c := range cells {
			if vec.Distance(c.Cell.Center().Vec()) <= km*1000 {
				near, within = append(near, c.Cell), within+float64(c.Orders)
			}
		}
		if within >= nearlyAll*total {
			if set, err := setOfCells(near); err == nil {
				return set
			}
		}
	}
	return all
}

// mostClasses is how many shades a map has.
const mostClasses = 6

// byOrders groups cells by how many orders go there, in classes that grow by
// the same factor.
func byOrders(cells []replay.CellCount) ([]drawing.Area, error) {
	most := 0
	for _, c := range cells {
		most = max(most, c.Orders)
	}
	bounds := classes(most)
	groups := make([][]geo.Cell, len(bounds))
	for _, c := range cells {
		for i := len(bounds) - 1; i >= 0; i-- {
			if c.Orders >= bounds[i] {
				groups[i] = append(groups[i], c.Cell)
				break
			}
		}
	}
	var areas []drawing.Area
	for i, group := range groups {
		set, err := setOfCells(group)
		if err != nil {
			return nil, err
		}
		label := fmt.Sprintf("%d to %d orders", bounds[i], most)
		switch {
		case i+1 < len(bounds) && bounds[i+1] == bounds[i]+1:
			label = fmt.Sprint(bounds[i])
		case i+1 < len(bounds):
			label = fmt.Sprintf("%d to %d", bounds[i], bounds[i+1]-1)
		}
		shade := 0.08 + 0.92*float64(i)/float64(max(len(bounds)-1, 1))
		areas = append(areas, drawing.Area{Label: label, Cells: set, Ink: drawing.Shade(shade)})
	}
	return areas, nil
}

// classes are the lower bounds of classes from 1 to most.
func classes(most int) []int {
	bounds := []int{1}
	for i := 1; i < mostClasses; i++ {
		at := math.Pow(float64(most), float64(i)/mostClasses)
		digit := math.Pow10(int(math.Log10(at)))
		n := int(math.Round(at/digit) * digit)
		if n > bounds[len(bounds)-1] && n <= most {
			bounds = append(bounds, n)
		}
	}
	return bounds
}

// siteInks are told apart by their colour and, without it, by pattern and
// shade.
var siteInks = []drawing.Ink{
	{Fill: "#cfe0f0", Line: "#1f5a92"},
	{Fill: "#fbe3c0", Line: "#8a5200", Pattern: drawing.Slanted},
	{Fill: "#d9ecd2", Line: "#2d6a1f", Pattern: drawing.Dotted},
	{Fill: "#8fb3d3", Line: "#123d66"},
	{Fill: "#f3d3e2", Line: "#8c2257", Pattern: drawing.Plus},
	{Fill: "#e3dcf4", Line: "#4b3594", Pattern: drawing.Minus},
	{Fill: "#c9a063", Line: "#5c3a00"},
	{Fill: "#cdeeee", Line: "#0b5f63", Pattern: drawing.Slanted},
	{Fill: "#f7c9bd", Line: "#9c2c12", Pattern: drawing.Dotted},
	{Fill: "#dedede", Line: "#30363d", Pattern: drawing.Plus},
}

var inkNone = drawing.Ink{Fill: "#ffffff", Line: "#a40e26"}

// bySite groups cells by the site that sends most of their orders.
func bySite(cells []replay.CellCount, sites []replay.Site) ([]drawing.Area, error) {
	groups := map[string][]geo.Cell{}
	for _, c := range cells {
		groups[c.Site] = append(groups[c.Site], c.Cell)
	}
	var areas []drawing.Area
	add := func(label, site string, ink drawing.Ink) error {
		set, err := setOfCells(groups[site])
		if err == nil && !set.Empty() {
			areas = append(areas, drawing.Area{Label: label, Cells: set, Ink: ink})
		}
		return err
	}
	for i, s := range sites {
		if err := add(s.Site, s.Site, siteInks[i%len(siteInks)]); err != nil {
			return nil, err
		}
	}
	return areas, add("none dispatched", "", inkNone)
}

// moved are the cells whose orders mostly come from another site than before,
// over all the others.
func moved(all geo.Set, before, after []replay.CellCount) ([]drawing.Area, error) {
	site := map[geo.Cell]string{}
	for _, c := range before {
		site[c.Cell] = c.Site
	}
	groups := map[string][]geo.Cell{}
	for _, c := range after {
		switch was, known := site[c.Cell]; {
		case !known || was == c.Site:
		case was == "":
			groups["gained"] = append(groups["gained"], c.Cell)
		case c.Site == "":
			groups["lost"] = append(groups["lost"], c.Cell)
		default:
			groups["moved"] = append(groups["moved"], c.Cell)
		}
	}
	areas := []drawing.Area{{Label: "as before", Cells: all, Ink: drawing.Ground}}
	for _, g := range []struct {
		name, label string
		ink         drawing.Ink
	}{{"moved", "another site", drawing.Moved}, {"gained", "none dispatched before", drawing.Gained}, {"lost", "none dispatched now", drawing.Lost}} {
		set, err := setOfCells(groups[g.name])
		if err != nil {
			return nil, err
		}
		if !set.Empty() {
			areas = append(areas, drawing.Area{Label: g.label, Cells: set, Ink: g.ink})
		}
	}
	return areas, nil
}

// marks are the sites and the lockers.
func (s *sheet) marks() []drawing.Mark {
	var list []drawing.Mark
	for i := range s.Page.Sites {
		site := &s.Page.Sites[i]
		m := drawing.Mark{Name: site.ID, Label: "micro-hub", At: site.At, Sign: drawing.Circle}
		if site.Kind == config.Microfactory {
			m.Label, m.Sign = "microfactory", drawing.Square
		}
		list = append(list, m)
	}
	for i := range s.Lockers {
		list = append(list, drawing.Mark{Label: "locker", At: s.Lockers[i].At, Sign: drawing.Diamond, Faint: true})
	}
	return list
}
