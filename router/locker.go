package router

import (
	"slices"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// bankOffer is a compartment size of a bank that a lane can fill for the
// order.
type bankOffer struct {
	bank    *bank
	verdict int32
	size    int16
	metres  int64 // from the recipient to the bank
}

// banksOf appends the compartments that fit to p.banks, each bank with a
// verdict of its own, and returns the nearest reason why a bank was not one.
func (p *Plan) banksOf(ln *lane, l *level, of int32) (nearest Reason) {
	picked := p.Order.ShipTo.LockerID
	if picked != "" && !slices.ContainsFunc(ln.banks, func(b int32) bool { return p.net.banks[b].id == picked }) {
		if len(ln.banks) > 0 {
			p.judge(p.verdicts[of].lane, otherBank, l, LockerUnknown)
		}
		return LockerUnknown
	}
	for _, i := range ln.banks {
		b := &p.net.banks[i]
		if picked != "" && b.id != picked {
			continue
		}
		verdict := p.judge(p.verdicts[of].lane, i, l, Offered)
		reason := p.sizesOf(b, verdict, picked != "")
		p.verdicts[verdict].reason = reason
		nearest = max(nearest, reason)
	}
	return nearest
}

// sizesOf appends every compartment size the parcel fits, smallest first.
func (p *Plan) sizesOf(b *bank, verdict int32, picked bool) Reason {
	metres := p.metresFrom(b.at)
	if !picked && (p.Place.Cell == 0 || metres > b.offerWithin) {
		return LockerTooFar
	}
	reason, fits := TooBig, false
	for i := range b.sizes {
		switch b.sizes[i].room.Fit(p.parcel) {
		case lanes.Fits:
			p.banks = append(p.banks, bankOffer{bank: b, verdict: verdict, size: int16(i), metres: metres})
			fits = true
		case lanes.Unmeasured:
			reason = DimensionsMissing
		case lanes.TooHeavy:
			reason = max(reason, TooHeavy)
		}
	}
	if fits {
		return Offered
	}
	return reason
}

// metresFrom is the great-circle distance to the recipient; 0 where no point
// is known.
func (p *Plan) metresFrom(at geo.Vec) int64 {
	if p.Place.Cell == 0 {
		return 0
	}
	return int64(at.Distance(p.Place.vec))
}

// metresOf is the distance that a verdict's options are ranked by: to the
// recipient from the site or, with a locker, from its bank.
func (p *Plan) metresOf(v *verdict) int64 {
	if v.bank != noBank {
		return p.metresFrom(p.net.banks[v.bank].at)
	}
	return p.metresFrom(p.net.lanes[v.lane].site.at)
}

// pack stacks the lines into the order's one parcel.
func (p *Plan) pack(in []event.Line) lanes.Parcel {
	for _, l := range in {
		line := lanes.Line{SKU: l.SKU, Quantity: l.Quantity, Grams: l.WeightGrams}
		if len(l.DimensionsMm) == 3 {
			line.Box = lanes.Box(l.DimensionsMm)
		}
		p.lines = append(p.lines, line)
	}
	p.lots = lanes.Sum(p.lots, p.lines)
	return lanes.Stack(p.lots, p.net.defaultParcel)
}
