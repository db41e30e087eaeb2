package router

import (
	"fmt"
	"slices"

	"github.com/nearlane/nearlane/lanes"
)

// Limit names one of the limits that a config sets on capacity, or that limit
// at every place that has it.
type Limit struct {
	Kind  string // lanes.KindLane, KindMake or KindLocker
	Place string // the site or the locker bank; Anywhere: all of them
	Name  string // the lane, the production cell or the compartment size
	Unit  string // of a lane: lanes.UnitParcels or UnitGrams
}

// Anywhere is every place that has what a Limit names.
const Anywhere = "*"

func (l Limit) at(place, name string) bool {
	return l.Name == name && (l.Place == Anywhere || l.Place == place)
}

// WithLimit is the network with another limit, and at how many places it has
// it; at none, the network is as it was. The network itself does not change.
// The revision says that no config has this one.
func (n *Network) WithLimit(l Limit, units int64) (*Network, int) {
	out := n.clone()
	out.Revision = fmt.Sprintf("%s with %s/%s/%s at %d", n.Revision, l.Kind, l.Place, l.Name, units)
	out.banks = slices.Clone(n.banks)
	switch l.Kind {
	case lanes.KindLane:
		return out, out.limitLanes(l, units)
	case lanes.KindMake:
		return out, out.limitCells(l, units)
	case lanes.KindLocker:
		return out, out.limitSizes(l, units)
	}
	return n, 0
}

func (n *Network) limitLanes(l Limit, units int64) (places int) {
	for i := range n.lanes {
		ln := &n.lanes[i]
		switch {
		case !l.at(ln.site.id, ln.id):
			continue
		case l.Unit == lanes.UnitParcels:
			ln.parcels = units
		case l.Unit == lanes.UnitGrams:
			ln.grams = units
		default:
			continue
		}
		places++
	}
	return places
}

// limitCells gives the lanes of each site that has the cell a site of its own:
// the other network has the one before.
func (n *Network) limitCells(l Limit, units int64) (places int) {
	changed := map[*site]*site{}
	for i := range n.lanes {
		before := n.lanes[i].site
		if changed[before] == nil && slices.ContainsFunc(before.cells, func(c cell) bool { return l.at(before.id, c.id) }) {
			after := *before
			after.cells = slices.Clone(before.cells)
			for c := range after.cells {
				if l.at(after.id, after.cells[c].id) {
					after.cells[c].unitsPerDay = units
					places++
				}
			}
			changed[before] = &after
		}
		if after := changed[before]; after != nil {
			n.lanes[i].site = after
		}
	}
	return places
}

func (n *Network) limitSizes(l Limit, units int64) (places int) {
	for i := range n.banks {
		b := &n.banks[i]
		sizes := slices.Clone(b.sizes)
		for s := range sizes {
			if l.at(b.id, sizes[s].id) {
				sizes[s].count = units
				places++
			}
		}
		b.sizes = sizes
	}
	return places
}
