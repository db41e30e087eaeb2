package router

import (
	"strconv"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Option is one complete way to serve an order, written out: what the courier
// would be told, and what it claims.
type Option struct {
	Body    event.Body
	body    []byte // Body, encoded once
	verdict int32
}

// Offer is the option as the ledger weighs it.
func (o *Option) Offer() (lanes.Offer, error) {
	err := o.write()
	return lanes.Offer{Claims: ledgerClaims(o.Body.Claims), Body: o.body}, err
}

// write encodes the body, once.
func (o *Option) write() (err error) {
	if o.body == nil {
		o.body, err = event.EncodeBody(&o.Body)
	}
	return err
}

// option writes a choice out.
func (p *Plan) option(c *drawn) *Option {
	v := &p.verdicts[c.verdict]
	ln := &p.net.lanes[v.lane]
	ready := &p.ready[c.ready]
	dropoff := ln.arrival(c.leave, v.level)
	o := &Option{verdict: c.verdict, Body: event.Body{
		Site:           ln.site.wire,
		CourierID:      ln.courier.id,
		Lane:           ln.id,
		Method:         p.methods[c.method],
		Slot:           event.Span{Start: utc(c.leave.Start), End: utc(c.leave.End)},
		Pickup:         event.Pickup{ReadyAt: utc(ready.at), Deadline: utc(c.leave.End)},
		Dropoff:        event.Dropoff{After: utc(dropoff.Start), Before: utc(dropoff.End)},
		Packages:       []event.Package{p.parcelOut()},
		PromiseDate:    utc(dropoff.End),
		ServiceLevel:   v.level.id,
		Cost:           event.Money{Amount: p.cost(ln, v.bank, c.ready), Currency: p.net.Currency},
		DistanceM:      p.metresOf(v),
		Region:         ln.site.region.key,
		Attempt:        p.Attempt,
		Excluded:       p.Excluded,
		Fallback:       append([]string(nil), p.fallback[:c.fallback]...),
		ConfigRevision: p.net.Revision,
		PlannedAt:      p.Now.UTC(),
		Located:        p.Place.located(),
	}}
	o.Body.Claims = p.laneClaims(ln, &c.choice)
	for _, st := range ready.starts {
		o.Body.Claims = append(o.Body.Claims, event.Claim{
			Slot:  lanes.MakeSlot(ln.site.key, st.cell.key, st.day),
			Units: st.units, Limit: st.cell.unitsPerDay, Ends: utc(ln.site.cal.At(st.day+1, 0)),
		})
	}
	if v.bank != noBank {
		p.fillLocker(o, &p.net.banks[v.bank], c.size, dropoff)
	}
	return o
}

// laneClaims is what the parcel takes of its departure: a limit on parcels and
// one on grams are two claims.
func (p *Plan) laneClaims(ln *lane, c *choice) []event.Claim {
	claims := make([]event.Claim, 0, 4)
	add := func(unit string, units, limit int64) {
		if units > 0 && limit > 0 {
			claims = append(claims, event.Claim{
				Slot:  lanes.LaneSlot(ln.site.key, ln.key, c.leave.Date, c.leave.Wall, unit),
				Units: units, Limit: limit, Ends: utc(c.leave.End),
			})
		}
	}
	add(lanes.UnitParcels, 1, ln.parcels)
	add(lanes.UnitGrams, p.parcel.Grams, ln.grams)
	return claims
}

// fillLocker adds the compartment: one on every local day from arrival to
// arrival + dwell. What arrives by midnight arrives on the day that ends.
func (p *Plan) fillLocker(o *Option, b *bank, number int16, dropoff lanes.Span) {
	size := &b.sizes[number]
	first, last := b.region.cal.DateOf(dropoff.Start), b.region.cal.DateOf(dropoff.End-1).Add(b.dwellDays)
	for d := first; d <= last; d++ {
		o.Body.Claims = append(o.Body.Claims, event.Claim{
			Slot:  lanes.LockerSlot(b.key, size.key, d),
			Units: 1, Limit: size.count, Ends: utc(b.region.cal.At(d+1, 0)),
		})
	}
	o.Body.Locker = &event.Locker{BankID: b.id, Size: size.id, From: utc(dropoff.Start), Until: utc(b.region.cal.At(last+1, 0))}
}

func (p *Plan) parcelOut() event.Package {
	pkg := event.Package{Grams: p.parcel.Grams, Lines: make([]string, len(p.Order.Lines))}
	if p.parcel.Box.Known() {
		pkg.DimensionsMm = p.parcel.Box[:]
	}
	for i := range p.Order.Lines {
		pkg.Lines[i] = lineID(p.Order.Lines, i)
	}
	return pkg
}

// lineID is the platform's id of a line, else its place in the order, from 1.
func lineID(lines []event.Line, i int) string {
	if id := lines[i].LineID; id != "" {
		return id
	}
	return strconv.Itoa(i + 1)
}

func utc(unix int64) time.Time { return time.Unix(unix, 0).UTC() }
