package router

import (
	"slices"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// shelf is where a network keeps what it counts: every lane, production cell and
// locker size that it has, by the beginning of its slots with the region's key
// in front ("helsinki/lane/kallio/bike"). Lanes leave at some times of day; the
// others have no lane.
type shelf map[string]*lane

func (n *Network) shelf() shelf {
	s := make(shelf, len(n.lanes))
	var last *site
	for i := range n.lanes {
		ln := &n.lanes[i]
		at := ln.site.region.key + "/"
		if ln.site != last {
			last = ln.site
			for j := range last.cells {
				s[at+lanes.KindMake+"/"+last.key+"/"+last.cells[j].key] = nil
			}
		}
		s[at+lanes.KindLane+"/"+ln.keyPath] = ln
	}
	for i := range n.banks {
		b := &n.banks[i]
		for j := range b.sizes {
			s[b.region.key+"/"+lanes.KindLocker+"/"+b.key+"/"+b.sizes[j].key] = nil
		}
	}
	return s
}

// lacks says what the shelf has not that a slot of a region lies on, as
// `retired` names it; empty: it has it, or nothing else can be sold in its
// place. A departure that is gone is lacked only if the lane leaves at another
// time on that day of the week: there it may have moved to.
func (s shelf) lacks(region, id string) string {
	slot, err := lanes.ParseSlot(id)
	if err != nil {
		return region + "/" + id
	}
	head, _, _ := strings.Cut(id, ":")
	path := region + "/" + head
	ln, there := s[path]
	switch {
	case !there:
		return path
	case ln == nil || ln.timetable.Keeps(slot.Date.Weekday(), slot.Start):
		return ""
	}
	return path + "/" + slot.Start.String()
}

// Lacks lists, sorted, what another network counts and this one does not, as
// `retired` names it, but for what is retired: claims that stand there would be
// out of sight. Of a network that lacks nothing of it, nothing is.
func (n *Network) Lacks(other *Network) (paths []string) {
	has := n.shelf()
	for path, theirs := range other.shelf() {
		ours, there := has[path]
		switch {
		case !there:
			paths = append(paths, path)
		case ours != nil && theirs != nil:
			for _, start := range theirs.timetable.Moved(ours.timetable) {
				paths = append(paths, path+"/"+start.String())
			}
		}
	}
	paths = slices.DeleteFunc(paths, n.isRetired)
	slices.Sort(paths)
	return paths
}

// Shares reports whether a lane of another network is in this one, too.
func (n *Network) Shares(other *Network) bool {
	has := n.shelf()
	for path, theirs := range other.shelf() {
		if theirs != nil && has[path] != nil {
			return true
		}
	}
	return false
}

// isRetired reports whether a path is gone on purpose.
func (n *Network) isRetired(path string) bool {
	return slices.ContainsFunc(n.retired, func(gone string) bool { return within(path, gone) })
}

// within reports whether a path is another one or lies below it.
func within(path, other string) bool { return path == other || strings.HasPrefix(path, other+"/") }

// Hidden is what a network does not count though claims stand there.
type Hidden struct {
	Path   string    `json:"path"`            // as `retired` names it: helsinki/lane/kallio/bike
	Orders int       `json:"orders"`          // that claim it
	Such   []string  `json:"such"`            // the first few of them, as channel/order
	Until  time.Time `json:"until,omitzero"`  // when the last of these claims ends, and it is harmless
	Trying int       `json:"trying,omitzero"` // of these orders, attempts that have not come to an end
	Others []string  `json:"others,omitzero"` // routers that still sell it
}

// Hides lists what this network would leave out of sight of the claims that
// stand, by path. With the network that is in force it counts only what that
// one has: what neither has is hidden already.
func (n *Network) Hides(inForce *Network, standing *Claimed) []Hidden {
	has, had := n.shelf(), shelf(nil)
	if inForce != nil {
		had = inForce.shelf()
	}
	found := hidings{}
	standing.each(func(c claimed) {
		path := has.lacks(c.region, c.slot)
		if path == "" || n.isRetired(path) || had != nil && had.lacks(c.region, c.slot) != "" {
			return
		}
		found.add(path, c)
	})
	return found.list()
}

// outOfSight are the orders of a journal, read in its order, that stand on what
// a network neither has nor calls retired. Another config promised them.
type outOfSight struct {
	network *Network
	has     shelf
	orders  map[event.Key]bool
}

func newOutOfSight(n *Network) *outOfSight {
	return &outOfSight{n, n.shelf(), map[event.Key]bool{}}
}

// follow takes the next decision: the last one of an order counts.
func (o *outOfSight) follow(g gist, now time.Time) {
	key := g.Key()
	delete(o.orders, key)
	for _, c := range g.Claims {
		if path := o.path(g.Region, c, now); path != "" && !o.network.isRetired(path) {
			o.orders[key] = true
			return
		}
	}
}

func (o *outOfSight) path(region string, c event.Claim, now time.Time) string {
	if !c.Ends.After(now) {
		return ""
	}
	return o.has.lacks(region, c.Slot)
}
