package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// Audit is what the streams say of themselves: nothing in it comes from Redis
// or from a router's memory.
type Audit struct {
	Orders    int            `json:"orders"`         // distinct orders on ORDERS that can be read
	Refused   int            `json:"refused"`        // messages on ORDERS that cannot, or were refused for another reason
	Outcomes  map[string]int `json:"outcomes"`       // of the last decision of each order
	Lanes     map[string]int `json:"lanes"`          // dispatched or completed, by site and lane
	Reasons   map[string]int `json:"reasons"`        // unroutable, by nearest reason
	Slots     int            `json:"slots"`          // that live decisions claim from
	FullSlots int            `json:"fullSlots"`      // of these
	Through   uint64         `json:"journalThrough"` // the last sequence that was read
	Missing   uint64         `json:"missing"`        // messages that the journal lacks, those of accepted losses included

	// What must not be. The lists name the first hundred of each.
	Breached        int      `json:"breached"`
	Breaches        []string `json:"breaches"`
	Undecided       int      `json:"undecided"` // stored so long ago that a router has had its time
	UndecidedOrders []string `json:"undecidedOrders"`
	Wasted          int      `json:"wasted"` // unroutable, though an option had room
	WastedOrders    []string `json:"wastedOrders"`

	InHand        int `json:"inHand"`        // undecided, and so young that a router may have them in hand
	OtherRevision int `json:"otherRevision"` // unroutable under another config, so not planned again

	// Messages of ORDERS that came under the id of another, and the first hundred
	// of them. Nothing here is broken by it; see event.ForeignID.
	ForeignIDs        int      `json:"foreignIds"`
	ForeignIDMessages []string `json:"foreignIdMessages,omitzero"`

	Hidden []router.Hidden `json:"hidden"` // what orders stand on and this network has not, nor calls retired
}

// Holds reports whether every invariant does.
func (a *Audit) Holds() bool { return a.Breached == 0 && a.Undecided == 0 && a.Wasted == 0 }

// maxListed bounds the lists of an Audit.
const maxListed = 100

// undone is an unroutable order's decision, as far as planning it again needs
// it.
type undone struct {
	seq      uint64
	order    uint64 // the order's place on ORDERS
	at       time.Time
	revision string
	excluded []string
	attempt  int
	reason   string
	place    *event.Decision // as far as it says where the order was taken to be; nil: see Locate
}

// RunAudit refolds the journal, checks every invariant, and plans every
// unroutable order again, at the instant of its decision, against the refold.
// Claims that end by now are over.
func RunAudit(ctx context.Context, conn *stream.Conn, network *router.Network, now time.Time) (*Audit, error) {
	a := &auditor{
		Audit:   Audit{Outcomes: map[string]int{}, Lanes: map[string]int{}, Reasons: map[string]int{}},
		journal: router.NewRefold(), undone: map[event.Key]undone{}, lane: map[event.Key]string{}, peaks: peaks{}, network: network,
		seen: map[event.Key]bool{}, refused: map[uint64]bool{},
	}
	if err := a.examine(ctx, conn); err != nil {
		return nil, err
	}
	if err := conn.ReadWhole(ctx, 1, 0, a.decision, a.missing); err != nil {
		return nil, err
	}
	a.journal.Close()
	a.Hidden = network.Hides(nil, router.ClaimedBy(a.journal, now))
	a.peaks.rise()
	if err := conn.Rejects().List(ctx, "", "", a.refusal); err != nil {
		return nil, err
	}
	if err := conn.ReadWithID(ctx, event.StreamOrders, 1, 0, a.arrived); err != nil {
		return nil, err
	}
	if err := a.sortOut(ctx, conn); err != nil {
		return nil, err
	}
	for outcome, n := range a.journal.Outcomes {
		if n > 0 {
			a.Outcomes[string(outcome)] = n
		}
	}
	for _, lane := range a.lane {
		a.Lanes[lane]++
	}
	for _, was := range a.undone {
		a.Reasons[was.reason]++
	}
	for _, usage := range a.journal.Slots {
		if usage.Units > 0 {
			a.Slots++
		}
		if usage.Units >= usage.Limit {
			a.FullSlots++
		}
	}
	a.Breaches, a.Breached, a.Through = a.journal.Breaches, a.journal.Breached(), a.journal.Through()
	return &a.Audit, nil
}

// auditor is an Audit being made.
type auditor struct {
	Audit
	network  *router.Network
	journal  *router.Refold
	undone   map[event.Key]undone
	lane     map[event.Key]string // of the dispatch in force
	peaks    peaks
	seen     map[event.Key]bool
	accepted []stream.Gap    // losses of the journal that are breaches no more
	refused  map[uint64]bool // sequences of ORDERS that REJECTED names
	open     []openOrder     // without a decision, oldest first
}

