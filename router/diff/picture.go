package diff

import (
	"fmt"
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/router/drawing"
)

// Busiest is the level with the most cells that differ; empty: no cells do.
func (r *Report) Busiest() string {
	var id string
	var most uint64
	for i := range r.Levels {
		if l := &r.Levels[i]; l.Gained+l.Lost+l.Moved > most {
			id, most = l.ID, l.Gained+l.Lost+l.Moved
		}
	}
	return id
}

// SVG draws the cells of one level: those that are gained, lost and moved, on
// the ground that is served. It shows all that differs and what is around it.
func (r *Report) SVG(level string) ([]byte, error) {
	var l Level
	if i := slices.IndexFunc(r.Levels, func(l Level) bool { return l.ID == level }); i >= 0 {
		l = r.Levels[i]
	}
	m := drawing.Map{
		ID:    "diff",
		Title: fmt.Sprintf("%s, %s: %d cells gained, %d lost, %d moved", r.new.Network, level, l.Gained, l.Lost, l.Moved),
		Note:  fmt.Sprintf("from config %s to %s; first site of each cell of resolution %d", r.Old, r.New, max(r.old.Resolution, r.new.Resolution)),
		Areas: []drawing.Area{{Label: "served as before", Cells: served(r.new, level), Ink: drawing.Ground}},
	}
	focus := []geo.Set{l.gained, l.lost, l.moved}
	m.Marks = append(siteMarks(r.new, nil), siteMarks(r.old, r.new)...)
	for _, mark := range m.Marks {
		if l.touches(mark.Name) {
			focus = append(focus, around(mark.At, m.Areas[0].Cells.Resolution()))
		}
	}
	m.Focus = geo.Union(focus...)
	for i := range l.Moves {
		m.Areas = append(m.Areas, l.area(&l.Moves[i]))
		m.Marks = append(m.Marks, l.Moves[i].label())
	}
	for _, b := range r.new.Lockers {
		m.Marks = append(m.Marks, drawing.Mark{Name: b.ID, Label: "locker", At: b.At, Sign: drawing.Diamond, Faint: true})
	}
	return m.SVG()
}

// touches reports whether a site got or gave a cell.
func (l *Level) touches(site string) bool {
	return slices.ContainsFunc(l.Moves, func(m Move) bool { return m.From == site || m.To == site })
}

// area is the cells of a move, drawn for what it is.
func (l *Level) area(m *Move) drawing.Area {
	a := drawing.Area{Cells: m.cellsHeld, Ink: drawing.Moved, Label: fmt.Sprintf("moved to another site (%d)", l.Moved)}
	switch {
	case m.From == "":
		a.Ink, a.Label = drawing.Gained, fmt.Sprintf("gained (%d)", l.Gained)
	case m.To == "":
		a.Ink, a.Label = drawing.Lost, fmt.Sprintf("lost (%d)", l.Lost)
	}
	return a
}

// label says, on the cell nearest to their middle, where the cells go.
func (m *Move) label() drawing.Mark {
	var middle geo.Vec
	for c := range m.cellsHeld.All() {
		v := c.Center().Vec()
		middle.X, middle.Y, middle.Z = middle.X+v.X, middle.Y+v.Y, middle.Z+v.Z
	}
	n := float64(max(m.Cells, 1))
	middle = geo.Vec{X: middle.X / n, Y: middle.Y / n, Z: middle.Z / n}
	mark := drawing.Mark{Name: "to " + m.To, Sign: drawing.NoSign, Faint: true}
	if m.To == "" {
		mark.Name = "from " + m.From
	}
	best := -1.0
	for c := range m.cellsHeld.All() {
		at := c.Center()
		if d := at.Vec().Distance(middle); best < 0 || d < best {
			best, mark.At = d, at
		}
	}
	return mark
}

// around is the cell of a place, so that the map shows it.
func around(at geo.Point, res int) geo.Set {
	cell, err := geo.CellAt(at, res)
	if err != nil { // config has checked it
		return geo.Set{}
	}
	set, _ := geo.NewSet(res, cell)
	return set
}

// served is what the lanes of a level serve.
func served(c *config.Config, level string) geo.Set {
	var sets []geo.Set
	for i := range c.Sites {
		for j := range c.Sites[i].Lanes {
			if lane := &c.Sites[i].Lanes[j]; slices.Contains(lane.Levels, level) {
				sets = append(sets, lane.Area.Cells)
			}
		}
	}
	return geo.Union(sets...)
}

// siteMarks are the sites of a config, or those of them that another lacks.
func siteMarks(c, but *config.Config) (marks []drawing.Mark) {
	for i := range c.Sites {
		s := &c.Sites[i]
		m := drawing.Mark{Name: s.ID, Label: "micro-hub", At: s.At, Sign: drawing.Circle}
		if s.Kind == config.Microfactory {
			m.Label, m.Sign = "microfactory", drawing.Square
		}
		if but != nil {
			if find(but.Sites, func(o *config.Site) bool { return o.ID == s.ID }) != nil {
				continue
			}
			m.Label, m.Gone = "site that is gone", true
		}
		marks = append(marks, m)
	}
	return marks
}
