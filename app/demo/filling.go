package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

const (
	barsShown = 5
	barChars  = 24
)

// level is how full a slot is that still matters.
type level struct {
	id    string
	name  string
	usage router.Usage
}

// filling shows the fullest slots of the rest of the day.
func (s *screen) filling(hour time.Time, d *day) {
	routed := 0
	for _, a := range d.books.accounts {
		if a.decision != nil && a.decision.Outcome == event.Dispatched {
			routed++
		}
	}
	s.rule(clockText(hour), fmt.Sprintf("%d orders, %d on their way", len(d.books.accounts), routed))
	bars := d.fullest(hour)
	for _, l := range bars {
		filled, empty := bar(l.usage.Units, l.usage.Limit, barChars)
		c := green
		switch {
		case l.usage.Units >= l.usage.Limit:
			c = red
			d.full[l.id] = true
		case 4*l.usage.Units >= 3*l.usage.Limit:
			c = yellow
		}
		s.row().cell(plain, 6, "").cell(plain, 33, "%s", l.name).cell(c, 0, "%s", filled).cell(dim, 0, "%s", empty).
			cell(plain, 0, "  %d of %d", l.usage.Units, l.usage.Limit).print()
	}
	if len(bars) > 0 {
		s.gap()
	}
}

// fullest lists today's slots that still matter and were not shown full yet:
// the fullest first, then by name.
func (d *day) fullest(now time.Time) []level {
	var all []level
	today := lanes.DateIn(now.Date())
	for id, usage := range d.journal.Slots {
		slot, err := lanes.ParseSlot(id)
		if err != nil || slot.Date != today || usage.Units == 0 || usage.Limit == 0 || d.full[id] {
			continue
		}
		if name := slotText(d.home.config, slot, now); name != "" {
			all = append(all, level{id, name, usage})
		}
	}
	slices.SortFunc(all, func(a, b level) int {
		return cmp.Or(cmp.Compare(b.usage.Units*a.usage.Limit, a.usage.Units*b.usage.Limit), cmp.Compare(a.name, b.name))
	})
	return all[:min(len(all), barsShown)]
}

// slotText names a slot of today for people; empty for one that has left, and
// for one that counts grams.
func slotText(c *config.Config, slot lanes.Slot, now time.Time) string {
	switch slot.Kind {
	case lanes.KindMake:
		return slot.Place + " makes " + slot.Name
	case lanes.KindLocker:
		return slot.Place + " lockers " + slot.Name
	}
	leaves := time.Date(now.Year(), now.Month(), now.Day(), 0, int(slot.Start), 0, 0, now.Location())
	if slot.Unit != lanes.UnitParcels || !leaves.After(now) {
		return ""
	}
	return slot.Place + " " + slot.Name + " " + departureText(c, slot)
}

// departureText is "10–12" for a block and "17:30" for a collection.
func departureText(c *config.Config, slot lanes.Slot) string {
	midnight := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	start := midnight.Add(time.Duration(slot.Start) * time.Minute)
	for i := range c.Sites {
		if c.Sites[i].ID != slot.Place {
			continue
		}
		for j := range c.Sites[i].Lanes {
			ln := &c.Sites[i].Lanes[j]
			if ln.ID != slot.Name {
				continue
			}
			for _, leave := range ln.Timetable.On(slot.Date) {
				if leave.Wall == slot.Start && leave.End > leave.Start {
					return shortClock(start) + "–" + shortClock(start.Add(time.Duration(leave.End-leave.Start)*time.Second))
				}
			}
		}
	}
	return clockText(start)
}
