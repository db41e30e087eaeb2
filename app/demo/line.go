package demo

import (
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
)

// opening says what is about to happen.
func (s *screen) opening(d *day) {
	c := d.home.config
	zone := d.Start.Location()
	s.row().cell(bold, 0, "Nearlane").cell(plain, 0, "  a day of orders through the example network %s", c.Network).print()
	s.say(dim, "%d sites, %d couriers, %d locker banks, %d service levels; config %s",
		len(c.Sites), len(c.Couriers), len(c.Lockers), len(c.Levels), c.Revision)
	s.say(dim, "NATS on %s, metrics on http://%s/metrics", strings.TrimPrefix(d.app.NATSURL(), "nats://"), d.app.Addr())
	s.say(dim, "%d orders, seed %d, from %s %s", len(d.plan), d.Seed, d.Start.Format("Mon 2 Jan 2006 15:04"), zone)
	s.gap()
	s.row().cell(green, 0, "→").cell(dim, 0, " dispatched  ").cell(yellow, 0, "↘").cell(dim, 0, " at a lower level  ").
		cell(yellow, 0, "×").cell(dim, 0, " unroutable  ").cell(red, 0, "!").cell(dim, 0, " refused  ").
		cell(cyan, 0, "≡").cell(dim, 0, " repeat").print()
	s.rule(clockText(d.Start), "")
}

// line begins the line of an account: when, which order, what, and where to.
func (s *screen) line(a *account) *row {
	return s.row().cell(dim, 6, "%s", clockText(a.At)).cell(plain, 7, "%s", a.Order.OrderID).
		cell(plain, 13, "%s", cut(goodsText(a.Order.Lines), 12)).cell(plain, 12, "%s", cut(a.Place, 11))
}

// outcome shows what became of an emission.
func (s *screen) outcome(a *account, now time.Time) {
	switch {
	case len(a.refusals) > 0:
		s.refused(a, a.refusals[0], now)
	case a.decision != nil:
		s.decided(a)
	default:
		s.line(a).cell(cyan, 2, "≡").cell(dim, 0, "sent again: decided once").print()
	}
}

// decided shows where an order went, or why it goes nowhere.
func (s *screen) decided(a *account) {
	d := a.decision
	if d.Outcome != event.Dispatched || len(d.Consignments) == 0 {
		s.line(a).cell(yellow, 2, "×").words(yellow, nearest(d)).print()
		return
	}
	body := &d.Consignments[0].Body
	r, mark := s.line(a), green
	if len(d.Reasons) > 0 {
		mark = yellow
		r.cell(mark, 2, "↘")
	} else {
		r.cell(mark, 2, "→")
	}
	r.cell(plain, 12, "%s", whenText(body, a.At)).cell(mark, 0, "%s ", body.Site.SiteID)
	if body.Locker != nil {
		r.cell(plain, 0, "▸ %s %s", body.Locker.BankID, body.Locker.Size)
	} else {
		r.cell(dim, 0, "%s", body.Lane)
	}
	if len(d.Reasons) > 0 && r.fits(" "+d.Reasons[0]) {
		r.cell(yellow, 0, " %s", d.Reasons[0])
	}
	r.print()
}

// nearest is at most two reasons why an order goes nowhere.
func nearest(d *event.Decision) []string {
	if len(d.Reasons) == 0 {
		return []string{string(d.Outcome)}
	}
	return d.Reasons[:min(2, len(d.Reasons))]
}

// refused shows what was wrong with a message: its code and the JSON pointer,
// which the same decoding finds again.
func (s *screen) refused(a *account, code string, now time.Time) {
	r := s.line(a).cell(red, 2, "!").cell(red, 0, "%s", code)
	if _, refusal := event.DecodeOrder(a.Message.Subject, a.Message.Data, now); refusal != nil && refusal.Code == code {
		r.cell(dim, 0, " %s", refusal.Pointer)
	}
	r.print()
}

// whenText is when the order arrives: within a block, or by a day.
func whenText(b *event.Body, placed time.Time) string {
	zone := placed.Location()
	start, end, by := b.Slot.Start.In(zone), b.Slot.End.In(zone), b.Dropoff.Before.In(zone)
	switch {
	case start.Before(end):
		return shortClock(start) + "–" + shortClock(end)
	case by.Sub(placed) < 6*24*time.Hour:
		return "by " + by.Format("Mon")
	}
	return "by " + by.Format("2 Jan")
}

func clockText(t time.Time) string { return t.Format("15:04") }

// shortClock leaves out minutes that are none.
func shortClock(t time.Time) string {
	if t.Minute() == 0 {
		return t.Format("15")
	}
	return t.Format("15:04")
}
