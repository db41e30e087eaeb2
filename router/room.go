package router

// Room returns the best option that the slots still have room for, or nil. For
// an unroutable order, planned again at the instant of its decision against
// the refold of the journal, nil means that nothing was wasted.
func (p *Plan) Room(slots map[string]Usage) *Option {
	for {
		options, _ := p.Take(offersPerCall)
		if len(options) == 0 {
			return nil
		}
		for _, o := range options {
			if o.fits(slots) {
				return o
			}
		}
		p.Full(options)
	}
}

func (o *Option) fits(slots map[string]Usage) bool {
	for _, c := range o.Body.Claims {
		if slots[c.Slot].Units+c.Units > c.Limit {
			return false
		}
	}
	return true
}
