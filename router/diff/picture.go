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
		Areas: []drawing.Area{
			{Label: "served as before", Cells: served(r.new, level), Ink: drawing.Ground},
			{Label: fmt.Sprintf("gained (%d)", l.Gained), Cells: l.gained, Ink: drawing.Gained},
			{Label: fmt.Sprintf("lost (%d)", l.Lost), Cells: l.lost, Ink: drawing.Lost},
			{Label: fmt.Sprintf("moved to another site (%d)", l.Moved), Cells: l.moved, Ink: drawing.Moved},
		},
		Focus: geo.Union(l.gained, l.lost, l.moved),
	}
	m.Areas = slices.DeleteFunc(m.Areas, func(a drawing.Area) bool { return a.Cells.Empty() })
	m.Marks = append(siteMarks(r.new, nil), siteMarks(r.old, r.new)...)
	for _, b := range r.new.Lockers {
		m.Marks = append(m.Marks, drawing.Mark{Name: b.ID, Label: "locker", At: b.At, Sign: drawing.Diamond, Faint: true})
	}
	return m.SVG()
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
