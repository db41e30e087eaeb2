package integration

import (
	"testing"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// Whatever comes first and however often, a cancelled order is cancelled once
// and stays so. All of it waits for the router, and so is in one batch, or
// each message is answered before the next.
func TestCancelBeforeDuringAndAfterRouting(t *testing.T) {
	t.Parallel()
	for _, oneBatch := range []bool{true, false} {
		name := "one by one"
		if oneBatch {
			name = "in one batch"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: threeLanes(100)})
			after, before, twice, unroutable := order("after"), order("before"), order("twice"), order("unroutable", sku("lamp-1"))
			if !oneBatch {
				w.start("router")
			}
			for _, m := range []stream.Outgoing{
				placed(after), cancelled(after),
				cancelled(before), placed(before), again(before, 1),
				placed(twice), cancelled(twice), cancelledAgain(twice), again(twice, 1),
				placed(unroutable), cancelled(unroutable),
			} {
				w.send(m)
				if !oneBatch {
					w.drained(durable)
				}
			}
			if oneBatch {
				w.start("router")
			}
			w.drained(durable)
			a := w.check()
			reasons := []string{"changed_mind"}
			a.wantEnd(t, after.Key(), ending{outcome: event.Cancelled, attempt: 1, decisions: 2, reasons: reasons})
			a.wantEnd(t, before.Key(), ending{outcome: event.Cancelled, decisions: 1, reasons: reasons})
			a.wantEnd(t, twice.Key(), ending{outcome: event.Cancelled, attempt: 1, decisions: 2, reasons: reasons})
			a.wantEnd(t, unroutable.Key(), ending{outcome: event.Cancelled, attempt: 1, decisions: 2, reasons: reasons})
			a.wantTold(t, after.Key(), "requested pyora", "withdrawn pyora")
			a.wantTold(t, before.Key())
			a.wantTold(t, twice.Key(), "requested pyora", "withdrawn pyora")
			a.wantTold(t, unroutable.Key())
			a.wantUnits(t, "", map[string]string{})
			if len(a.rejections) > 0 {
				t.Errorf("got rejections %+v, want none", a.rejections)
			}
		})
	}
}

func TestCancelFreesItsPlaceForAnother(t *testing.T) {
	t.Parallel()
	for _, kind := range []redisKind{redisProcess, redisEmbedded} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: onePlace, redis: kind})
			w.start("router")
			first, second, third := order("first"), order("second"), order("third")
			w.route(first)
			w.route(second)
			w.cancel(first)
			w.route(third)
			a := w.check()
			a.wantEnd(t, first.Key(), ending{outcome: event.Cancelled, decisions: 2})
			a.wantEnd(t, second.Key(), ending{outcome: event.Unroutable, decisions: 1, attempt: 1})
			a.wantEnd(t, third.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", decisions: 1})
			a.wantUnits(t, "", map[string]string{"lane/kallio/bike:2026-08-04T10:00:parcels": "1 of 1"})
		})
	}
}

func TestCancelAfterReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(100)})
	w.start("router")
	accepted, rerouted, delivered := order("accepted"), order("rerouted"), order("delivered")
	w.route(accepted, rerouted, delivered)
	w.report(accepted, event.Accepted)
	w.report(rerouted, event.Rejected)
	w.report(delivered, event.Delivered)
	w.cancel(accepted)
	w.cancel(rerouted)
	tooLate := w.cancel(delivered)
	a := w.check()
	a.wantEnd(t, accepted.Key(), ending{outcome: event.Cancelled, decisions: 3})
	a.wantTold(t, accepted.Key(), "requested pyora", "withdrawn pyora")
	a.wantEnd(t, rerouted.Key(), ending{outcome: event.Cancelled, decisions: 3, attempt: 2})
	a.wantTold(t, rerouted.Key(), "requested pyora", "withdrawn pyora", "requested kuorma", "withdrawn kuorma")
	a.wantEnd(t, delivered.Key(), ending{outcome: event.Completed, lane: "kallio/bike", decisions: 2, reasons: []string{"delivered"}})
	a.wantTold(t, delivered.Key(), "requested pyora")
	a.wantRefusal(t, onOrders(tooLate), event.CodeTooLateToCancel)
	wantRejected(t, a.rejections[onOrders(tooLate)], poison{data: cancelled(delivered).Data, code: event.CodeTooLateToCancel})
	a.wantUnits(t, "", map[string]string{"lane/kallio/bike:2026-08-04T10:00:parcels": "1 of 100"})
}

// Reports about a cancelled order came too late. The courier was told.
func TestReportsAfterCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(100)})
	w.start("router")
	o := order("cancelled")
	w.route(o)
	sent := w.lastOf(o.Key())
	w.cancel(o)
	for _, status := range event.ReportStatuses() {
		w.say(about(sent, status))
	}
	w.drained(durable)
	a := w.check()
	a.wantEnd(t, o.Key(), ending{outcome: event.Cancelled, decisions: 2})
	if len(a.rejections) > 0 {
		t.Errorf("got rejections %+v, want none", a.rejections)
	}
}
