package lint

import (
	"fmt"
	"slices"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// Lint looks through a config as of an instant and returns what it found, in
// the order of the file. It takes time by the size of the config: a network of
// 10,000 sites takes seconds.
func Lint(c *config.Config, now time.Time) config.Findings {
	l := &linter{c: c, now: now.Unix(), rules: map[string]config.Rule{}, never: map[laneLevel]bool{}}
	for _, r := range Rules() {
		l.rules[r.Code] = r
	}
	l.holidays()
	l.couriers()
	for i := range c.Sites {
		l.site(&c.Sites[i])
	}
	l.cutoffs()
	l.stranded()
	l.lockers()
	l.shapes()
	l.overlaps()
	l.areas()
	return l.found.Merge(nil)
}

type linter struct {
	c     *config.Config
	now   int64 // unix seconds
	rules map[string]config.Rule
	never map[laneLevel]bool // no order of the level can go this way
	found config.Findings
}

// laneLevel is a lane and the id of a level that it serves.
type laneLevel struct {
	lane  *config.Lane
	level string
}

// dead reports whether no order at all can go this way.
func (l *linter) dead(n *config.Lane) bool {
	return !slices.ContainsFunc(n.Levels, func(id string) bool { return !l.never[laneLevel{n, id}] })
}

// site looks at one site and its lanes.
func (l *linter) site(s *config.Site) {
	path := "$.sites." + s.ID
	l.closed(s, path)
	l.goods(s, path)
	shut := l.shut(s, path)
	for i := range s.Lanes {
		n := &s.Lanes[i]
		l.departures(s, n, lanePath(s, n), shut)
		l.capacity(n, lanePath(s, n))
		l.catchment(s, n)
	}
	l.cells(s, path)
}

// report adds a finding about what stands at a path.
func (l *linter) report(path, code, hint, format string, args ...any) {
	l.found = append(l.found, l.c.Locate(config.Finding{
		Path: path, Code: code, Severity: l.rules[code].Severity, Message: fmt.Sprintf(format, args...), Hint: hint,
	}))
}

func lanePath(s *config.Site, n *config.Lane) string { return "$.sites." + s.ID + ".lanes." + n.ID }

// catchmentPath is where a lane's catchment stands: at the lane, or at the
// site.
func (l *linter) catchmentPath(s *config.Site, n *config.Lane) string {
	if own := lanePath(s, n) + ".catchment"; l.c.Has(own) {
		return own
	}
	return "$.sites." + s.ID + ".catchment"
}

// level finds a level by id. References in a config resolve.
func (l *linter) level(id string) *config.Level {
	i := slices.IndexFunc(l.c.Levels, func(v config.Level) bool { return v.ID == id })
	return &l.c.Levels[i]
}

func (l *linter) courier(id string) *config.Courier {
	i := slices.IndexFunc(l.c.Couriers, func(v config.Courier) bool { return v.ID == id })
	return &l.c.Couriers[i]
}

// today is the local day in a zone.
func (l *linter) today(zone *time.Location) lanes.Date { return lanes.DateOf(l.now, zone) }
