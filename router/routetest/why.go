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

// why says why what was wanted was not chosen: the plan's verdicts on it, and
// where it was offered, what stood before it.
func (o *Outcome) why(w Want, c *config.Config) []string {
	switch w.Key {
	case keySite, keyLane:
		return o.tellVerdicts(c, o.verdicts(c, w.Value))
	case keyNot:
		if w.because != "" {
			return o.tellVerdicts(c, o.verdicts(c, w.Value))
		}
		return nil
	case keyLocker:
		bank, _, _ := strings.Cut(w.Value, "/")
		var list []verdict
		for _, candidate := range o.Candidates {
			if candidate.Locker == bank {
				list = append(list, o.verdictOf(candidate))
			}
		}
		if len(list) == 0 && !slices.Contains(o.Methods, event.MethodLocker) {
			return []string{"the order does not ask for a locker"}
		}
		return o.tellVerdicts(c, list)
	case keyLevel:
		return o.atLevel(c, w.Value)
	}
	return nil
}

// tellVerdicts is a line for each verdict. Of what was offered it says what
// stood before it; then other levels do not matter.
func (o *Outcome) tellVerdicts(c *config.Config, list []verdict) []string {
	var lines []string
	offered := map[string]bool{}
	for _, v := range list {
		if offered[v.name] {
			continue
		}
		line := v.String()
		if v.reason == "" {
			offered[v.name] = true
			line += o.behind(c, v)
		}
		lines = append(lines, line)
	}
	return lines
}

// atLevel says why a level was not kept.
func (o *Outcome) atLevel(c *config.Config, level string) []string {
	chain := chainFrom(c, o.Level)
	at := slices.Index(chain, level)
	switch {
	case at < 0:
		return []string{level + " is neither the level asked for nor one that follows it"}
	case o.Body != nil && at > slices.Index(chain, o.Body.ServiceLevel):
		return []string{o.Body.ServiceLevel + " comes before it, and was kept"}
	}
	var lines []string
	for _, candidate := range o.Candidates {
		if candidate.Level == level && candidate.Reason != router.OtherLevel.String() {
			lines = append(lines, o.verdictOf(candidate).String())
		}
	}
	if len(lines) == 0 {
		return []string{"no lane that serves " + level + " has the place in its catchment"}
	}
	return lines
}

// chainFrom is a level and those it falls back to.
func chainFrom(c *config.Config, level string) []string {
	var chain []string
	for level != "" {
		chain = append(chain, level)
		i := slices.IndexFunc(c.Levels, func(l config.Level) bool { return l.ID == level })
		if i < 0 {
			break
		}
		level = c.Levels[i].Fallback
	}
	return chain
}

// behind says what stood before something that was offered.
func (o *Outcome) behind(c *config.Config, v verdict) string {
	at := o.rank(v)
	switch {
	case at < 0 || o.Body == nil:
		return ""
	case at == 0:
		return " and chosen"
	}
	key, mine, theirs := o.decided(c, o.Body, &o.offers[at])
	return fmt.Sprintf(" and ranked %d: %s goes before it by %s, %s against %s", at+1, nameOf(o.Body), key, mine, theirs)
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
