package integration

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// A report and a cancellation of the same order are worked on by two routers
// at once. Whichever is stored first, the order is cancelled and no courier
// has it.
func TestReportAndCancelRace(t *testing.T) {
	t.Parallel()
	for _, replicas := range []int{1, 3} {
		for _, late := range []occasion{rejects, cancels} {
			for _, storedFirst := range []bool{true, false} {
				t.Run(fmt.Sprintf("%d nats, %s is late, stored first %t", replicas, late, storedFirst), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t, setting{network: threeLanes(1), replicas: replicas, ackWait: time.Second})
					before := w.start("before")
					o := order("contested")
					w.route(o)
					before.stop()

					bad := newMishap(commit, callLate, true)
					bad.journal = w.journal
					slow := w.start("slow", bad.wrap)
					sent := about(w.lastOf(o.Key()), event.Rejected)
					other := func() { w.send(cancelled(o)) }
					if late == cancels {
						w.send(cancelled(o))
						other = func() { w.say(sent) }
					} else {
						w.say(sent)
					}
					w.await("the slow router commits", bad.struck)
					slow.buried()
					if storedFirst {
						bad.arrive()
					}
					other()
					w.start("other")
					w.drained(durable)
					bad.arrive()
					w.route(order("next"))

					a := w.check()
					a.wantEnd(t, o.Key(), ending{outcome: event.Cancelled, decisions: len(a.decisions[o.Key()])})
					a.wantEnd(t, key("next"), ending{outcome: event.Dispatched, lane: "kallio/bike", decisions: 1})
					want := []string{"requested pyora", "withdrawn pyora"}
					if len(a.decisions[o.Key()]) == 3 { // re-routed before it was cancelled
						want = append(want, "requested kuorma", "withdrawn kuorma")
					}
					a.wantTold(t, o.Key(), want...)
				})
			}
		}
	}
}

// Reports and cancellations pour in on three routers, two for every order and
// neither before the other.
func TestReportsAndCancellationsPourIn(t *testing.T) {
	t.Parallel()
	for _, s := range []setting{{replicas: 1, redis: redisProcess}, {replicas: 3, redis: redisEmbedded}} {
		t.Run(fmt.Sprintf("%d nats, %s", s.replicas, s.redis), func(t *testing.T) {
			t.Parallel()
			const n = 40
			s.network, s.ackWait = threeLanes(4*n), 2*time.Second
			w := newWorld(t, s)
			for i := range 3 {
				w.start(fmt.Sprintf("router-%d", i))
			}
			rejected, delivered, both, twice := orders(n, "rejected"), orders(n, "delivered"), orders(n, "both"), orders(n, "twice")
			w.route(slices.Concat(rejected, delivered, both, twice)...)
			var cancellations []stream.Outgoing
			var said []saying
			for i := range n {
				cancellations = append(cancellations, cancelled(rejected[n-1-i]), cancelled(delivered[i]))
				on := func(o *event.Order, status event.ReportStatus) {
					said = append(said, about(w.lastOf(o.Key()), status))
				}
				on(rejected[i], event.Rejected)
				on(delivered[i], event.Delivered)
				on(both[i], event.Rejected)
				on(both[n-1-i], event.Delivered)
				on(twice[i], event.Rejected)
				on(twice[n-1-i], event.Failed)
			}
			sent := make(chan error, 1)
			go func() { sent <- w.sendOn(w.conn, cancellations) }()
			w.say(said...)
			if err := <-sent; err != nil {
				t.Fatalf("publish cancellations: %v", err)
			}
			w.drained(durable)

			a := w.check()
			tooLate := 0
			for i := range n {
				a.wantEnd(t, rejected[i].Key(), ending{outcome: event.Cancelled, decisions: len(a.decisions[rejected[i].Key()])})
				if a.decision(t, delivered[i].Key()).Outcome == event.Completed {
					tooLate++
				} else {
					a.wantEnd(t, delivered[i].Key(), ending{outcome: event.Cancelled, decisions: 2})
				}
				want := ending{outcome: event.Dispatched, lane: "kallio/van", attempt: 2, decisions: 2}
				a.wantEnd(t, twice[i].Key(), want)
				if a.decision(t, both[i].Key()).Outcome == event.Completed {
					want = ending{outcome: event.Completed, lane: "kallio/bike", attempt: 1, decisions: 2}
				}
				a.wantEnd(t, both[i].Key(), want)
			}
			for at, r := range a.rejections {
				if r.reason != event.CodeTooLateToCancel {
					t.Errorf("message %d of %s: got rejected as %q", at.seq, at.stream, r.reason)
				}
			}
			if got := len(a.rejections); got != tooLate {
				t.Errorf("got %d rejections, want %d, one for each cancellation of a delivered order", got, tooLate)
			}
		})
	}
}
