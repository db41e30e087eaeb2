package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/nearlane/nearlane/router/routetest"
)

// What CI systems read of JUnit's XML.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr"`
		Failure *junitFailure `xml:"failure"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func (r *testRun) junit(w io.Writer) error {
	var all junitSuites
	for i := range r.suites {
		s := &r.suites[i]
		suite := junitSuite{Name: s.file, Tests: len(s.results), Failures: s.failed()}
		for j := range s.results {
			one := &s.results[j]
			suite.Cases = append(suite.Cases, junitCase{Class: s.file, Name: one.Case.Name, File: one.Case.At.File, Line: one.Case.At.Line, Failure: junitFailures(one.Failures)})
		}
		all.Tests, all.Failures, all.Suites = all.Tests+suite.Tests, all.Failures+suite.Failures, append(all.Suites, suite)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write junit: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

func junitFailures(failures []routetest.Failure) *junitFailure {
	if len(failures) == 0 {
		return nil
	}
	var text strings.Builder
	for _, f := range failures {
		fmt.Fprintf(&text, "%s: %s: want %s, got %s\n", f.At, f.Key, f.Want, f.Got)
		for _, why := range f.Why {
			fmt.Fprintf(&text, "    %s\n", why)
		}
	}
	first := failures[0]
	return &junitFailure{Message: fmt.Sprintf("%s: want %s, got %s", first.Key, first.Want, first.Got), Text: text.String()}
}
