// Package diff says what changing from one config to another would change:
// who serves which cell, what the settings say, which claims would be left
// behind, and where given orders would go.
//
// A site serves a cell at a service level if one of its lanes with that level
// has the cell in its catchment. The cell's first site is the nearest of
// them, by great circle from the cell's centre, ties by id. That is exact
// about catchments and says nothing of goods, timetables, costs and what is
// full, which differ from order to order: Orders asks the planner itself.
//
// It keeps one invariant: equal configs and orders give equal reports.
package diff

import (
	"fmt"

	"github.com/nearlane/nearlane/config"
)

// Report is what differs between an old config and a new one. Lists are
// sorted, and empty where nothing differs.
type Report struct {
	Old      string    `json:"old"` // revisions
	New      string    `json:"new"`
	Levels   []Level   `json:"levels"` // of which the cells, countries or postcodes differ
	Lanes    []Reach   `json:"lanes"`  // of which the cells differ
	Settings []Setting `json:"settings"`
	Files    []string  `json:"files"`    // that the configs name and that differ in content
	Warnings []string  `json:"warnings"` // claims that would be left behind, and the like
	Restart  []string  `json:"restart"`  // settings that a running router cannot change
	Orders   *Orders   `json:"orders,omitzero"`

	old, new *config.Config
}

// Differs reports whether there is anything to tell.
func (r *Report) Differs() bool {
	return len(r.Levels)+len(r.Lanes)+len(r.Settings)+len(r.Files)+len(r.Restart) > 0 || r.Orders != nil && r.Orders.Moved > 0
}

// Compare compares two configs that came from files or bundles.
func Compare(was, is *config.Config) (*Report, error) {
	r := &Report{Old: was.Revision, New: is.Revision, old: was, new: is,
		Levels: []Level{}, Lanes: []Reach{}, Settings: []Setting{}, Files: []string{}, Warnings: []string{}, Restart: []string{}}
	if err := r.cells(); err != nil {
		return nil, fmt.Errorf("compare catchments: %w", err)
	}
	r.areas()
	r.settings()
	r.files()
	r.warn()
	return r, nil
}
