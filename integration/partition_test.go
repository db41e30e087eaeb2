package integration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// inOulu is an address in the north.
func inOulu(o *event.Order) {
	o.ShipTo = event.Address{Geo: &event.Geo{Latitude: 65.0230, Longitude: 25.4700}, PostalCode: "90500", AddressCountry: "FI"}
}

// notInFinland is where no partition delivers to.
func notInFinland(o *event.Order) {
	o.ShipTo = event.Address{Geo: &event.Geo{Latitude: 59.3300, Longitude: 18.0600}, PostalCode: "11122", AddressCountry: "SE"}
}

func of(channel string) change { return func(o *event.Order) { o.Channel = channel } }

// Orders of one platform on one connection land in the partition that their
// subject or their channel names, with an acknowledgement; whatever happens to
// them afterwards happens there and nowhere else, and is read in one place.
func TestPartitions(t *testing.T) {
	t.Parallel()
	for _, nodes := range []int{1, 3} {
		t.Run(fmt.Sprintf("%d nodes", nodes), func(t *testing.T) {
			t.Parallel()
			routePartitioned(newPartitioned(t, deployed("nats.conf"), nodes))
		})
	}
}

func routePartitioned(p *partitioned) {
	t := p.T
	helsinki, oulu := orders(20, "hel"), orders(20, "oul", inOulu)
	for i := range helsinki {
		p.place(p.south, "south.", helsinki[i])
		p.place(p.north, "north.", oulu[i])
	}
	shop, faraway := order("shop-1", of("helsinki-shop")), order("far-1", notInFinland)
	p.place(p.south, "", shop)
	p.place(p.north, "north.", faraway)
	p.publish(p.south, outside("south", again(helsinki[0], 1)))
	if _, err := p.js.PublishMsg(context.Background(), outside("west", placed(oulu[0]))); !errors.Is(err, jetstream.ErrNoStreamResponse) {
		t.Errorf("publish to no partition: got %v, want %v", err, jetstream.ErrNoStreamResponse)
	}
	p.routed()

	p.publish(p.south, outside("south", cancelled(helsinki[1])))
	p.report(p.south, about(p.south.lastOf(helsinki[0].Key()), event.Delivered))
	p.routed()

	p.wantNoConsumerOfThePlatform()
	south, north := p.south.check(), p.north.check()
	south.wantOutcomes(t, 19, 0)
	north.wantOutcomes(t, 20, 1)
	south.wantEnd(t, helsinki[0].Key(), ending{outcome: event.Completed, lane: "kallio/bike", decisions: 2, reasons: []string{"delivered"}})
	south.wantEnd(t, helsinki[1].Key(), ending{outcome: event.Cancelled, decisions: 2, attempt: 1, reasons: []string{"changed_mind"}})
	south.wantEnd(t, shop.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", decisions: 1})
	north.wantEnd(t, oulu[0].Key(), ending{outcome: event.Dispatched, lane: "tuira/bike", decisions: 1})
	north.wantEnd(t, faraway.Key(), ending{outcome: event.Unroutable, decisions: 1, attempt: 1, reasons: []string{"outside_catchment"}})
	p.wantCollected(south, north)
	p.wantTold(p.south, south)
	p.wantTold(p.north, north)
}

// What befalls the servers of one partition, the other does not notice.
func TestPartitionsFailAlone(t *testing.T) {
	t.Parallel()
	p := newPartitioned(t, deployed("nats.conf"), 1)
	p.place(p.south, "south.", order("first"))
	p.place(p.north, "north.", order("first", inOulu))
	p.routed()

	p.north.stop()
	p.north.cache.Wipe()
	for _, o := range orders(10, "meanwhile") {
		p.place(p.south, "south.", o)
	}
	for _, o := range orders(10, "meanwhile", inOulu) {
		p.place(p.north, "north.", o)
	}
	p.south.drained(durable)
	p.south.check().wantOutcomes(t, 11, 0)
	if got := p.north.decided(); got != 1 {
		t.Errorf("orders decided without a router: got %d, want the 1 before", got)
	}

	p.north.start()
	p.routed()
	south, north := p.south.check(), p.north.check()
	south.wantOutcomes(t, 11, 0)
	north.wantOutcomes(t, 11, 0)
	p.wantCollected(south, north)
}

// Partitions know nothing of each other. That is why an order must not be sent
// to two of them, and its cancellation not to another than its own:
// docs/growing.md says what would happen, and this is it.
func TestOrderInTwoPartitions(t *testing.T) {
	t.Parallel()
	p := newPartitioned(t, deployed("nats.conf"), 1)
	twice, once, cancelledElsewhere := order("twice"), order("once"), order("elsewhere")
	p.place(p.south, "south.", twice, once, cancelledElsewhere)
	p.place(p.north, "north.", twice)
	p.publish(p.north, outside("north", cancelled(cancelledElsewhere)))
	p.routed()
	lost := p.report(p.north, about(p.south.lastOf(once.Key()), event.Delivered))
	p.routed()
	south, north := p.south.check(), p.north.check()
	north.wantRefusal(t, place{event.StreamCourier, lost}, event.CodeUnknownOrder)
	south.wantEnd(t, twice.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", decisions: 1})
	north.wantEnd(t, twice.Key(), ending{outcome: event.Dispatched, lane: "tuira/post", decisions: 1})
	if got, want := north.decision(t, twice.Key()).DispatchID, south.decision(t, twice.Key()).DispatchID; got != want {
		t.Errorf("dispatch of the second partition: got id %s, want that of the first, %s", got, want)
	}
	south.wantEnd(t, cancelledElsewhere.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", decisions: 1})
	north.wantEnd(t, cancelledElsewhere.Key(), ending{outcome: event.Cancelled, decisions: 1, reasons: []string{"changed_mind"}})
}

// NATS does not mind if one subject of orders is imported from two partitions,
// which is why nats.conf warns of it: both get the order.
func TestOrderSubjectImportedTwice(t *testing.T) {
	t.Parallel()
	one := `{service: {account: SOUTH, subject: "orders.v1.helsinki-shop.*"}}`
	conf := filepath.Join(t.TempDir(), "nats.conf")
	text := strings.Replace(read(t, deployed("nats.conf")), one, one+"\n"+strings.Replace(one, "SOUTH", "NORTH", 1), 1)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newPartitioned(t, conf, 1)
	o := order("shop-1", of("helsinki-shop"))
	p.place(p.south, "", o)
	p.north.last = 1
	p.routed()
	for _, a := range []*account{p.south.check(), p.north.check()} {
		a.wantOutcomes(t, 1, 0)
	}
}

// place publishes orders as the platform does, and wants them stored in the
// partition. The prefix is empty where NATS knows the channel.
func (p *partitioned) place(in *partition, prefix string, list ...*event.Order) {
	p.Helper()
	for _, o := range list {
		m := outside("", placed(o))
		m.Subject = prefix + m.Subject[1:]
		p.publish(in, m)
	}
}

func (p *partitioned) publish(in *partition, m *nats.Msg) {
	p.Helper()
	ack, err := p.js.PublishMsg(context.Background(), m)
	if err != nil {
		p.Fatalf("publish on %s: %v", m.Subject, err)
	}
	in.mu.Lock()
	in.last++
	want := in.last
	in.mu.Unlock()
	if ack.Stream != event.StreamOrders || ack.Sequence != want || ack.Duplicate {
		p.Fatalf("publish on %s: got %+v, want message %d of ORDERS in %s", m.Subject, ack, want, in.name)
	}
}

// report is what pyora says about a dispatch to a partition, and where it
// stands on COURIER there.
func (p *partitioned) report(to *partition, s saying) uint64 {
	p.Helper()
	js, err := jetstream.New(p.courier.nc)
	if err != nil {
		p.Fatal(err)
	}
	data, err := json.Marshal(s.Report)
	if err != nil {
		p.Fatal(err)
	}
	ack, err := js.Publish(context.Background(), to.name+"."+event.ReportSubject(s.Courier, s.Status), data)
	if err != nil || ack.Stream != event.StreamCourier {
		p.Fatalf("report to %s: got %+v, %v, want it stored", to.name, ack, err)
	}
	to.reported = max(to.reported, ack.Sequence)
	return ack.Sequence
}

// wantNoConsumerOfThePlatform asks for consumers as the platform, in its own
// account and in the partitions, and wants none to be made.
func (p *partitioned) wantNoConsumerOfThePlatform() {
	p.Helper()
	for _, subject := range []string{"$JS.API.CONSUMER.CREATE.DISPATCH.mine", "south.JS.CONSUMER.CREATE.DISPATCH", "north.JS.CONSUMER.CREATE.DISPATCH"} {
		if err := p.platform.Publish(subject, []byte(`{"stream_name":"DISPATCH","config":{"name":"mine","deliver_subject":"collected.south.mine","ack_policy":"none"}}`)); err != nil {
			p.Fatal(err)
		}
	}
	if err := p.platform.FlushTimeout(patience); err != nil {
		p.Fatal(err)
	}
	ctx := context.Background()
	for in, js := range map[string]jetstream.JetStream{"PLATFORM": p.operator, "SOUTH": p.south.js, "NORTH": p.north.js} {
		s, err := js.Stream(ctx, event.StreamDispatch)
		if err != nil {
			p.Fatal(err)
		}
		most := map[string]int{"PLATFORM": 0, "SOUTH": 3, "NORTH": 3}[in] // the auditor, pyora, and the collecting stream
		if got := s.CachedInfo().State.Consumers; got > most {
			p.Errorf("consumers of DISPATCH in %s: got %d, want at most %d", in, got, most)
		}
	}
}

func (p *partitioned) routed() {
	p.Helper()
	p.south.drained(durable)
	p.north.drained(durable)
}

// wantCollected waits until the collecting stream has what both journals have
// to tell, and wants each message once.
func (p *partitioned) wantCollected(parts ...*account) {
	p.Helper()
	want := map[string]int{}
	for _, a := range parts {
		for key, chain := range a.decisions {
			want[event.DecisionSubject(key)] += len(chain)
		}
		for _, told := range a.told {
			for _, one := range told {
				want[one.subject]++
			}
		}
	}
	var diff string
	p.south.eventually("the collecting stream has everything", func() error {
		s, err := p.operator.Stream(context.Background(), event.StreamDispatch)
		if err != nil {
			return err
		}
		info, err := s.Info(context.Background(), jetstream.WithSubjectFilter(">"))
		if err != nil {
			return err
		}
		got := map[string]int{}
		for subject, n := range info.State.Subjects {
			got[subject] = int(n)
		}
		if diff = cmp.Diff(want, got); diff != "" {
			return fmt.Errorf("(-journals +collected):\n%s", diff)
		}
		return nil
	})
}

// wantTold waits until pyora has got and acked what a partition's journal holds
// for it, and wants each message once.
func (p *partitioned) wantTold(in *partition, a *account) {
	p.Helper()
	var want []string
	for _, told := range a.told {
		for _, one := range told {
			if one.CourierID == "pyora" {
				want = append(want, one.OrderID+" "+one.Status)
			}
		}
	}
	slices.Sort(want)
	in.eventually("pyora has its dispatches", func() error {
		got := p.courier.told(in.name)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			return fmt.Errorf("(-journal of %s +got):\n%s", in.name, diff)
		}
		c, err := in.js.PushConsumer(context.Background(), event.StreamDispatch, "pyora-"+in.name)
		if err != nil {
			return err
		}
		if info := c.CachedInfo(); info.NumAckPending > 0 || info.AckFloor.Consumer != uint64(len(want)) {
			return fmt.Errorf("acked %d of %d in %s", info.AckFloor.Consumer, len(want), in.name)
		}
		return nil
	})
}
