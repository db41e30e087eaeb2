package lint

import (
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// capacity reports limits that never limit anything, and a price that is
// missing.
func (l *linter) capacity(n *config.Lane, path string) {
	heaviest := l.courier(n.Courier).MaxParcel.Grams
	if n.Parcels > 0 && n.Grams > 0 && heaviest > 0 && n.Grams/heaviest >= n.Parcels {
		l.report(path+".capacity.grams", IdleLimit, "lower it, raise parcels, or delete it",
			"%d g is never reached: %d parcels of the courier's %d g at most are %d g", n.Grams, n.Parcels, heaviest, n.Parcels*heaviest)
	}
	if heaviest > 0 && n.Grams > 0 && n.Grams < heaviest {
		l.report(path+".capacity.grams", HeavyParcel, "raise it, or lower the courier's maxParcel",
			"a parcel of more than %d g never goes this way, though courier %q carries up to %d g", n.Grams, n.Courier, heaviest)
	}
	if n.CostPerParcel == 0 && !l.c.Has(path+".cost") && l.anyCost() {
		l.report(path, NoCost, "cost: {perParcel: 4.20}, or {perParcel: 0} if it is free",
			"lane %q has no cost: it is the cheapest wherever others have one", n.ID)
	}
}

// anyCost reports whether any lane of the network costs something.
func (l *linter) anyCost() bool {
	for i := range l.c.Sites {
		for j := range l.c.Sites[i].Lanes {
			if l.c.Sites[i].Lanes[j].CostPerParcel > 0 {
				return true
			}
		}
	}
	return false
}

// couriers reports those that carry less than what orders without dimensions
// count as, and those that may answer after the block has begun.
func (l *linter) couriers() {
	parcel := lanes.Parcel{Box: l.c.Defaults.Parcel}
	for i := range l.c.Couriers {
		k := &l.c.Couriers[i]
		if path := "$.couriers." + k.ID; parcel.Box.Known() && k.MaxParcel.Fit(parcel) == lanes.TooBig {
			l.report(path+".maxParcel.mm", DefaultTooBig, "make the default parcel smaller, or let the courier carry it",
				"lines without dimensions count as %s mm, more than courier %q carries", sides(parcel.Box), k.ID)
		}
		if n, s := l.hurried(k); n != nil {
			l.report("$.couriers."+k.ID+".acceptWithin", LateAnswer, "shorten it, or raise the lane's closesBefore",
				"courier %q may stay silent for %s, and the blocks of %s/%s close %s before they begin: the last orders are routed anew too late",
				k.ID, lanes.FormatDuration(k.AcceptWithin), s.ID, n.ID, lanes.FormatDuration(n.ClosesBefore))
		}
	}
}

// hurried is a lane of a courier that closes later than it has to answer.
func (l *linter) hurried(k *config.Courier) (*config.Lane, *config.Site) {
	if k.AcceptWithin == 0 {
		return nil, nil
	}
	for i := range l.c.Sites {
		s := &l.c.Sites[i]
		for j := range s.Lanes {
			if n := &s.Lanes[j]; n.Courier == k.ID && n.Kind == config.Blocks && n.ClosesBefore < k.AcceptWithin {
				return n, s
			}
		}
	}
	return nil, nil
}
