package main

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router/routetest"
)

const testLong = `Test plans the orders of one or more files of routing tests as the router would,
each at its instant and with so much taken, and compares where they go with
where they should. For what did not come out, it says why the site or lane
expected was not chosen. A file is a list of cases:

  defaults: {at: 2026-08-04 09:10, country: FI, lines: [mug-blue]}
  cases:
    - name: when one bike is full, another goes
      to: {lat: 60.1842, lng: 24.9497}   # or postalCode, or cell
      full: [pasila/bike]                # or taken: {SLOT-ID: UNITS}
      expect: {lane: kallio/bike, promise: "12:00", not: {pasila/bike: full}}
    - name: an order as the shop sends it
      order: order.json
      expect: {level: same_day}

A case may also say placedAt, serviceLevel, deliveryMethods, lockerId, window,
excludedSites and fallback: false; it may expect site, lane, level, method,
courier, locker, slot, promise, reason, unroutable, waits and not.

Coverage is the share of the network's parts that the tests reach, each counting
once: catchments that hold the place of an order; lanes, fallbacks, production
cells, lockers and service levels by which an order is dispatched.

Exit codes: 0 all passed, 2 some failed, or coverage is under --fail-under,
65 mistakes in a file of tests, 66 no such file, 78 mistakes in the config.`

func testCommand() *cobra.Command {
	var o testOptions
	c := &cobra.Command{
		Use:   "test -c FILE TESTS.yaml...",
		Short: "Run routing tests, and say what of the network they reach",
		Long:  testLong,
		Example: `  nearlane test -c nearlane.yaml routes.yaml
  nearlane test --details routes.yaml
  nearlane test --only-failures --coverage --fail-under 80 routes.yaml
  nearlane test --format junit routes.yaml > report.xml`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return exactly(1, "one or more files of routing tests")(c, args)
			}
			return o.check()
		},
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args) },
	}
	configFlag(c, &o.file)
	c.Flags().BoolVar(&o.details, "details", false, "tell of each case what was found about every lane")
	c.Flags().BoolVar(&o.onlyFailures, "only-failures", false, "tell only of the cases that failed")
	c.Flags().BoolVar(&o.coverage, "coverage", false, "show what the tests reach, and what not")
	c.Flags().Float64Var(&o.failUnder, "fail-under", 0, "fail if coverage is under this percentage")
	c.Flags().StringVar(&o.format, "format", "text", "text, json or junit")
	c.Flags().BoolVar(&o.asJSON, "json", false, "the same as --format json")
	return c
}

type testOptions struct {
	file                            string
	details, onlyFailures, coverage bool
	failUnder                       float64
	format                          string
	asJSON                          bool
}

// check refuses flags that cannot be meant.
func (o *testOptions) check() error {
	if o.asJSON {
		o.format = "json"
	}
	switch {
	case o.format != "text" && o.format != "json" && o.format != "junit":
		return usageError{fmt.Errorf("--format %q is none of text, json and junit", o.format)}
	case math.IsNaN(o.failUnder) || o.failUnder < 0 || o.failUnder > 100:
		return usageError{errors.New("--fail-under is a percentage, from 0 to 100")}
	}
	return nil
}

func (o *testOptions) run(c *cobra.Command, files []string) error {
	loaded, network, err := loadNetwork(c, o.file)
	if err != nil {
		return err
	}
	suites, err := loadSuites(files, loaded, c.ErrOrStderr())
	if err != nil {
		return err
	}
	run := testRun{testOptions: o, config: loaded, coverage: routetest.NewCoverage(loaded)}
	for _, s := range suites {
		results := s.Run(loaded, network)
		for i := range results {
			run.coverage.Add(&results[i])
		}
		run.suites = append(run.suites, suiteResults{s.File, results})
	}
	if err := run.report(c.OutOrStdout()); err != nil {
		return err
	}
	return run.verdict()
}

// loadSuites reads all files, so that all their mistakes are told at once.
func loadSuites(files []string, loaded *config.Config, stderr io.Writer) ([]*routetest.Suite, error) {
	var suites []*routetest.Suite
	code := exitOK
	for _, file := range files {
		suite, findings := routetest.Load(file, loaded, config.Options{})
		if suite != nil {
			suites = append(suites, suite)
			continue
		}
		fmt.Fprint(stderr, findings.Format())
		if code != exitData {
			code = exitData
			if findings[0].Code == config.CodeFile && findings[0].Line == 0 {
				code = exitNoInput
			}
		}
	}
	if code != exitOK {
		return nil, silentError{code}
	}
	return suites, nil
}

// testRun is what all files came to.
type testRun struct {
	*testOptions
	config   *config.Config
	suites   []suiteResults
	coverage *routetest.Coverage
}

type suiteResults struct {
	file    string
	results []routetest.Result
}

// failed counts the cases that did not pass.
func (s *suiteResults) failed() int {
	n := 0
	for i := range s.results {
		if len(s.results[i].Failures) > 0 {
			n++
		}
	}
	return n
}

func (r *testRun) report(w io.Writer) error {
	switch r.format {
	case "json":
		return writeJSON(w, r.json())
	case "junit":
		return r.junit(w)
	}
	return r.text(w)
}

// verdict is the error that the run ends with.
func (r *testRun) verdict() error {
	failed := 0
	for i := range r.suites {
		failed += r.suites[i].failed()
	}
	if percent := r.coverage.Percent(); percent < r.failUnder {
		return codedError{exitFindings, fmt.Errorf("coverage of %.1f %% is under %g %%", floor1(percent), r.failUnder)}
	}
	if failed > 0 {
		return silentError{exitFindings}
	}
	return nil
}

// floor1 is x with one decimal, never rounded up: 79.96 is not 80.
func floor1(x float64) float64 { return math.Floor(x*10) / 10 }
