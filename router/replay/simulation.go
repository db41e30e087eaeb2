package replay

import (
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// Result is what a network made of the inputs.
type Result struct {
	Network  *router.Network
	Journeys []*Journey // by the first message on each order
	Repeats  int        // of an order that was there already
	Changed  int        // of the repeats: with other content, which the router refuses
	Unneeded int        // cancellations of what was cancelled already
	slots    capacity
}

// simulation is a network at work.
type simulation struct {
	*Result
	net   *router.Network
	known map[event.Key]*traveller
	queue queue
}

// traveller is an order on its way through a simulation.
type traveller struct {
	*Journey
	number  int           // from 1
	claims  []event.Claim // standing
	waits   []string      // slots that it waits for
	since   int           // its place among all that ever waited
	began   time.Time     // of the waiting
	retryAt time.Time
}

// Run puts sorted inputs through a network. Tell, if there is one, is told how
// many are done. When the last one is, the clock goes on until nobody waits.
func Run(n *router.Network, inputs []Input, tell func(done int)) *Result {
	s := &simulation{
		Result: &Result{Network: n, slots: capacity{}},
		net:    n, known: make(map[event.Key]*traveller, len(inputs)), queue: newQueue(),
	}
	for i := range inputs {
		s.lookUntil(inputs[i].At())
		s.next(&inputs[i])
		if tell != nil {
			tell(i + 1)
		}
	}
	s.lookUntil(time.Time{})
	return s.Result
}

// next takes in one message.
func (s *simulation) next(in *Input) {
	if in.Order == nil {
		s.cancel(in.Cancellation)
		return
	}
	key := in.Order.Key()
	if t := s.known[key]; t != nil {
		s.again(t, in.Order)
		return
	}
	s.plan(s.meet(key, in.Order), in.Order.PlacedAt)
}

// meet takes note of an order that was not there before.
func (s *simulation) meet(key event.Key, o *event.Order) *traveller {
	t := &traveller{Journey: &Journey{Order: o}, number: len(s.Journeys) + 1}
	s.known[key] = t
	s.Journeys = append(s.Journeys, t.Journey)
	return t
}

// again leaves a decided order as it is. A cancellation that overtook its order
// was decided without seeing it.
func (s *simulation) again(t *traveller, o *event.Order) {
	if t.Order == nil {
		t.Order, t.Asked = o, o.ServiceLevel
		return
	}
	s.Repeats++
	if event.Digest(o, nil) != event.Digest(t.Order, nil) {
		s.Changed++
	}
}

// plan decides an order, for the first time or as one that waits.
func (s *simulation) plan(t *traveller, now time.Time) {
	place := s.net.Locate(t.Order)
	p := s.net.Plan(router.Request{Order: t.Order, Place: place, Now: now, Excluded: t.Order.Constraints.ExcludedSites})
	defer p.Release()
	t.Cell, t.Asked = place.Cell, p.Level()
	number := t.number
	if t.Waited {
		number = 0
	}
	option := s.slots.first(p, number)
	switch slots, until := p.Waits(); {
	case option != nil:
		s.dispatch(t, p, &option.Body)
	case len(slots) > 0 && until.After(now):
		s.wait(t, slots, until, now)
		return
	default:
		t.Outcome, t.Reasons = event.Unroutable, p.Reasons()
	}
	s.endWait(t, now)
}

func (s *simulation) dispatch(t *traveller, p *router.Plan, body *event.Body) {
	t.Outcome, t.Sent, t.claims = event.Dispatched, body, body.Claims
	for _, promise := range p.Promises() { // the level asked for comes first
		if promise.Region == body.Region {
			t.Deadline, t.PastCut = promise.Deadline.UTC(), promise.PastCutoff
			break
		}
	}
	s.slots.take(body.Claims)
}

// cancel cancels whatever stands, also before the order itself has arrived
// (R4), and wakes those who wait for what is freed.
func (s *simulation) cancel(c *event.Cancellation) {
	t := s.known[c.Key()]
	if t == nil {
		t = s.meet(c.Key(), nil)
	}
	if t.Outcome == event.Cancelled {
		s.Unneeded++
		return
	}
	s.endWait(t, c.CancelledAt)
	freed := t.claims
	t.Outcome, t.Reasons, t.claims = event.Cancelled, []string{c.ReasonCode()}, nil
	if len(freed) > 0 {
		s.slots.free(freed, c.CancelledAt)
		s.wake(freed, c.CancelledAt)
	}
}
