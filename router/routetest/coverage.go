package routetest

import (
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// Kinds of what coverage counts, in the order it tells them.
const (
	KindCatchment = "catchment"
	KindLane      = "lane"
	KindFallback  = "fallback"
	KindCell      = "production cell"
	KindLocker    = "locker"
	KindLevel     = "service level"
)

// Kinds lists them.
func Kinds() []string {
	return []string{KindCatchment, KindLane, KindFallback, KindCell, KindLocker, KindLevel}
}

// Coverage is what of a network tests have reached. It is not safe for
// concurrent use.
type Coverage struct {
	Items []Item // by kind, then by id
	place map[string]int
	next  map[string]string // the fallback of each level
}

// Item is one part of a network.
type Item struct {
	Kind, ID string
	At       config.Position
	Cases    int // that reached it
}

// NewCoverage is that of no tests.
func NewCoverage(c *config.Config) *Coverage {
	v := &Coverage{place: map[string]int{}, next: map[string]string{}}
	for _, kind := range Kinds() {
		v.list(c, kind)
	}
	return v
}

func (v *Coverage) list(c *config.Config, kind string) {
	add := func(id, path string) {
		v.place[kind+" "+id] = len(v.Items)
		v.Items = append(v.Items, Item{Kind: kind, ID: id, At: c.Position(path)})
	}
	switch kind {
	case KindLevel, KindFallback:
		for _, l := range c.Levels {
			v.next[l.ID] = l.Fallback
			if kind == KindLevel {
				add(l.ID, "$.serviceLevels."+l.ID)
			} else if l.Fallback != "" {
				add(l.ID+" to "+l.Fallback, "$.serviceLevels."+l.ID+".fallback")
			}
		}
	case KindLocker:
		for _, b := range c.Lockers {
			add(b.ID, "$.lockers."+b.ID)
		}
	default:
		for i := range c.Sites {
			v.ofSite(c, &c.Sites[i], kind, add)
		}
	}
}

func (v *Coverage) ofSite(c *config.Config, s *config.Site, kind string, add func(id, path string)) {
	at := "$.sites." + s.ID
	for _, l := range s.Lanes {
		switch kind {
		case KindLane:
			add(s.ID+"/"+l.ID, at+".lanes."+l.ID)
		case KindCatchment:
			path := at + ".lanes." + l.ID + ".catchment"
			if !c.Has(path) { // then it is the site's
				path = at + ".catchment"
			}
			add(s.ID+"/"+l.ID, path)
		}
	}
	for _, k := range s.Makes {
		if kind == KindCell {
			add(s.ID+"/"+k.ID, at+".makes."+k.ID)
			v.place[kind+" "+s.Key()+"/"+k.Key()] = v.place[kind+" "+s.ID+"/"+k.ID] // claims have the keys
		}
	}
}

// Add counts what one case reached.
func (v *Coverage) Add(r *Result) {
	o := &r.Outcome
	reached := map[string]bool{}
	for _, c := range o.Candidates {
		reached[KindCatchment+" "+c.Site+"/"+c.Lane] = true
	}
	if b := o.Body; b != nil {
		reached[KindLane+" "+b.Site.SiteID+"/"+b.Lane] = true
		reached[KindLevel+" "+b.ServiceLevel] = true
		for _, claim := range b.Claims {
			if slot, err := lanes.ParseSlot(claim.Slot); err == nil && slot.Kind == lanes.KindMake {
				reached[KindCell+" "+slot.Place+"/"+slot.Name] = true
			}
		}
		if b.Locker != nil {
			reached[KindLocker+" "+b.Locker.BankID] = true
		}
		for _, step := range v.steps(o) {
			reached[KindFallback+" "+step] = true
		}
	}
	for what := range reached {
		if i, known := v.place[what]; known {
			v.Items[i].Cases++
		}
	}
}

// steps are the fallbacks from the level asked for to that of the option: as
// many as there are reasons.
func (v *Coverage) steps(o *Outcome) []string {
	var steps []string
	level := o.Level
	for range o.Body.Fallback {
		steps = append(steps, level+" to "+v.next[level])
		level = v.next[level]
	}
	return steps
}

// Reached counts the items of a kind that some case reached, and all of them;
// of every kind for an empty one.
func (v *Coverage) Reached(kind string) (reached, all int) {
	for _, item := range v.Items {
		if kind != "" && item.Kind != kind {
			continue
		}
		if all++; item.Cases > 0 {
			reached++
		}
	}
	return reached, all
}

// Percent is the share of what was reached, from 0 to 100.
func (v *Coverage) Percent() float64 {
	reached, all := v.Reached("")
	if all == 0 {
		return 100
	}
	return 100 * float64(reached) / float64(all)
}

// Missed lists what no case reached.
func (v *Coverage) Missed() []Item {
	var missed []Item
	for _, item := range v.Items {
		if item.Cases == 0 {
			missed = append(missed, item)
		}
	}
	return missed
}
