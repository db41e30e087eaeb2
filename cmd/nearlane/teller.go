package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// shownOptions is how many options are told unless all are asked for.
const shownOptions = 5

// teller tells an explanation as a tree.
type teller struct {
	*explanation
	decimals int // of the currency
	options  int // to tell
}

func (t *teller) tree() *branch {
	root := &branch{text: fmt.Sprintf("order %s of %s", t.OrderID, t.Channel)}
	zone := time.UTC
	if len(t.Promises) > 0 {
		zone = t.Promises[0].Deadline.Location()
	}
	root.add("placed   %s (%s)", t.PlacedAt.In(zone).Format(dayAndTime), zone)
	root.add("planned  %s, config %s", t.PlannedAt.In(zone).Format(dayAndTime), t.ConfigRevision)
	root.add("place    %s", t.place())
	t.promises(root.add("level    %s", t.ServiceLevel))
	if len(t.Methods) > 0 {
		root.add("parcel   %s, by %s", t.parcel(), strings.Join(t.Methods, ", else "))
	}
	t.candidates(root)
	t.ranked(root)
	t.outcome(root)
	return root
}

func (t *teller) place() string {
	p := t.Place
	text := p.Country
	if p.Postcode != "" {
		text += " " + p.Postcode
	}
	if p.Point != nil {
		text += fmt.Sprintf(" at %.5f, %.5f, cell %s", p.Point.Latitude, p.Point.Longitude, p.Cell)
	}
	text += fmt.Sprintf(" (%s)", p.Precision)
	if p.Doubt != "" {
		text += "; " + withMeaning(p.Doubt)
	}
	return text
}

func (t *teller) promises(b *branch) {
	regions := map[string]bool{}
	for _, p := range t.Promises {
		regions[p.Region] = true
	}
	for i, p := range t.Promises {
		text := "by " + p.Deadline.Format(dayAndTime)
		if p.PastCutoff {
			text = withMeaning(router.PastCutoff.String())
		}
		if len(regions) > 1 {
			text += " in " + p.Region
		}
		if i > 0 && p.Level != t.ServiceLevel {
			text = "else " + p.Level + " " + text
		}
		b.add("%s", text)
	}
}

func (t *teller) parcel() string {
	text := kilos(t.Parcel.Grams) + " kg"
	if d := t.Parcel.DimensionsMm; len(d) == 3 {
		return fmt.Sprintf("%s, %d x %d x %d mm", text, d[2], d[1], d[0])
	}
	return text + ", dimensions not known"
}

// candidates lists every lane whose catchment matched and every locker that
// such a lane fills, by level and reason, what was offered first.
func (t *teller) candidates(root *branch) {
	reached := map[string]bool{}
	for _, c := range t.Candidates {
		reached[c.Site+"/"+c.Lane] = true
	}
	away := 0
	for _, n := range t.NotReached {
		away += n
	}
	if len(reached)+away == 0 {
		return // none was asked
	}
	top := root.add("lanes    %d of %d reach the place", len(reached), len(reached)+away)
	tellCandidates(top, t.Candidates)
	for _, reason := range slices.Sorted(maps.Keys(t.NotReached)) {
		top.add("%d %s", t.NotReached[reason], withMeaning(reason))
	}
}

// tellCandidates hangs candidates below a branch, by level and reason.
func tellCandidates(top *branch, all []event.Candidate) {
	for _, level := range levelsOf(all) {
		under := top.add("for %s", level)
		for _, reason := range reasonsNearestFirst() {
			var names []string
			for _, c := range all {
				if c.Level == level && c.Reason == reason {
					names = append(names, candidateName(c))
				}
			}
			if len(names) > 0 {
				under.add("%s", withMeaning(reason)).add("%s", strings.Join(names, ", "))
			}
		}
	}
}

// levelsOf lists the levels of candidates in the order they were weighed.
func levelsOf(all []event.Candidate) []string {
	var levels []string
	for _, c := range all {
		if !slices.Contains(levels, c.Level) {
			levels = append(levels, c.Level)
		}
	}
	return levels
}

