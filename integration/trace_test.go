package integration

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// traceparent number n; each order has one of its own.
func traceparent(n int) string { return fmt.Sprintf("00-%032x-%016x-01", n+1, n+0xa0) }

// post publishes as a platform does that knows nothing of package stream.
func (w *world) post(m stream.Outgoing, headers nats.Header) {
	w.Helper()
	if headers == nil {
		headers = nats.Header{}
	}
	headers[jetstream.MsgIDHeader] = []string{event.MsgID(m.Subject, m.Data)}
	ack, err := w.js.PublishMsg(context.Background(), &nats.Msg{Subject: m.Subject, Header: headers, Data: m.Data})
	if err != nil {
		w.Fatalf("publish %.80s: %v", m.Data, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = max(w.last, ack.Sequence)
}

// traces lists, for every message of the journal about the order, what it is,
// its trace headers as they are spelt, and its attributes of that name.
func (w *world) traces(key event.Key) (list []string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := w.js.Stream(ctx, event.StreamDispatch)
	if err != nil {
		w.Fatal(err)
	}
	for seq := s.CachedInfo().State.FirstSeq; seq <= s.CachedInfo().State.LastSeq; seq++ {
		msg, err := s.GetMsg(ctx, seq)
		if err != nil {
			w.Fatal(err)
		}
		var what string
		var t event.Trace
		if d, err := event.DecodeDecision(msg.Data); err == nil && d.Key() == key {
			what, t = string(d.Outcome), d.Trace
		} else if d, err := event.DecodeDispatch(msg.Data); err == nil && d.Key() == key {
			what, t = d.Status, d.Trace
		} else {
			continue
		}
		if got := strings.Join(msg.Header["traceparent"], ","); got != t.Parent {
			w.Errorf("%s of %s: got header traceparent %q, and attribute %q", what, key, got, t.Parent)
		}
		if got := strings.Join(msg.Header["tracestate"], ","); got != t.State {
			w.Errorf("%s of %s: got header tracestate %q, and attribute %q", what, key, got, t.State)
		}
		list = append(list, strings.TrimSpace(what+" "+t.Parent+" "+t.State))
	}
	return list
}

// An order's trace context reaches everything that is said of it, in whatever
// case its headers came, through batches of one and of many, a re-route, a
// wait and a cancellation, and whatever trace those bring with them.
func TestTraceContext(t *testing.T) {
	t.Parallel()
	for _, replicas := range []int{1, 3} {
		t.Run(fmt.Sprintf("%d nats", replicas), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: strings.Replace(threeLanes(1), "whenFull: reject", "whenFull: wait", 1), replicas: replicas})
			capital, small, enveloped, without := order("capital"), order("small"), order("enveloped"), order("without")
			w.post(placed(capital), nats.Header{"Traceparent": {traceparent(0)}, "TraceState": {"a=1"}})
			w.post(placed(small), nats.Header{"traceparent": {traceparent(1)}, "tracestate": {"no state"}})
			w.post(enclosed(enveloped, traceparent(2), "b=2"), nil)
			w.post(placed(without), nats.Header{"traceparent": {"00-nonsense"}, "tracestate": {"c=3"}})
			w.start("router") // all of them in one batch
			w.wake()
			w.drained(durable)
			w.report(capital, event.Rejected) // waits: the other lanes are taken
			w.post(cancelled(small), nats.Header{"traceparent": {traceparent(9)}})
			w.drained(durable)
			w.becomes(capital, event.Dispatched)
			w.quiet()

			for o, want := range map[*event.Order][]string{
				capital:   {"dispatched #0 a=1", "requested #0 a=1", "waiting #0 a=1", "withdrawn #0 a=1", "dispatched #0 a=1", "requested #0 a=1"},
				small:     {"dispatched #1", "requested #1", "cancelled #1", "withdrawn #1"},
				enveloped: {"dispatched #2 b=2", "requested #2 b=2"},
				without:   {"waiting"},
			} {
				for i := range want {
					for n := range 3 {
						want[i] = strings.ReplaceAll(want[i], fmt.Sprintf("#%d", n), traceparent(n))
					}
				}
				got := w.traces(o.Key())
				if diff := cmp.Diff(want, got[:min(len(got), len(want))]); diff != "" {
					t.Errorf("order %s (-want +got):\n%s", o.OrderID, diff)
				}
			}
			w.check()
		})
	}
}

// enclosed is an order as the data of a CloudEvent with a trace context.
func enclosed(o *event.Order, parent, state string) stream.Outgoing {
	m := placed(o)
	m.Data = fmt.Appendf(nil, `{"specversion":"1.0","id":"1","source":"/shop","type":%q,"traceparent":%q,"tracestate":%q,"data":%s}`,
		event.TypeOrderPlaced, parent, state, m.Data)
	return m
}

// A refused message keeps its trace on REJECTED, and takes it along when it is
// put back.
func TestTraceContextOfARefusal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: onePlace})
	w.start("router")
	bad := placed(order("bad", quantity(-1)))
	w.post(bad, nats.Header{"Traceparent": {traceparent(0)}})
	w.drained(durable)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	kept, err := w.conn.Rejects().At(ctx, 1)
	if err != nil || kept == nil {
		t.Fatalf("got %v, %v, want the refused message", kept, err)
	}
	if got := kept.Header["traceparent"]; len(got) != 1 || got[0] != traceparent(0) || kept.Trace.Parent != traceparent(0) {
		t.Errorf("got header %q and trace %+v, want %s", got, kept.Trace, traceparent(0))
	}
	w.send(stream.Outgoing{Subject: kept.Subject, Requeued: 1, Data: encode(order("bad")), Trace: kept.Trace})
	w.drained(durable)
	if got := w.lastOf(key("bad")).Trace.Parent; got != traceparent(0) {
		t.Errorf("got trace %q after it was put back, want %s", got, traceparent(0))
	}
}
