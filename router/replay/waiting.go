package replay

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// queue is who waits: for which slots, and until when before they look for
// themselves.
type queue struct {
	waited int // how many have ever waited
	slots  map[string]*row
	looks  looks
}

func newQueue() queue { return queue{slots: map[string]*row{}} }

// row is who waits for one slot, those who have waited longest first. Whoever
// has gone is dropped from its front at once, and from its middle in bulk.
type row struct {
	waiters []*traveller
	gone    int // of them
}

// first lists up to most of those who wait.
func (r *row) first(most int) []*traveller {
	var list []*traveller
	for i := 0; len(list) < most; i++ {
		if t := r.waiters[i]; t.waits != nil {
			list = append(list, t)
		}
	}
	return list
}

// leave notes that one of them has gone.
func (r *row) leave() {
	r.gone++
	for len(r.waiters) > 0 && r.waiters[0].waits == nil {
		r.waiters, r.gone = r.waiters[1:], r.gone-1
	}
	if r.gone > len(r.waiters)/2 {
		r.waiters, r.gone = slices.DeleteFunc(r.waiters, func(t *traveller) bool { return t.waits == nil }), 0
	}
}

// wait has an order come back when a slot is freed, or in a while.
func (s *simulation) wait(t *traveller, slots []string, until, now time.Time) {
	if t.Outcome != event.Waiting {
		s.queue.waited++
		t.Outcome, t.Waited, t.since, t.began, t.waits = event.Waiting, true, s.queue.waited, now, slots
		for _, slot := range slots {
			r := s.queue.slots[slot]
			if r == nil {
				r = new(row)
				s.queue.slots[slot] = r
			}
			r.waiters = append(r.waiters, t)
		}
	}
	t.retryAt = router.RetryAt(until, now)
	heap.Push(&s.queue.looks, look{t.retryAt, t})
}

// endWait takes an order out of the queue, if it is there.
func (s *simulation) endWait(t *traveller, now time.Time) {
	if t.waits == nil {
		return
	}
	waited := t.waits
	t.waits, t.WaitedFor = nil, now.Sub(t.began)
	for _, slot := range waited {
		s.queue.slots[slot].leave()
	}
}

// wake lets those who have waited longest for the freed slots look again.
func (s *simulation) wake(freed []event.Claim, now time.Time) {
	var chosen []*traveller
	for _, c := range freed {
		r := s.queue.slots[c.Slot]
		if r == nil {
			continue
		}
		for _, t := range r.first(router.Wakes(len(r.waiters)-r.gone, c.Units)) {
			if !slices.Contains(chosen, t) {
				chosen = append(chosen, t)
			}
		}
	}
	slices.SortFunc(chosen, func(a, b *traveller) int { return cmp.Compare(a.since, b.since) })
	for _, t := range chosen {
		s.plan(t, now)
	}
}

// lookUntil lets those look whose time comes by an instant; a zero one is the
// end of time.
func (s *simulation) lookUntil(end time.Time) {
	for looks := &s.queue.looks; len(*looks) > 0; {
		next := (*looks)[0]
		if !end.IsZero() && next.at.After(end) {
			return
		}
		heap.Pop(looks)
		if t := next.who; t.Outcome == event.Waiting && t.retryAt.Equal(next.at) { // the last schedule stands
			s.plan(t, next.at)
		}
	}
}

// look is when an order that waits looks for itself.
type look struct {
	at  time.Time
	who *traveller
}

// looks is a heap, the next one first.
type looks []look

func (l looks) Len() int { return len(l) }
func (l looks) Less(i, j int) bool {
	return cmp.Or(l[i].at.Compare(l[j].at), cmp.Compare(l[i].who.number, l[j].who.number)) < 0
}
func (l looks) Swap(i, j int) { l[i], l[j] = l[j], l[i] }
func (l *looks) Push(x any)   { *l = append(*l, x.(look)) }
func (l *looks) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}
