package main

import (
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router/routetest"
)

// testReport is a run as JSON.
type testReport struct {
	Network        string         `json:"network"`
	ConfigRevision string         `json:"configRevision"`
	Passed         int            `json:"passed"`
	Failed         int            `json:"failed"`
	Cases          []caseReport   `json:"cases"`
	Coverage       coverageReport `json:"coverage"`
}

type caseReport struct {
	File     string            `json:"file"`
	Line     int               `json:"line"`
	Column   int               `json:"column"`
	Name     string            `json:"name"`
	Passed   bool              `json:"passed"`
	At       time.Time         `json:"at"`
	Outcome  event.Outcome     `json:"outcome"`
	Chosen   *chosen           `json:"chosen,omitempty"`
	Reasons  []string          `json:"reasons,omitempty"`
	Verdicts []event.Candidate `json:"candidates,omitempty"` // with --details
	Failures []failureReport   `json:"failures,omitempty"`
}

type failureReport struct {
	File   string   `json:"file"`
	Line   int      `json:"line"`
	Column int      `json:"column"`
	Key    string   `json:"key"`
	Want   string   `json:"want"`
	Got    string   `json:"got"`
	Why    []string `json:"why,omitempty"`
}

type coverageReport struct {
	Percent float64      `json:"percent"`
	Reached int          `json:"reached"`
	All     int          `json:"all"`
	Items   []itemReport `json:"items"`
}

type itemReport struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Cases  int    `json:"cases"` // that reached it
}

func (r *testRun) json() *testReport {
	out := &testReport{Network: r.config.Network, ConfigRevision: r.config.Revision, Cases: []caseReport{}, Coverage: coverageReport{Items: []itemReport{}}}
	for i := range r.suites {
		s := &r.suites[i]
		out.Failed += s.failed()
		out.Passed += len(s.results) - s.failed()
		for j := range s.results {
			if one := &s.results[j]; len(one.Failures) > 0 || !r.onlyFailures {
				out.Cases = append(out.Cases, r.caseReport(one))
			}
		}
	}
	out.Coverage.Percent = floor1(r.coverage.Percent())
	out.Coverage.Reached, out.Coverage.All = r.coverage.Reached("")
	for _, item := range r.coverage.Items {
		out.Coverage.Items = append(out.Coverage.Items, itemReport{Kind: item.Kind, ID: item.ID,
			File: item.At.File, Line: item.At.Line, Column: item.At.Column, Cases: item.Cases})
	}
	return out
}

func (r *testRun) caseReport(one *routetest.Result) caseReport {
	at := one.Case.At
	out := caseReport{File: at.File, Line: at.Line, Column: at.Column, Name: one.Case.Name, Passed: len(one.Failures) == 0, At: one.Case.Now,
		Outcome: one.Outcome.Outcome, Chosen: chosenBy(one.Outcome.Body), Reasons: one.Outcome.Reasons}
	if r.details {
		out.Verdicts = one.Outcome.Candidates
	}
	for _, f := range one.Failures {
		out.Failures = append(out.Failures, failureReport{File: f.At.File, Line: f.At.Line, Column: f.At.Column,
			Key: f.Key, Want: f.Want.String(), Got: f.Got, Why: f.Why})
	}
	return out
}

// chosen is where an order went, for JSON.
type chosen struct {
	Site    string `json:"site"`
	Lane    string `json:"lane"`
	Courier string `json:"courierId"`
	Method  string `json:"method"`
	Locker  string `json:"locker,omitempty"` // BANK/SIZE
	Level   string `json:"serviceLevel"`
	Slot    string `json:"slot"`
	Promise string `json:"promiseDate"`
}

func chosenBy(b *event.Body) *chosen {
	if b == nil {
		return nil
	}
	zone := zoneOf(b.Site.TimeZone)
	out := &chosen{Site: b.Site.SiteID, Lane: b.Lane, Courier: b.CourierID, Method: b.Method, Level: b.ServiceLevel,
		Slot: b.Slot.Start.In(zone).Format(time.RFC3339), Promise: b.PromiseDate.In(zone).Format(time.RFC3339)}
	if b.Locker != nil {
		out.Locker = b.Locker.BankID + "/" + b.Locker.Size
	}
	return out
}
