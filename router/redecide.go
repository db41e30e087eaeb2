package router

import (
	"slices"
	"time"

	"github.com/nearlane/nearlane/event"
)

// Redecide decides an order once more as it was decided before: at the same
// instant, with the same exclusions, on this network. Capacity is what the
// decision says of it. The way that was dispatched had room and those before
// it had not, or the ledger would have chosen one of them; where that way is
// not offered now, or none was dispatched, whatever the decision calls full is.
//
// The outcome has what planning decides and nothing that comes from elsewhere:
// no reasons of an earlier dispatch, no epoch, no place in the journal.
func (n *Network) Redecide(o *event.Order, was *event.Decision) *event.Decision {
	d, _ := n.RedecideRefused(o, was)
	return d
}

// RedecideRefused is Redecide, and the ways that there was no room for, best
// first.
func (n *Network) RedecideRefused(o *event.Order, was *event.Decision) (d *event.Decision, refused []event.Body) {
	if len(was.Consignments) > 0 {
		sent := &was.Consignments[0].Body
		d, refused = n.RedecideWith(o, was, func(b *event.Body) bool { return SameWay(b, sent) })
		if d.Outcome == event.Dispatched {
			return d, refused
		}
	}
	return n.RedecideWith(o, was, func(b *event.Body) bool { return !ToldFull(was, b) })
}

// SameWay reports whether two bodies go the same way: from one site by one
// departure of one lane, to one compartment or the door, made on the same days.
// Cost, promise and limits may differ.
func SameWay(a, b *event.Body) bool {
	sameSlot := func(x, y event.Claim) bool { return x.Slot == y.Slot }
	return a.Site.SiteID == b.Site.SiteID && a.Lane == b.Lane && a.ServiceLevel == b.ServiceLevel && a.Method == b.Method &&
		a.Slot.Start.Equal(b.Slot.Start) && slices.EqualFunc(a.Claims, b.Claims, sameSlot)
}

// RedecideWith is Redecide for whoever knows what there was room for.
func (n *Network) RedecideWith(o *event.Order, was *event.Decision, room func(*event.Body) bool) (d *event.Decision, refused []event.Body) {
	p := n.again(o, was, was.DecidedAt)
	defer p.Release()
	chosen := p.Choose(func(o *Option) bool {
		fits := room(&o.Body)
		if !fits {
			refused = append(refused, o.Body)
		}
		return fits
	})
	d = &event.Decision{
		Outcome: event.Unroutable, OrderID: o.OrderID, Channel: o.Channel, Attempt: p.Attempt, Excluded: was.Excluded,
		ServiceLevel: p.Level(), ConfigRevision: n.Revision, DecidedAt: was.DecidedAt,
	}
	locatedAs(d, p.Place)
	d.Candidates, d.ReasonCounts = telling(p.Candidates(MaxCandidates))
	if chosen == nil {
		d.Reasons = p.Reasons()
		b := batch{net: n, now: was.DecidedAt}
		b.waits(d, p)
		return d, refused
	}
	return dispatchedBy(d, &work{key: o.Key(), body: &chosen.Body}), refused
}

// again plans an order once more with the exclusions that it had.
func (n *Network) again(o *event.Order, was *event.Decision, now time.Time) *Plan {
	return n.Plan(Request{Order: o, Place: n.Relocate(o, was), Now: now, Excluded: Exclusions(o, was), Attempt: was.Attempt})
}

// Exclusions are what the plan behind a decision left out. A dispatched one
// lists all of it, any other what came after the order's own.
func Exclusions(o *event.Order, was *event.Decision) []string {
	if was.Outcome == event.Dispatched {
		return was.Excluded
	}
	return slices.Concat(o.Constraints.ExcludedSites, was.Excluded)
}

// Beside is what a router lists that planned the order at an instant and then
// found that it had a hold already, so that it learnt nothing of what is full.
func (n *Network) Beside(o *event.Order, was *event.Decision, now time.Time) ([]event.Candidate, map[string]int) {
	p := n.again(o, was, now)
	defer p.Release()
	p.draw(offersPerCall)
	return telling(p.Candidates(MaxCandidates))
}

// ToldFull reports whether a decision says that there was no room for a way.
// Of one that waits, every slot that it waits for is as good as full; of any
// other, every way of a candidate that is called full. Candidates too many to
// be listed are known as a count.
func ToldFull(d *event.Decision, b *event.Body) bool {
	locker := ""
	if b.Locker != nil {
		locker = b.Locker.BankID
	}
	full := d.ReasonCounts[SlotFull.String()] > 0
	for _, c := range d.Candidates {
		if c.Site == b.Site.SiteID && c.Lane == b.Lane && c.Level == b.ServiceLevel && c.Locker == locker {
			full = c.Reason == SlotFull.String()
		}
	}
	if !full || len(d.WaitsFor) == 0 || len(d.WaitsFor) == maxWaitsFor {
		return full
	}
	return !slices.ContainsFunc(b.Claims, func(c event.Claim) bool { return !slices.Contains(d.WaitsFor, c.Slot) })
}
