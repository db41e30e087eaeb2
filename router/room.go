package router

// Choose takes options the way the server does, until there was room for one,
// and returns it, or nil: the plan is exhausted then. It plays the ledger for
// whoever plans without one.
func (p *Plan) Choose(room func(*Option) bool) *Option {
	for {
		options, _ := p.Take(offersPerCall)
		if len(options) == 0 {
			return nil
		}
		for i, o := range options {
			if room(o) {
				p.Full(options[:i])
				return o
			}
		}
		p.Full(options)
	}
}

// Room returns the best option that there was room for, or nil: used says how
// many units of a slot were taken. For an unroutable order, planned again at
// the instant of its decision, nil means that nothing was wasted. What came
// before it in vain is noted as full.
func (p *Plan) Room(used func(slot string) int64) *Option {
	return p.Choose(func(o *Option) bool { return o.Fits(used) })
}

// Fits reports whether there is room for all that the option claims, given how
// many units of a slot are taken.
func (o *Option) Fits(used func(slot string) int64) bool {
	for _, c := range o.Body.Claims {
		if used(c.Slot)+c.Units > c.Limit {
			return false
		}
	}
	return true
}
