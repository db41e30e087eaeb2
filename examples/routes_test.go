package examples

import (
	"testing"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/routetest"
)

// What the example says of its routes is true, and its tests reach most of it.
func TestRoutes(t *testing.T) {
	t.Parallel()
	c, findings := config.Load("helsinki/nearlane.yaml", config.Options{})
	if c == nil {
		t.Fatal(findings)
	}
	n, err := router.Build(c)
	if err != nil {
		t.Fatal(err)
	}
	suite, findings := routetest.Load("helsinki/routes.yaml", c, config.Options{})
	if suite == nil {
		t.Fatal(findings.Format())
	}
	coverage := routetest.NewCoverage(c)
	for _, r := range suite.Run(c, n) {
		for _, f := range r.Failures {
			t.Errorf("%s: %s: want %s, got %s %q", f.At, f.Key, f.Want, f.Got, f.Why)
		}
		coverage.Add(&r)
	}
	if got := coverage.Percent(); got < 80 {
		t.Errorf("got coverage of %.1f %%, want 80: %v not reached", got, coverage.Missed())
	}
}
