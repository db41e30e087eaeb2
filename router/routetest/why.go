package routetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// verdict is what was found about a lane or a locker of it at one level.
type verdict struct {
	name   string // "kallio/bike", "kallio/bike to locker sornainen"
	level  string // empty: at every one
	reason string // empty: offered
}

func (v verdict) String() string {
	text := v.name
	if v.level != "" {
		text += " for " + v.level
	}
	if v.reason == "" {
		return text + " was offered"
	}
	return text + ": " + v.reason + ", " + meanings()[v.reason]
}

// meanings are the reasons in words, by code.
func meanings() map[string]string {
	all := map[string]string{}
	for _, r := range router.ReasonCodes() {
		all[r[0]] = r[1]
	}
	return all
}

// Verdicts lists what was found about every lane and locker that came up, in
// the words of a failure.
func (o *Outcome) Verdicts() []string {
	var all []string
	for _, c := range o.Candidates {
		if c.Reason != router.OtherLevel.String() {
			all = append(all, verdictOf(c).String())
		}
	}
	return all
}

func verdictOf(c event.Candidate) verdict {
	v := verdict{name: c.Site + "/" + c.Lane, level: c.Level, reason: c.Reason}
	if c.Locker != "" {
		v.name += " to locker " + c.Locker
	}
	return v
}

// verdicts are those about a site, a lane (as "site/lane" or as a bare id) or a
// locker. A lane that no catchment brought up has one as well. What a lane says
// of a level that it does not serve is left out where it says anything else.
func (o *Outcome) verdicts(c *config.Config, name string) []verdict {
	var list, others []verdict
	for i := range c.Sites {
		site := &c.Sites[i]
		for j := range site.Lanes {
			lane := &site.Lanes[j]
			path := site.ID + "/" + lane.ID
			if name != site.ID && name != path && name != lane.ID {
				continue
			}
			found := o.about(path)
			if len(found) == 0 {
				list = append(list, verdict{name: path, reason: o.unreached(lane)})
			}
			for _, v := range found {
				if v.reason == router.OtherLevel.String() {
					others = append(others, v)
				} else {
					list = append(list, v)
				}
			}
		}
	}
	if len(list) == 0 {
		return others
	}
	return list
}

// about are the verdicts on a lane itself.
func (o *Outcome) about(path string) []verdict {
	var list []verdict
	for _, c := range o.Candidates {
		if c.Locker == "" && c.Site+"/"+c.Lane == path {
			list = append(list, verdictOf(c))
		}
	}
	return list
}

// unreached is why no catchment brought up a lane.
func (o *Outcome) unreached(lane *config.Lane) string {
	if o.Place.Cell == 0 && !lane.Area.Cells.Empty() {
		return router.LocationTooCoarse.String()
	}
	return router.OutsideCatchment.String()
}

// why says why what was wanted was not chosen: the plan's verdicts on it, and
// where it was offered, what stood before it.
func (o *Outcome) why(w Want, c *config.Config) []string {
	switch w.Key {
	case keySite, keyLane:
		return o.tellVerdicts(w, c, o.verdicts(c, w.Value))
	case keyNot:
		if w.because != "" {
			return o.tellVerdicts(w, c, o.verdicts(c, w.Value))
		}
		return nil
	case keyLocker:
		bank, _, _ := strings.Cut(w.Value, "/")
		var list []verdict
		for _, candidate := range o.Candidates {
			if candidate.Locker == bank {
				list = append(list, verdictOf(candidate))
			}
		}
		if len(list) == 0 && !slices.Contains(o.Methods, event.MethodLocker) {
			return []string{"the order does not ask for a locker"}
		}
		return o.tellVerdicts(w, c, list)
	case keyLevel:
		return o.atLevel(w.Value)
	}
	return nil
}

// tellVerdicts is a line for each verdict; the first of what was offered also
// says why something else was preferred.
func (o *Outcome) tellVerdicts(w Want, c *config.Config, list []verdict) []string {
	var lines []string
	for _, v := range list {
		line := v.String()
		if v.reason == "" {
			line += o.behind(c, v)
		}
		lines = append(lines, line)
	}
	return lines
}

// atLevel says why a level was not kept.
func (o *Outcome) atLevel(level string) []string {
	var lines []string
	for _, c := range o.Candidates {
		if c.Level == level && c.Reason != "" && c.Reason != router.OtherLevel.String() {
			lines = append(lines, verdictOf(c).String())
		}
	}
	if len(lines) == 0 && !slices.ContainsFunc(o.Candidates, func(c event.Candidate) bool { return c.Level == level }) {
		return []string{level + " was not weighed: it was not asked for, and nothing fell back to it"}
	}
	return lines
}

// behind says what stood before something that was offered.
func (o *Outcome) behind(c *config.Config, v verdict) string {
	i := slices.IndexFunc(o.offers, func(b event.Body) bool { return nameOf(&b) == v.name && b.ServiceLevel == v.level })
	if i < 0 || o.Body == nil {
		return ""
	}
	key, mine, theirs := o.decided(c, o.Body, &o.offers[i])
	return fmt.Sprintf(" and ranked %d: %s goes before it by %s, %s against %s", i+1, nameOf(o.Body), key, mine, theirs)
}

// nameOf is the name of the verdict that an option stems from.
func nameOf(b *event.Body) string {
	name := b.Site.SiteID + "/" + b.Lane
	if b.Locker != nil {
		name += " to locker " + b.Locker.BankID
	}
	return name
}

// decided is the first of the network's criteria in which two options differ,
// and both values of it.
func (o *Outcome) decided(c *config.Config, a, b *event.Body) (key, ofA, ofB string) {
	for _, k := range c.Rank {
		switch k {
		case config.RankPromise:
			ofA, ofB = o.local(a.PromiseDate), o.local(b.PromiseDate)
		case config.RankMethod:
			ofA, ofB = a.Method, b.Method
		case config.RankCost:
			ofA, ofB = lanes.FormatMoney(a.Cost.Amount, c.Decimals), lanes.FormatMoney(b.Cost.Amount, c.Decimals)
		case config.RankDistance:
			ofA, ofB = fmt.Sprintf("%d m", a.DistanceM), fmt.Sprintf("%d m", b.DistanceM)
		}
		if ofA != ofB {
			return string(k), ofA, ofB
		}
	}
	return "name", nameOf(a), nameOf(b)
}
