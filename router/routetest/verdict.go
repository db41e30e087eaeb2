package routetest

import (
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
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
			all = append(all, o.verdictOf(c).String())
		}
	}
	return all
}

// verdictOf is the plan's verdict. A lane that was offered and not all of whose
// options were tried, because another came first, may have been full as well.
func (o *Outcome) verdictOf(c event.Candidate) verdict {
	v := verdict{name: c.Site + "/" + c.Lane, level: c.Level, reason: c.Reason}
	if c.Locker != "" {
		v.name += " to locker " + c.Locker
	}
	if v.reason == "" && o.rank(v) < 0 {
		v.reason = router.SlotFull.String()
	}
	return v
}

// rank is the place of a verdict's best option among those with room, from 0;
// negative if it has none. A lane stands for the lockers that it fills.
func (o *Outcome) rank(v verdict) int {
	return slices.IndexFunc(o.offers, func(b event.Body) bool {
		return b.ServiceLevel == v.level && (nameOf(&b) == v.name || b.Site.SiteID+"/"+b.Lane == v.name)
	})
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
			list = append(list, o.verdictOf(c))
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
