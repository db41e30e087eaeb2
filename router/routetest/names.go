package routetest

import (
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

// names are those that a test may use, each list without repeats.
type names struct {
	sites, levels, couriers []string
	lanes                   []string // as "site/lane"
	cells                   []string // as "site/cell"
	banks, sizes            []string // sizes as "bank/size"
	reasons                 []string
}

func namesOf(c *config.Config) names {
	var n names
	for _, s := range c.Sites {
		n.sites = append(n.sites, s.ID)
		for _, l := range s.Lanes {
			n.lanes = append(n.lanes, s.ID+"/"+l.ID)
		}
		for _, cell := range s.Makes {
			n.cells = append(n.cells, s.ID+"/"+cell.ID)
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
		for _, s := range b.Sizes {
			n.sizes = append(n.sizes, b.ID+"/"+s.ID)
		}
	}
	for _, r := range router.ReasonCodes() {
		n.reasons = append(n.reasons, r[0])
	}
	return n
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