type openOrder struct {
	seq uint64
	key event.Key
}

// refusal notes which message of ORDERS was refused: of some reasons only the
// router that took it could judge.
func (a *auditor) refusal(k *stream.Kept) error {
	if k.Stream == event.StreamOrders {
		a.refused[k.Sequence] = true
	}
	return nil
}

func (a *auditor) decision(seq uint64, subject string, data []byte) error {
	if !strings.HasPrefix(subject, "decision.") {
		return a.journal.Add(seq, subject, data)
	}
	d, err := event.DecodeDecision(data)
	if err != nil {
		return err
	}
	touched := slices.Concat(a.journal.Standing[d.Key()].Claims, d.Claims)
	if err := a.journal.Add(seq, subject, data); err != nil {
		return err
	}
	for _, c := range touched {
		a.peaks.note(c.Slot, seq, a.journal.Slots[c.Slot].Units)
	}
	key := d.Key()
	delete(a.undone, key) // only the last decision counts
	delete(a.lane, key)
	switch d.Outcome {
	case event.Unroutable:
		was := undone{seq: seq, order: d.OrderSequence, at: d.DecidedAt, revision: d.ConfigRevision, excluded: d.Excluded, attempt: d.Attempt}
		if len(d.Reasons) > 0 {
			was.reason = d.Reasons[0]
		}
		if d.LocatedBy == string(router.SourceGeocoder) {
			was.place = &event.Decision{Cell: d.Cell, Precision: d.Precision, LocatedBy: d.LocatedBy}
		}
		a.undone[key] = was
	case event.Dispatched, event.Completed:
		a.lane[key] = d.Consignments[0].Site.SiteID + "/" + d.Consignments[0].Lane
	}
	return nil
}

func (a *auditor) arrived(seq uint64, subject, id string, data []byte) error {
	if event.ForeignID(id, subject, data) {
		a.ForeignIDs++
		list(&a.ForeignIDMessages, fmt.Sprintf("%d on %q", seq, subject))
	}
	return a.order(seq, subject, data)
}

func (a *auditor) order(seq uint64, subject string, data []byte) error {
	if _, kind, err := event.ParseOrderSubject(subject); err != nil || kind != event.KindPlaced {
		return nil
	}
	if a.refused[seq] {
		a.Refused++
		return nil
	}
	// Whether it was placed in the future was judged when it was routed.
	order, refusal := event.DecodeOrder(subject, data, time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC))
	if refusal != nil {
		a.Refused++
		return nil
	}
	key := order.Key()
	if was, ok := a.undone[key]; ok && was.order == seq {
		a.again(order, was)
	}
	if a.seen[key] {
		return nil
	}
	a.seen[key] = true
	a.Orders++
	if s, decided := a.journal.Standing[key]; !decided || s.Outcome == event.Void {
		a.open = append(a.open, openOrder{seq, key})
	}
	return nil
}

// sortOut tells the orders that a router may have in hand, if only for the
// second time, from those that nobody will decide.
func (a *auditor) sortOut(ctx context.Context, conn *stream.Conn) error {
	young := time.Now().Add(-2 * conn.AckWait())
	var err error
	old := sort.Search(len(a.open), func(i int) bool { // sequences grow with time
		at, e := conn.StoredAt(ctx, a.open[i].seq)
		err = errors.Join(err, e)
		return at.After(young)
	})
	a.Undecided, a.InHand = old, len(a.open)-old
	for _, o := range a.open[:old] {
		list(&a.UndecidedOrders, o.key.String())
	}
	return err
}

// again plans an unroutable order once more.
func (a *auditor) again(order *event.Order, was undone) {
	if was.revision != a.network.Revision {
		a.OtherRevision++
		return
	}
	plan := a.network.Plan(router.Request{Order: order, Place: a.network.Relocate(order, was.place), Now: was.at,
		Excluded: slices.Concat(order.Constraints.ExcludedSites, was.excluded), Attempt: was.attempt})
	if o := plan.Room(func(slot string) int64 { return a.peaks.since(slot, was.seq) }); o != nil {
		a.Wasted++
		list(&a.WastedOrders, order.Key().String()+" had room at "+o.Body.Site.SiteID+"/"+o.Body.Lane+" "+o.Body.Slot.Start.Format(time.RFC3339))
	}
}

func list(to *[]string, what string) {
	if len(*to) < maxListed {
		*to = append(*to, what)
	}
}
