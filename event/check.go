package event

import (
	"fmt"
	"strconv"
	"time"
)

// Times are refused outside of [minTime, maxTime), where they can be
// subtracted from each other and written as RFC 3339 in any zone.
var (
	minTime = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	maxTime = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// maxAhead is how far the clock of a platform or a courier may be ahead of ours.
const maxAhead = 5 * time.Minute

// check refuses an order that its own bytes show to be unusable, and puts its
// times into UTC. It cannot tell a missing member from a zero; see orMissing.
func (o *Order) check(channel string, now time.Time) *Refusal {
	if r := checkKey(o.Key(), channel); r != nil {
		return r
	}
	if r := checkTime("/placedAt", &o.PlacedAt); r != nil {
		return r
	}
	if r := checkAhead(CodePlacedInFuture, "/placedAt", o.PlacedAt, now); r != nil {
		return r
	}
	for i, m := range o.DeliveryMethods {
		if m != MethodCourier && m != MethodLocker {
			return &Refusal{CodeBadValue, "/deliveryMethods/" + strconv.Itoa(i), "want courier or locker"}
		}
	}
	if r := o.ShipTo.check(); r != nil {
		return r
	}
	if r := checkLines(o.Lines); r != nil {
		return r
	}
	if o.RequestedWindow != nil {
		return o.RequestedWindow.check()
	}
	return nil
}

func (c *Cancellation) check(channel string) *Refusal {
	if r := checkKey(c.Key(), channel); r != nil {
		return r
	}
	return checkTime("/cancelledAt", &c.CancelledAt)
}

// StaleOrder refuses an order that was placed longer ago than keep, the time
// for which ORDERS keeps messages. It is only for an order without a decision:
// a late repeat of a decided one is a repeat.
func StaleOrder(o *Order, now time.Time, keep time.Duration) *Refusal {
	if age := now.Sub(o.PlacedAt); age > keep {
		return &Refusal{CodeTooOld, "/placedAt",
			fmt.Sprintf("placed %v ago, at most %v is accepted", age.Round(time.Second), keep)}
	}
	return nil
}

// checkKey checks the identity in a message that came on channel.
func checkKey(k Key, channel string) *Refusal {
	if err := CheckID(k.Order); err != nil {
		return &Refusal{CodeBadID, "/orderId", err.Error()}
	}
	if k.Channel != channel {
		return &Refusal{CodeChannelMismatch, "/channel", "differs from the channel in the subject"}
	}
	return nil
}

// checkTime checks a required time and puts it into UTC.
func checkTime(at string, t *time.Time) *Refusal {
	if t.Before(minTime) || !t.Before(maxTime) {
		return &Refusal{CodeOutOfRange, at, fmt.Sprintf("want a year from %d to %d", minTime.Year(), maxTime.Year()-1)}
	}
	*t = t.UTC()
	return nil
}

// checkAhead refuses a time that cannot have come yet.
func checkAhead(code, at string, t, now time.Time) *Refusal {
	if ahead := t.Sub(now); ahead > maxAhead {
		return &Refusal{code, at, fmt.Sprintf("%v ahead, at most %v is accepted", ahead.Round(time.Second), maxAhead)}
	}
	return nil
}

func (w *Window) check() *Refusal {
	if r := checkTime("/requestedWindow/start", &w.Start); r != nil {
		return r
	}
	if r := checkTime("/requestedWindow/end", &w.End); r != nil {
		return r
	}
	if !w.Start.Before(w.End) {
		return &Refusal{CodeOutOfRange, "/requestedWindow", "want an end after the start"}
	}
	return nil
}

func (a *Address) check() *Refusal {
	if len(a.AddressCountry) != 2 || !upper(a.AddressCountry) {
		return &Refusal{CodeBadValue, "/shipTo/addressCountry", "want two capital letters, ISO 3166-1 alpha-2"}
	}
	if a.Geo == nil {
		if a.PostalCode == "" {
			return &Refusal{CodeMissingField, "/shipTo", "want geo or postalCode"}
		}
		return nil
	}
	if lat := a.Geo.Latitude; lat < -90 || lat > 90 {
		return &Refusal{CodeOutOfRange, "/shipTo/geo/latitude", "want -90 to 90"}
	}
	if lng := a.Geo.Longitude; lng < -180 || lng > 180 {
		return &Refusal{CodeOutOfRange, "/shipTo/geo/longitude", "want -180 to 180"}
	}
	return nil
}

// upper reports whether s is made of the letters A to Z.
func upper(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
