package routetest

import (
	"slices"
	"strings"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// names are those that a test may use, each list without repeats.
type names struct {
	sites, levels, couriers []string
	lanes                   []string // as "site/lane"
	cells                   []string // as "site/cell"
	banks, sizes            []string // sizes as "bank/size"
	reasons                 []string
	keys                    map[string]string // how slots are called, by kind and name, where that differs
}

func namesOf(c *config.Config) names {
	n := names{keys: map[string]string{}}
	for _, s := range c.Sites {
		n.sites = append(n.sites, s.ID)
		n.keep(lanes.KindLane+"/"+s.ID, lanes.KindLane+"/"+s.Key())
		n.keep(lanes.KindMake+"/"+s.ID, lanes.KindMake+"/"+s.Key())
		for _, l := range s.Lanes {
			n.lanes = append(n.lanes, s.ID+"/"+l.ID)
			n.keep(lanes.KindLane+"/"+s.ID+"/"+l.ID, lanes.KindLane+"/"+s.Key()+"/"+l.Key())
		}
		for _, cell := range s.Makes {
			n.cells = append(n.cells, s.ID+"/"+cell.ID)
			n.keep(lanes.KindMake+"/"+s.ID+"/"+cell.ID, lanes.KindMake+"/"+s.Key()+"/"+cell.Key())
		}
	}
	for _, l := range c.Levels {
		n.levels = append(n.levels, l.ID)
	}
	for _, k := range c.Couriers {
		n.couriers = append(n.couriers, k.ID)
	}
	for _, b := range c.Lockers {
		n.banks = append(n.banks, b.ID)
		n.keep(lanes.KindLocker+"/"+b.ID, lanes.KindLocker+"/"+b.Key())
		for _, s := range b.Sizes {
			n.sizes = append(n.sizes, b.ID+"/"+s.ID)
			n.keep(lanes.KindLocker+"/"+b.ID+"/"+s.ID, lanes.KindLocker+"/"+b.Key()+"/"+s.Key())
		}
	}
	for _, r := range router.ReasonCodes() {
		n.reasons = append(n.reasons, r[0])
	}
	return n
}

// keep notes how slots of a thing are called.
func (n names) keep(name, key string) {
	if name != key {
		n.keys[name] = key
	}
}

// kept is a slot id, or the beginning of one, as it is kept.
func (n names) kept(slot string) string {
	head, rest, dated := strings.Cut(slot, ":")
	if key, ok := n.keys[head]; ok {
		head = key
	}
	if dated {
		return head + ":" + rest
	}
	return head
}

// laneNames are the paths of the lanes and their bare ids.
func (n names) laneNames() []string {
	all := slices.Clone(n.lanes)
	for _, path := range n.lanes {
		if _, id := split(path); !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

func (n names) reason() config.Field[string] {
	return config.Reference("a reason code", n.reasons)
}
