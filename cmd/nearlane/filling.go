package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// filling is a slot and what is taken of it.
type filling struct {
	Slot   string    `json:"slot"`
	Region string    `json:"region"`
	Kind   string    `json:"kind"`
	Place  string    `json:"place"` // site or locker bank
	Name   string    `json:"name"`  // lane, production cell or locker size
	Sites  []string  `json:"sites"` // whose orders it serves
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Unit   string    `json:"unit"`
	Used   int64     `json:"used"`
	Limit  int64     `json:"limit"`
	Known  bool      `json:"inConfig"` // false: promised under an earlier config
	Closed bool      `json:"closed"`   // by staff
}

func (f *filling) full() bool { return f.Used >= f.Limit }

// summaryOf counts slots.
func summaryOf(all []filling) string {
	full, closed := 0, 0
	for i := range all {
		if all[i].full() {
			full++
		}
		if all[i].Closed {
			closed++
		}
	}
	noun := "slots"
	if len(all) == 1 {
		noun = "slot"
	}
	text := fmt.Sprintf("%d %s, %d full", len(all), noun, full)
	if closed > 0 {
		text += fmt.Sprintf(", %d closed by staff", closed)
	}
	return text
}

// filled lists the slots of each region's day, those of one place together:
// the slots of the config, and those that only the journal knows, since a
// promise outlives the config it was made under.
func filled(n *router.Network, days map[string]lanes.Date, refold *router.Refold) []filling {
	var list []filling
	known := map[string]bool{}
	for _, day := range datesOf(days) {
		for _, s := range n.Slots(day) {
			if days[s.Region] != day {
				continue
			}
			known[s.ID] = true
			list = append(list, filling{
				Slot: s.ID, Region: n.RegionID(s.Region), Kind: s.Slot.Kind, Place: s.Slot.Place, Name: s.Slot.Name, Sites: s.Sites,
				Start: s.Start, End: s.End, Unit: s.Slot.Unit, Used: refold.Slots[s.ID].Units, Limit: s.Limit, Known: true, Closed: s.Closed,
			})
		}
	}
	list = append(list, lapsed(n, days, refold, known)...)
	kinds := []string{lanes.KindLane, lanes.KindMake, lanes.KindLocker}
	slices.SortStableFunc(list, func(a, b filling) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(a.Place, b.Place))
	})
	return list
}

// datesOf lists the days that the regions mean: mostly one.
func datesOf(days map[string]lanes.Date) []lanes.Date {
	var list []lanes.Date
	for _, d := range days {
		list = append(list, d)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// lapsed lists the slots of the days that orders still claim and the config no
// longer has, by id.
func lapsed(n *router.Network, days map[string]lanes.Date, refold *router.Refold, known map[string]bool) []filling {
	var list []filling
	zones := n.Zones()
	for _, s := range refold.Standing {
		for _, c := range s.Claims {
			slot, err := lanes.ParseSlot(c.Slot)
			zone, here := zones[s.Region]
			if err != nil || !here || known[c.Slot] || days[s.Region] != slot.Date {
				continue
			}
			known[c.Slot] = true
			f := filling{
				Slot: c.Slot, Region: n.RegionID(s.Region), Kind: slot.Kind, Place: slot.Place, Name: slot.Name, Sites: []string{},
				Start: time.Unix(lanes.At(slot.Date, slot.Start, zone), 0).In(zone), End: c.Ends.In(zone),
				Unit: slot.Unit, Used: refold.Slots[c.Slot].Units, Limit: refold.Slots[c.Slot].Limit,
			}
			if slot.Kind != lanes.KindLocker {
				f.Sites = append(f.Sites, slot.Place)
			}
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b filling) int { return cmp.Compare(a.Slot, b.Slot) })
	return list
}