// reasonsNearestFirst lists the reason codes from the nearest to a dispatch to
// the farthest, with none at all in front.
func reasonsNearestFirst() []string {
	codes := []string{router.Offered.String()}
	for _, r := range slices.Backward(router.ReasonCodes()) {
		codes = append(codes, r[0])
	}
	return codes
}

func candidateName(c event.Candidate) string {
	name := c.Site + "/" + c.Lane
	if c.Locker != "" {
		name += " to locker " + c.Locker
	}
	return name
}

// withMeaning is a reason code and what it says.
func withMeaning(code string) string {
	for _, r := range router.ReasonCodes() {
		if r[0] == code {
			return code + ": " + r[1]
		}
	}
	if meaning := lifeReasons[code]; meaning != "" {
		return code + ": " + meaning
	}
	return cmp.Or(code, "offered")
}

// lifeReasons are the codes that come after an order's first dispatch, beside
// those that a courier gives.
var lifeReasons = map[string]string{
	router.OrderExpired:     "to be routed again, but ORDERS has forgotten it",
	router.NoAnswer:         "the courier did not accept in time",
	"courier_rejected":      "the courier would not do it",
	"courier_failed":        "the courier tried, and gave up",
	string(event.Delivered): "the recipient has it",
	string(event.Collected): "the recipient has taken it out of the locker",
	string(event.Expired):   "nobody has taken it out of the locker in time",
	string(event.Returned):  "it is back at the site",
}

func (t *teller) ranked(root *branch) {
	shown := min(t.options, len(t.Options))
	if shown == 0 {
		return
	}
	text := fmt.Sprintf("options  %d, best first", len(t.Options))
	if shown < len(t.Options) {
		text += fmt.Sprintf("; here are %d, --all shows the rest", shown)
	}
	top := root.add("%s", text)
	for i, o := range t.Options[:shown] {
		zone := zoneOf(o.Site.TimeZone)
		b := top.add("%d. %s, %s, %s", i+1, wayOf(&o), o.CourierID, spanIn(zone, o.Slot.Start, o.Slot.End))
		b.add("%s by %s, %s, %.1f km, packed by %s", o.ServiceLevel, o.PromiseDate.In(zone).Format(dayAndTime),
			t.money(o.Cost), float64(o.DistanceM)/1000, nearby(o.Slot.Start.In(zone), o.Pickup.ReadyAt.In(zone)))
		for _, c := range o.Claims {
			b.add("claims %s of %s", share(c), c.Slot)
		}
	}
}

// share is what a claim takes of its slot's limit.
func share(c event.Claim) string {
	if slot, err := lanes.ParseSlot(c.Slot); err == nil && slot.Unit == lanes.UnitGrams {
		return kilos(c.Units) + "/" + kilos(c.Limit) + " kg"
	}
	return fmt.Sprintf("%d/%d", c.Units, c.Limit)
}

func kilos(grams int64) string { return strconv.FormatFloat(float64(grams)/1000, 'f', -1, 64) }

func (t *teller) money(m event.Money) string {
	return lanes.FormatMoney(m.Amount, t.decimals) + " " + m.Currency
}

// wayOf names the way a body goes: "kamppi/bike to locker kamppi (S)".
func wayOf(b *event.Body) string {
	way := b.Site.SiteID + "/" + b.Lane
	if b.Locker != nil {
		way += fmt.Sprintf(" to locker %s (%s)", b.Locker.BankID, b.Locker.Size)
	}
	return way
}

func (t *teller) outcome(root *branch) {
	if t.Outcome == event.Dispatched {
		best := &t.Options[0]
		root.add("result   dispatched on empty capacity: %s, %s", wayOf(best), best.CourierID)
		return
	}
	b := root.add("result   unroutable")
	for _, reason := range t.Reasons {
		b.add("%s", withMeaning(reason))
	}
}
