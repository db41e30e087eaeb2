package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// What is told unless all is asked for.
const (
	shownOptions = 5
	shownNames   = 12 // of lanes that do not reach the place, for one reason
)

// teller tells an explanation as a tree.
type teller struct {
	*explanation
	decimals int // of the currency
	options  int // to tell
	names    int // of lanes that do not reach, likewise
}

func (t *teller) tree() *branch {
	root := &branch{text: fmt.Sprintf("order %s of %s", t.OrderID, t.Channel)}
	zone := time.UTC
	if len(t.Promises) > 0 {
		zone = t.Promises[0].Deadline.Location()
	}
	root.add("placed   %s (%s)", t.PlacedAt.In(zone).Format(dayAndTime), zone)
	root.add("planned  %s, config %s", t.PlannedAt.In(zone).Format(dayAndTime), t.ConfigRevision)
	place := root.add("place    %s", t.place())
	if parents := t.Place.Parents; len(parents) > 0 {
		place.add("in %s", strings.Join(parents, ", in "))
	}
	t.promises(root.add("level    %s", t.ServiceLevel))
	if len(t.Methods) > 0 {
		root.add("parcel   %s, by %s", t.parcel(), strings.Join(t.Methods, ", else "))
	}
	if len(t.Excluded) > 0 {
		root.add("without  %s", strings.Join(t.Excluded, ", "))
	}
	t.lanes(root)
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
	text += fmt.Sprintf(" (%s", p.Precision)
	if p.Source == router.SourceGeocoder {
		text += ", found by the geocoder; the point is the middle of its cell"
	}
	text += ")"
	if p.Asks {
		text += "; the router asks the geocoder for the street first, explain does not"
	}
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
		b := top.add("%d. %s, %s, %s%s", i+1, wayOf(&o.Body), o.CourierID, spanIn(zone, o.Slot.Start, o.Slot.End), t.roomOf(&o))
		b.add("%s by %s, %s, %.1f km, packed by %s", o.ServiceLevel, o.PromiseDate.In(zone).Format(dayAndTime),
			t.money(o.Cost), float64(o.DistanceM)/1000, nearby(o.Slot.Start.In(zone), o.Pickup.ReadyAt.In(zone)))
		if o.Behind != nil {
			b.add("%s", t.tellContest(o.Behind, zone))
		}
		for _, c := range o.Claims {
			text := fmt.Sprintf("claims %s of %s", share(c), c.Slot)
			if o.Taken != nil {
				text += fmt.Sprintf(", %s taken", amount(c.Slot, o.Taken[c.Slot]))
			}
			b.add("%s", text)
		}
	}
}

// roomOf is what is known of the room for an option.
func (t *teller) roomOf(o *optionInfo) string {
	switch {
	case o.Room == roomFull:
		return ": full"
	case o.Room == roomChosen && t.Capacity != nothingTaken:
		return ": has room"
	}
	return ""
}

// share is what a claim takes of its slot's limit.
func share(c event.Claim) string {
	if inGrams(c.Slot) {
		return kilos(c.Units) + "/" + kilos(c.Limit) + " kg"
	}
	return fmt.Sprintf("%d/%d", c.Units, c.Limit)
}

// amount is a number of a slot's units.
func amount(slot string, units int64) string {
	if inGrams(slot) {
		return kilos(units) + " kg"
	}
	return strconv.FormatInt(units, 10)
}

func inGrams(id string) bool {
	slot, err := lanes.ParseSlot(id)
	return err == nil && slot.Unit == lanes.UnitGrams
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
	if best := t.chosen(); best != nil {
		how := map[capacitySeen]string{nothingTaken: " on empty capacity", ofJournal: " with what the journal says is taken"}[t.Capacity]
		root.add("result   dispatched%s: %s, %s", how, wayOf(&best.Body), best.CourierID)
		return
	}
	b := root.add("result   %s", t.Outcome)
	for _, reason := range t.Reasons {
		b.add("%s", withMeaning(reason))
	}
}
