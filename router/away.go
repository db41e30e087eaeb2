package router

// Away is a lane that the order's place is not in the catchment of.
type Away struct {
	Site, Lane string
	Reason     Reason // OutsideCatchment or LocationTooCoarse
	Minus      bool   // the place is in the catchment, but in its minus as well
}

// Away lists the lanes that no catchment brought up, by site and lane: those
// that Candidates only counts.
func (p *Plan) Away() []Away {
	if p.problem != Offered {
		return nil
	}
	var list []Away
	hits := p.hits // by lane
	for i := range p.net.lanes {
		ln := &p.net.lanes[i]
		a := Away{Site: ln.site.id, Lane: ln.id, Reason: OutsideCatchment}
		if len(hits) > 0 && int(hits[0].Area) == i {
			a.Minus, hits = hits[0].Minus, hits[1:]
			if !a.Minus {
				continue
			}
		}
		if p.Place.Cell == 0 && ln.hasCells {
			a.Reason = LocationTooCoarse
		}
		list = append(list, a)
	}
	return list
}
