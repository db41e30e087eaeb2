package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// optionInfo is an option, and why it has its place.
type optionInfo struct {
	event.Body
	Room   room             `json:"room,omitempty"`
	Taken  map[string]int64 `json:"taken,omitempty"`  // of the slots that it claims, where it is known
	Behind *contest         `json:"behind,omitempty"` // the best option; nil: it is the best
}

// room says what the ledger answered, or would answer, of an option.
type room string

const (
	roomFull   room = "full"
	roomChosen room = "chosen"
	roomUnused room = "not_asked" // one before it was chosen
)

// contest is the rank key, or the tie, that put an option behind the best.
type contest struct {
	By   string `json:"by"`
	Best any    `json:"best"` // what the best option has
	This any    `json:"this"`
}

// options takes all options of the plan and plays the ledger with them.
func (e *explanation) options(p *router.Plan, v *view) {
	for {
		options, _ := p.Take(math.MaxInt)
		if len(options) == 0 {
			break
		}
		for _, o := range options {
			e.Options = append(e.Options, e.option(p, v, o))
		}
	}
	for i := range e.Options[min(1, len(e.Options)):] {
		best, this := &e.Options[0].Body, &e.Options[i+1].Body
		by := p.Decider(best, this)
		e.Options[i+1].Behind = &contest{By: by, Best: measureOf(best, by), This: measureOf(this, by)}
	}
}

func (e *explanation) option(p *router.Plan, v *view, o *router.Option) optionInfo {
	info := optionInfo{Body: o.Body}
	if v.taken != nil {
		info.Taken = map[string]int64{}
		for _, c := range o.Body.Claims {
			info.Taken[c.Slot] = v.taken(c.Slot)
		}
	}
	switch {
	case e.Outcome == event.Dispatched:
		info.Room = roomUnused
	case v.room == nil || v.room(o):
		e.Outcome, info.Room = event.Dispatched, roomChosen
	default:
		info.Room = roomFull
		p.Full([]*router.Option{o})
	}
	return info
}

// chosen is the option that the order gets; nil: none.
func (e *explanation) chosen() *optionInfo {
	if i := slices.IndexFunc(e.Options, func(o optionInfo) bool { return o.Room == roomChosen }); i >= 0 {
		return &e.Options[i]
	}
	return nil
}

// measureOf is what an option has of the thing that decided.
func measureOf(b *event.Body, by string) any {
	switch by {
	case string(config.RankPromise):
		return b.Dropoff.Before
	case string(config.RankMethod):
		return b.Method
	case string(config.RankCost):
		return b.Cost
	case string(config.RankDistance):
		return b.DistanceM
	case router.ByLevel:
		return b.ServiceLevel
	case router.BySite:
		return b.Site.SiteID
	case router.ByLane:
		return b.Lane
	case router.ByStart:
		return b.Slot.Start
	case router.ByMaking:
		return strings.Join(madeOn(b), ", ")
	}
	if b.Locker == nil {
		return "the door"
	}
	return b.Locker.BankID + " (" + b.Locker.Size + ")"
}

// madeOn lists the production days that an option claims.
func madeOn(b *event.Body) (days []string) {
	for _, c := range b.Claims {
		if slot, err := lanes.ParseSlot(c.Slot); err == nil && slot.Kind == lanes.KindMake {
			days = append(days, slot.Name+" on "+slot.Date.String())
		}
	}
	return days
}

// tellContest says in a few words what put an option behind the best.
func (t *teller) tellContest(c *contest, zone *time.Location) string {
	return fmt.Sprintf("behind 1 by %s: %s, not %s", c.By, t.measure(c.This, zone), t.measure(c.Best, zone))
}

func (t *teller) measure(value any, zone *time.Location) string {
	switch m := value.(type) {
	case time.Time:
		return m.In(zone).Format(dayAndTime)
	case event.Money:
		return t.money(m)
	case int64:
		return fmt.Sprintf("%d m", m)
	}
	return fmt.Sprint(value)
}
