package router

import (
	"slices"

	"github.com/nearlane/nearlane/event"
)

// waiter is an order that waits, in the queue of every slot that would do.
type waiter struct {
	key    event.Key
	since  uint64 // the decision that let it wait
	queues []*queue
	gone   bool
}

// queue is who waits for one slot. Orders join in the order of the journal, so
// that those who wait longest stand first; who has gone is dropped in bulk.
type queue struct {
	slot    string
	waiters []*waiter
	gone    int
}

// len is how many wait.
func (q *queue) len() int { return len(q.waiters) - q.gone }

// first lists the first most waiters.
func (q *queue) first(most int) []*waiter {
	var list []*waiter
	for _, w := range q.waiters {
		if len(list) == most {
			break
		}
		if !w.gone {
			list = append(list, w)
		}
	}
	return list
}

// join puts an order into the queues of slots.
func (k *Waker) join(key event.Key, since uint64, slots []string) {
	w := &waiter{key: key, since: since, queues: make([]*queue, len(slots))}
	for i, slot := range slots {
		q := k.queues[slot]
		if q == nil {
			q = &queue{slot: slot}
			k.queues[slot] = q
		}
		q.waiters, w.queues[i] = append(q.waiters, w), q
	}
	k.waiters[key] = w
}

// leave takes an order out of all queues, if it is in any.
func (k *Waker) leave(key event.Key) {
	w := k.waiters[key]
	if w == nil {
		return
	}
	w.gone = true
	delete(k.waiters, key)
	for _, q := range w.queues {
		q.gone++
		if q.len() == 0 {
			delete(k.queues, q.slot)
		} else if q.gone > len(q.waiters)/2 {
			q.waiters, q.gone = slices.DeleteFunc(q.waiters, func(w *waiter) bool { return w.gone }), 0
		}
	}
}
