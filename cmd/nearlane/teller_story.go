package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// storyTeller tells a story as a tree.
type storyTeller struct {
	zone     *time.Location
	decimals int // of the currency; negative: not known
}

func (s *storyTeller) tell(w io.Writer, key event.Key, story []chapter) error {
	root := &branch{text: fmt.Sprintf("order %s of %s, as the journal has it (%s)", key.Order, key.Channel, s.zone)}
	dispatch := ""
	for _, c := range story {
		s.chapter(root, c, dispatch)
		dispatch = c.Decision.DispatchID
	}
	return root.print(w)
}

// chapter tells one decision. Before is the dispatch in force until then: one
// that stays is not told again.
func (s *storyTeller) chapter(root *branch, c chapter, before string) {
	d := c.Decision
	b := root.add("%s  %s", d.DecidedAt.In(s.zone).Format(dayAndTime), d.Outcome)
	if d.Attempt > 1 {
		b.text += fmt.Sprintf(", attempt %d", d.Attempt)
	}
	for _, reason := range d.Reasons {
		b.add("%s", withMeaning(reason))
	}
	if d.AcceptedAt != nil {
		b.add("accepted by the courier %s", d.AcceptedAt.In(s.zone).Format(dayAndTime))
	}
	if len(d.WaitsFor) > 0 {
		b.add("waits for room, looks again by %s", d.RetryAt.In(s.zone).Format(dayAndTime)).add("%s", strings.Join(d.WaitsFor, ", "))
	}
	switch {
	case before != "" && d.DispatchID == before && d.Outcome == event.Dispatched:
		b.add("dispatch %s stays as it is", before)
	case before != "" && d.DispatchID == before:
		b.add("dispatch %s is over", before)
	case before != "":
		b.add("dispatch %s is withdrawn", before)
	}
	if d.DispatchID != before {
		s.consignments(b, d)
	}
	for _, claim := range d.Claims {
		b.add("claims %s of %s", share(claim), claim.Slot)
	}
	if len(d.Excluded) > 0 {
		b.add("not offered again: %s", strings.Join(d.Excluded, ", "))
	}
	weighed(b, d)
	s.reproduction(b, c.Reproduction)
	b.add("decided by %s, config %s, sequence %d on the journal, order at %d", d.DecidedBy, d.ConfigRevision, c.Sequence, d.OrderSequence)
}

func (s *storyTeller) consignments(b *branch, d *event.Decision) {
	for i := range d.Consignments {
		body := &d.Consignments[i].Body
		zone := zoneOf(body.Site.TimeZone)
		way := b.add("%s, %s, %s", wayOf(body), body.CourierID, spanIn(zone, body.Slot.Start, body.Slot.End))
		text := fmt.Sprintf("%s by %s, %.1f km", body.ServiceLevel, body.PromiseDate.In(zone).Format(dayAndTime), float64(body.DistanceM)/1000)
		if s.decimals >= 0 {
			text += ", " + lanes.FormatMoney(body.Cost.Amount, s.decimals) + " " + body.Cost.Currency
		}
		way.add("%s", text)
		way.add("dispatch %s", d.Consignments[i].DispatchID)
	}
}

// weighed lists the candidates of a decision by level and reason.
func weighed(b *branch, d *event.Decision) {
	if len(d.Candidates)+len(d.ReasonCounts) == 0 {
		return
	}
	top := b.add("weighed")
	tellCandidates(top, d.Candidates)
	for _, reason := range slices.Sorted(maps.Keys(d.ReasonCounts)) {
		top.add("%d %s", d.ReasonCounts[reason], withMeaning(reason))
	}
}
