package reproduce

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nearlane/nearlane/event"
)

// compare lists in what a stored decision and the one made anew differ, what
// matters most first. The revision of the config is no difference: it is a
// reason for one.
func compare(c Case, again *event.Decision) []Difference {
	var d differences
	was := c.Stored
	d.text("outcome", string(was.Outcome), string(again.Outcome))
	d.bodies(sent(was), sent(again))
	d.text("serviceLevel", was.ServiceLevel, again.ServiceLevel)
	d.text("region", was.Region, again.Region)
	d.text("dispatchId", was.DispatchID, again.DispatchID)
	d.text("cell", was.Cell, again.Cell)
	d.text("precision", was.Precision, again.Precision)
	d.text("locatedBy", was.LocatedBy, again.LocatedBy)
	d.text("reasons", strings.Join(ownReasons(c, again.Reasons), ", "), strings.Join(again.Reasons, ", "))
	d.claims(was.Claims, again.Claims)
	d.text("retryAt", optional(was.RetryAt), optional(again.RetryAt))
	d.text("waitsFor", strings.Join(was.WaitsFor, ", "), strings.Join(again.WaitsFor, ", "))
	d.candidates(was.Candidates, again.Candidates)
	d.counts(was.ReasonCounts, again.ReasonCounts)
	return d.list
}

// sent is what a decision dispatched; nothing: an empty body.
func sent(d *event.Decision) *event.Body {
	if d.Outcome != event.Dispatched || len(d.Consignments) == 0 {
		return &event.Body{}
	}
	return &d.Consignments[0].Body
}

// ownReasons leaves out why an order was planned again, which stands in front
// of the reasons that the plan gave: it comes from a report or a clock.
func ownReasons(c Case, again []string) []string {
	own := c.Stored.Reasons
	if before := c.Before; before == nil || before.DispatchID == "" {
		return own
	}
	if n := len(own) - len(again); n > 0 && slices.Equal(own[n:], again) {
		return again
	}
	return own
}

// How fields begin that are there once for each lane, or for each reason.
const (
	candidateField = "candidate "
	countField     = "lanes counted as "
)

type differences struct{ list []Difference }

func (d *differences) text(field, then, now string) {
	if then != now {
		d.list = append(d.list, Difference{field, then, now})
	}
}

func (d *differences) bodies(then, now *event.Body) {
	d.text("site", then.Site.SiteID, now.Site.SiteID)
	d.text("lane", then.Lane, now.Lane)
	d.text("courier", then.CourierID, now.CourierID)
	d.text("method", then.Method, now.Method)
	d.text("locker", locker(then.Locker), locker(now.Locker))
	d.text("slot", span(then.Slot.Start, then.Slot.End), span(now.Slot.Start, now.Slot.End))
	d.text("promise", instant(then.PromiseDate), instant(now.PromiseDate))
	d.text("dropoff", span(then.Dropoff.After, then.Dropoff.Before), span(now.Dropoff.After, now.Dropoff.Before))
	d.text("pickup", span(then.Pickup.ReadyAt, then.Pickup.Deadline), span(now.Pickup.ReadyAt, now.Pickup.Deadline))
	d.text("cost", money(then.Cost), money(now.Cost))
	d.text("distanceM", strconv.FormatInt(then.DistanceM, 10), strconv.FormatInt(now.DistanceM, 10))
	d.text("siteGeo", place(then.Site), place(now.Site))
	d.text("packages", packages(then.Packages), packages(now.Packages))
}

// claims compares what is taken, slot by slot.
func (d *differences) claims(then, now []event.Claim) {
	each(d, "claim of ", then, now, func(c event.Claim) (string, string) {
		return c.Slot, fmt.Sprintf("%d of %d until %s", c.Units, c.Limit, instant(c.Ends))
	})
}

// candidates compares what was found about each lane and locker.
func (d *differences) candidates(then, now []event.Candidate) {
	each(d, candidateField, then, now, func(c event.Candidate) (string, string) {
		name := c.Site + "/" + c.Lane
		if c.Locker != "" {
			name += " to locker " + c.Locker
		}
		if c.Reason == "" {
			c.Reason = "offered"
		}
		return name + " for " + c.Level, c.Reason
	})
}

func (d *differences) counts(then, now map[string]int) {
	list := func(counts map[string]int) (keys []string) { return slices.Sorted(maps.Keys(counts)) }
	name := func(counts map[string]int) func(string) (string, string) {
		return func(reason string) (string, string) { return reason, strconv.Itoa(counts[reason]) }
	}
	pairs(d, countField, list(then), list(now), name(then), name(now))
}

func each[T any](d *differences, field string, then, now []T, name func(T) (key, value string)) {
	pairs(d, field, then, now, name, name)
}

// pairs compares two lists by a key of their items; what only one of them has
// is a difference, and so is another order.
func pairs[T any](d *differences, field string, then, now []T, nameThen, nameNow func(T) (key, value string)) {
	values := map[string]string{}
	var keysThen, keysNow []string
	for _, item := range now {
		key, value := nameNow(item)
		values[key], keysNow = value, append(keysNow, key)
	}
	same := true
	for _, item := range then {
		key, value := nameThen(item)
		keysThen = append(keysThen, key)
		same = same && values[key] == value
		d.text(field+key, value, values[key])
		delete(values, key)
	}
	for _, key := range keysNow {
		if value, left := values[key]; left {
			same = false
			d.text(field+key, "", value)
		}
	}
	if same && !slices.Equal(keysThen, keysNow) {
		d.text(strings.TrimRight(field, " ")+" order", strings.Join(keysThen, ", "), strings.Join(keysNow, ", "))
	}
}
