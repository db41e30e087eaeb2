package main

import (
	"time"

	"github.com/nearlane/nearlane/router"
)

// dayReport is a day of a site as JSON. Times have the site's offset.
type dayReport struct {
	Site        string            `json:"site"`
	Region      string            `json:"region"`
	TimeZone    string            `json:"timeZone"`
	Date        string            `json:"date"`
	Weekday     string            `json:"weekday"`
	Hours       float64           `json:"hours"` // of the day: 23 or 25 where the clocks change by one
	ClockChange *changeReport     `json:"clockChange,omitempty"`
	Holiday     bool              `json:"holiday,omitempty"`
	Closed      bool              `json:"closed,omitempty"` // one of the site's own closed days
	Open        []spanReport      `json:"open"`
	Cutoffs     []cutoffReport    `json:"cutoffs"`
	Departures  []departureReport `json:"departures"`
}

type changeReport struct {
	At      time.Time `json:"at"` // the first instant of the new time
	Minutes int       `json:"minutes"`
}

type spanReport struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

type cutoffReport struct {
	Level      string      `json:"serviceLevel"`
	At         *time.Time  `json:"at"` // null: none on this day, so every order is past it
	Configured string      `json:"configured,omitempty"`
	Clock      router.Wall `json:"clock,omitempty"`
}

type departureReport struct {
	Lane       string      `json:"lane"`
	Kind       string      `json:"kind"` // block or collection
	Start      time.Time   `json:"start"`
	End        time.Time   `json:"end"`
	Configured string      `json:"configured"` // the start as the config has it
	Clock      router.Wall `json:"clock,omitempty"`
	Shut       bool        `json:"shut,omitempty"` // the site is not open then: it does not take place
}

func dayReports(days []router.SiteDay) []dayReport {
	list := make([]dayReport, 0, len(days))
	for i := range days {
		list = append(list, dayReportOf(&days[i]))
	}
	return list
}

func dayReportOf(d *router.SiteDay) dayReport {
	out := dayReport{
		Site: d.Site, Region: d.Region, TimeZone: d.Zone.String(), Date: d.Date.String(), Weekday: d.Date.Weekday().String(),
		Hours: d.End.Sub(d.Start).Hours(), Holiday: d.Holiday, Closed: d.Closed,
		Open: []spanReport{}, Cutoffs: []cutoffReport{}, Departures: []departureReport{},
	}
	if d.Change != nil {
		out.ClockChange = &changeReport{At: d.Change.At, Minutes: int(d.Change.Shift.Minutes())}
	}
	for _, o := range d.Open {
		out.Open = append(out.Open, spanReport(o))
	}
	for _, c := range d.Cutoffs {
		one := cutoffReport{Level: c.Level, Clock: c.Clock}
		if !c.At.IsZero() {
			one.At, one.Configured = &c.At, c.Configured.String()
		}
		out.Cutoffs = append(out.Cutoffs, one)
	}
	for _, dep := range d.Departures {
		one := departureReport{Lane: dep.Lane, Kind: "block", Start: dep.Start, End: dep.End,
			Configured: dep.Configured.String(), Clock: dep.Clock, Shut: dep.Shut}
		if dep.Collection {
			one.Kind = "collection"
		}
		out.Departures = append(out.Departures, one)
	}
	return out
}
