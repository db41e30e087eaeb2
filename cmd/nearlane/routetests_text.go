package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/nearlane/nearlane/router/routetest"
)

// text tells the run to a person, within the width where names allow.
func (r *testRun) text(w io.Writer) error {
	t := testTeller{testRun: r, colour: colour(w)}
	for i := range r.suites {
		s := &r.suites[i]
		for j := range s.results {
			t.result(&s.results[j])
		}
		t.suite(s)
	}
	if r.testOptions.coverage {
		t.reached()
	}
	reached, all := r.coverage.Reached("")
	fmt.Fprintf(&t.out, "coverage: %.1f %%, %d of %d\n", floor1(r.coverage.Percent()), reached, all)
	_, err := t.out.WriteTo(w)
	return err
}

type testTeller struct {
	*testRun
	colour bool
	out    bytes.Buffer
}

func (t *testTeller) result(r *routetest.Result) {
	passed := len(r.Failures) == 0
	switch {
	case passed && t.onlyFailures:
		return
	case passed:
		t.line("", t.paint("32", "--- ok  ")+" "+r.Case.Name)
	default:
		t.line("", t.paint("31", "--- FAIL")+" "+r.Case.Name)
	}
	if !passed || t.details {
		t.line("    ", fmt.Sprintf("%s: planned %s, went to: %s", r.Case.At, r.Case.Now.Format(dayAndTime), t.way(&r.Outcome)))
	}
	if t.details {
		for _, v := range r.Outcome.Verdicts() {
			t.line("        ", v)
		}
	}
	for _, f := range r.Failures {
		t.line("    ", fmt.Sprintf("%s: %s: want %s, got %s", f.At, f.Key, f, f.Got))
		for _, why := range f.Why {
			t.line("        ", why)
		}
	}
}

// way says where an order went.
func (t *testTeller) way(o *routetest.Outcome) string {
	if o.Body == nil {
		return string(o.Outcome) + ", " + strings.Join(o.Reasons, ", ")
	}
	b := o.Body
	zone := zoneOf(b.Site.TimeZone)
	way := fmt.Sprintf("%s, %s, %s by %s, %s", wayOf(b), spanIn(zone, b.Slot.Start, b.Slot.End),
		b.ServiceLevel, b.PromiseDate.In(zone).Format(dayAndTime), (&teller{decimals: t.config.Decimals}).money(b.Cost))
	if len(o.Reasons) > 0 {
		way += ", after " + strings.Join(o.Reasons, ", ")
	}
	return way
}

func (t *testTeller) suite(s *suiteResults) {
	failed := s.failed()
	word := t.paint("32", "ok  ")
	if failed > 0 {
		word = t.paint("31", "FAIL")
	}
	fmt.Fprintf(&t.out, "%s %s: %d passed, %d failed\n", word, s.file, len(s.results)-failed, failed)
}

// reached is the table of what the tests reach, and what not, with its line.
func (t *testTeller) reached() {
	fmt.Fprintln(&t.out)
	for _, kind := range routetest.Kinds() {
		if n, all := t.coverage.Reached(kind); all > 0 {
			fmt.Fprintf(&t.out, "  %-16s %3d of %d\n", kind+"s", n, all)
		}
	}
	missed := t.coverage.Missed()
	if len(missed) > 0 {
		fmt.Fprintln(&t.out, "not reached:")
	}
	for _, item := range missed {
		fmt.Fprintf(&t.out, "  %s %-*s %s\n", item.At, max(0, 48-len(item.At.String())), item.Kind, item.ID)
	}
}

// line writes text at an indent, what does not fit on lines of their own.
func (t *testTeller) line(indent, text string) {
	for i, part := range wrap(text, width-len(indent)-2) {
		if i > 0 {
			part = "  " + part
		}
		fmt.Fprintln(&t.out, indent+part)
	}
}

func (t *testTeller) paint(code, text string) string {
	if !t.colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
