package router

// Room returns the best option that there was room for, or nil: used says how
// many units of a slot were taken. For an unroutable order, planned again at
// the instant of its decision, nil means that nothing was wasted.
func (p *Plan) Room(used func(slot string) int64) *Option {
	for {
		options, _ := p.Take(offersPerCall)
		if len(options) == 0 {
			return nil
		}
		for _, o := range options {
			if o.fits(used) {
				return o
			}
		}
		p.Full(options)
	}
}

func (o *Option) fits(used func(slot string) int64) bool {
	for _, c := range o.Body.Claims {
		if used(c.Slot)+c.Units > c.Limit {
			return false
		}
	}
	return true
}
