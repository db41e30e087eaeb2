package main

import (
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/router"
)

// laneInfo is a lane and whether its catchment holds the place.
type laneInfo struct {
	Site      string     `json:"site"`
	Lane      string     `json:"lane,omitempty"` // empty: the site has none
	Reached   bool       `json:"reached"`
	Reason    string     `json:"reason,omitempty"` // why it is not
	Matched   *matchInfo `json:"matched,omitempty"`
	Minus     *matchInfo `json:"minus,omitempty"` // what takes the place out again
	Catchment *sourceAt  `json:"catchment,omitempty"`
}

// matchInfo is the part of a catchment that holds the place.
type matchInfo struct {
	Cell       string   `json:"cell,omitempty"` // the place's own or a parent of it
	Resolution int      `json:"resolution,omitempty"`
	Country    string   `json:"country,omitempty"`
	Postcode   string   `json:"postcode,omitempty"` // prefix
	At         sourceAt `json:"at"`
}

// sourceAt is where the config says something.
type sourceAt struct {
	Path   string `json:"path"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func (s sourceAt) String() string {
	return config.Position{File: s.File, Line: s.Line, Column: s.Column}.String()
}

func sourceOf(c *config.Config, path string) sourceAt {
	at := c.Position(path)
	return sourceAt{Path: path, File: at.File, Line: at.Line, Column: at.Column}
}

// reach says of every lane of the config whether the place is in its catchment
// and which line of the file says so.
func reach(c *config.Config, at router.Place, p *router.Plan) []laneInfo {
	away := map[string]router.Away{}
	for _, a := range p.Away() {
		away[a.Site+"/"+a.Lane] = a
	}
	var list []laneInfo
	for i := range c.Sites {
		site := &c.Sites[i]
		for k := range site.Lanes {
			lane := &site.Lanes[k]
			path := catchmentPath(c, site.ID, lane.ID)
			whole := sourceOf(c, path)
			info := laneInfo{Site: site.ID, Lane: lane.ID, Catchment: &whole}
			by, minus := lane.Area.Match(at.Cell, at.Country, at.Postcode)
			info.Matched, info.Minus = matchOf(c, path, by), matchOf(c, path+".minus", minus)
			info.Reached = info.Matched != nil && info.Minus == nil
			if a, out := away[site.ID+"/"+lane.ID]; out {
				info.Reason = a.Reason.String()
			}
			list = append(list, info)
		}
		if len(site.Lanes) == 0 {
			list = append(list, laneInfo{Site: site.ID})
		}
	}
	return list
}

// catchmentPath is where a lane's catchment stands: its own, or its site's.
func catchmentPath(c *config.Config, site, lane string) string {
	own := "$.sites." + site + ".lanes." + lane + ".catchment"
	if c.Has(own) {
		return own
	}
	return "$.sites." + site + ".catchment"
}

// matchOf tells a match, the finest part of it; nil if there is none.
func matchOf(c *config.Config, path string, m geo.Match) *matchInfo {
	switch {
	case m.Cell != 0:
		return &matchInfo{Cell: m.Cell.String(), Resolution: m.Cell.Resolution(), At: sourceOf(c, cellsPath(c, path))}
	case m.Postcode != geo.Prefix{}:
		return &matchInfo{Postcode: m.Postcode.Prefix, At: sourceOf(c, partPath(c, path, "postcodes"))}
	case m.Country != "":
		return &matchInfo{Country: m.Country, At: sourceOf(c, partPath(c, path, "countries"))}
	}
	return nil
}

// cellsPath is the part of a catchment that its cells come from; where several
// could, it is all of them.
func cellsPath(c *config.Config, path string) string {
	found := ""
	for _, part := range []string{"withinKm", "cells", "geojson"} {
		switch {
		case !c.Has(path + "." + part):
		case found != "":
			return path
		default:
			found = path + "." + part
		}
	}
	if found == "" {
		return path // a list
	}
	return found
}

func partPath(c *config.Config, path, part string) string {
	if c.Has(path + "." + part) {
		return path + "." + part
	}
	return path
}

// parentsOf lists the parents of a cell up to the coarsest that holds it for
// any lane.
func parentsOf(cell geo.Cell, list []laneInfo) (parents []string) {
	if cell == 0 {
		return nil
	}
	coarsest := cell.Resolution()
	for _, l := range list {
		if l.Matched != nil && l.Matched.Cell != "" {
			coarsest = min(coarsest, l.Matched.Resolution)
		}
	}
	for res := cell.Resolution() - 1; res >= coarsest; res-- {
		parents = append(parents, cell.Parent(res).String())
	}
	return parents
}

// by says what holds the place.
func (m *matchInfo) by() string {
	switch {
	case m.Country != "":
		return "country " + m.Country
	case m.Postcode != "":
		return "postcode " + m.Postcode
	}
	return "cell " + m.Cell
}
