package replay

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// mostFullest is how many of the fullest slots a report names, and mostAlike how
// many of those one limit sets: else one lane would take the whole list.
const (
	mostFullest = 20
	mostAlike   = 4
)

// usage adds up how capacity is used.
type usage struct {
	taken   capacity
	filled  []Filled
	at      map[lanes.Slot]int // into filled, by a slot without day and hour
	fullest []Full
	hours   map[string]*[24]hour // by site
}

// hour adds up the departures of one hour of the day.
type hour struct {
	departures int
	use        float64
}

// use says how capacity was used from the day of the first order to that of
// the last. What was taken of other days is left out: those days are not whole.
func (r *Result) use(from, to time.Time) *usage {
	u := &usage{taken: r.slots, at: map[lanes.Slot]int{}, hours: map[string]*[24]hour{}}
	for _, id := range r.Network.SiteIDs() {
		u.hours[id] = new([24]hour)
	}
	if from.IsZero() {
		return u
	}
	zone := r.zone()
	for day, last := lanes.DateOf(from.Unix(), zone), lanes.DateOf(to.Unix(), zone); day <= last; day++ {
		u.addDay(r.Network.Slots(day))
	}
	for i := range u.filled {
		f := &u.filled[i]
		f.Use = ratio(f.Used, f.Limit)
	}
	slices.SortFunc(u.filled, byLimit)
	return u
}

// byLimit puts lanes before production and lockers, and parcels before weight.
func byLimit(a, b Filled) int {
	kinds := []string{lanes.KindLane, lanes.KindMake, lanes.KindLocker}
	return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), cmp.Compare(a.Place, b.Place),
		cmp.Compare(a.Name, b.Name), -cmp.Compare(a.Unit, b.Unit))
}

// addDay adds the slots of one day. Those of one departure stand together.
func (u *usage) addDay(infos []router.SlotInfo) {
	for len(infos) > 0 {
		n := 1
		for n < len(infos) && beside(&infos[0], &infos[n]) {
			n++
		}
		scarcest := 0.0
		for i := range infos[:n] {
			scarcest = max(scarcest, u.add(&infos[i]))
		}
		if first := &infos[0]; first.Slot.Kind == lanes.KindLane {
			h := &u.hours[first.Slot.Place][first.Start.Hour()]
			h.departures++
			h.use += scarcest
		}
		infos = infos[n:]
	}
}

// beside reports whether two slots count the same departure in different units.
func beside(a, b *router.SlotInfo) bool {
	return a.Slot.Kind == lanes.KindLane && b.Slot.Kind == lanes.KindLane &&
		a.Slot.Place == b.Slot.Place && a.Slot.Name == b.Slot.Name && a.Slot.Start == b.Slot.Start
}

// add adds one slot of one day and returns which share of it was used.
func (u *usage) add(info *router.SlotInfo) float64 {
	limit := lanes.Slot{Kind: info.Slot.Kind, Place: info.Slot.Place, Name: info.Slot.Name, Unit: info.Slot.Unit}
	i, ok := u.at[limit]
	if !ok {
		i = len(u.filled)
		u.at[limit] = i
		u.filled = append(u.filled, Filled{Kind: limit.Kind, Place: limit.Place, Name: limit.Name, Unit: limit.Unit})
	}
	f, s := &u.filled[i], u.taken[info.ID]
	f.Slots++
	f.Limit += info.Limit
	if s == nil {
		return 0
	}
	f.Used, f.Refused = f.Used+s.carried, f.Refused+s.refused
	if s.carried >= info.Limit {
		f.Full++
	}
	u.fullest = append(u.fullest, Full{Slot: info.ID, Start: info.Start, Used: s.carried, Limit: info.Limit, Refused: s.refused})
	return ratio(s.carried, info.Limit)
}

// mostWanted lists the slots that turned most orders away, then those that were
// used most, no more than a few of one limit.
func (u *usage) mostWanted() []Full {
	list := slices.Clone(u.fullest)
	slices.SortFunc(list, func(a, b Full) int {
		return cmp.Or(b.Refused-a.Refused, cmp.Compare(ratio(b.Used, b.Limit), ratio(a.Used, a.Limit)), cmp.Compare(a.Slot, b.Slot))
	})
	alike, out := map[string]int{}, []Full{}
	for _, f := range list {
		limit, _, _ := strings.Cut(f.Slot, ":")
		if alike[limit]++; alike[limit] <= mostAlike && len(out) < mostFullest {
			out = append(out, f)
		}
	}
	return out
}

// sites says what each site sent.
func (u *usage) sites(r *Result, dispatched int) []Site {
	list := make([]Site, 0, len(u.hours))
	at := map[string]int{}
	for _, id := range r.Network.SiteIDs() {
		at[id] = len(list)
		list = append(list, Site{Site: id, Hours: hoursOf(u.hours[id])})
	}
	for _, j := range r.Journeys {
		if j.Dispatched() {
			s := &list[at[j.Sent.Site.SiteID]]
			s.Orders++
			s.Cost += j.Sent.Cost.Amount
			s.Distance += float64(j.Sent.DistanceM)
		}
	}
	for i := range list {
		s := &list[i]
		s.Share = share(s.Orders, dispatched)
		s.Distance /= float64(max(s.Orders, 1))
	}
	return list
}

// hoursOf lists the hours that have departures.
func hoursOf(all *[24]hour) []Hour {
	list := []Hour{}
	for i, h := range all {
		if h.departures > 0 {
			list = append(list, Hour{Hour: i, Departures: h.departures, Use: h.use / float64(h.departures)})
		}
	}
	return list
}

func ratio(used, limit int64) float64 { return float64(used) / float64(max(limit, 1)) }
