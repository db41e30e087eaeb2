package integration

import (
	"context"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// accounts is deploy/nats.conf on a server, with the durables of the partners.
type accounts struct {
	*testing.T
	url *url.URL
	js  jetstream.JetStream // of the routers
}

// partner is a client of an account without streams.
type partner struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	denied atomic.Int64 // permissions violations
}

func newAccounts(t *testing.T) *accounts {
	t.Helper()
	a := &accounts{T: t, url: startFromFile(t, "../deploy/nats.conf", 1)}
	conn, err := stream.Connect(context.Background(), stream.Options{URL: a.as("nearlane"), Name: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	// The folder of a test has less room than a server that is deployed.
	if err := conn.Ensure(context.Background(), stream.Settings{OrdersBytes: 1 << 20, DispatchBytes: 1 << 20, CourierBytes: 1 << 20,
		RejectedBytes: 1 << 20, RetryBytes: 1 << 20, ConfigBytes: 1 << 20}); err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(a.as("nearlane"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	if a.js, err = jetstream.New(nc); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"webshop", "pyora"} {
		var c jetstream.ConsumerConfig
		readJSON(t, "../deploy/"+who+".json", &c)
		if _, err := a.js.CreateConsumer(context.Background(), event.StreamDispatch, c); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func (a *accounts) as(user string) string {
	u := *a.url
	u.User = url.UserPassword(user, password)
	return u.String()
}

// partner connects as README tells partners to.
func (a *accounts) partner(user string) *partner {
	a.Helper()
	p := &partner{}
	var err error
	p.nc, err = nats.Connect(a.as(user), nats.CustomInboxPrefix("_INBOX_"+user), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		p.denied.Add(1)
	}))
	if err != nil {
		a.Fatal(err)
	}
	a.Cleanup(p.nc.Close)
	if p.js, err = jetstream.NewWithAPIPrefix(p.nc, "nearlane.API"); err != nil {
		a.Fatal(err)
	}
	return p
}

// holds is what can be changed: messages and consumers of every stream.
func (a *accounts) holds() map[string]string {
	a.Helper()
	found := map[string]string{}
	list := a.js.ListStreams(context.Background())
	for info := range list.Info() {
		found[info.Config.Name] = fmt.Sprintf("%d messages, last %d, %d consumers", info.State.Msgs, info.State.LastSeq, info.State.Consumers)
	}
	if list.Err() != nil {
		a.Fatal(list.Err())
	}
	return found
}

// reads takes so many messages of a partner's durable, and acks them.
func (p *partner) reads(t *testing.T, durable string, n int) (subjects []string) {
	t.Helper()
	cons, err := p.js.Consumer(context.Background(), event.StreamDispatch, durable)
	if err != nil {
		t.Fatalf("open durable %s: %v", durable, err)
	}
	batch, err := cons.Fetch(n, jetstream.FetchMaxWait(patience))
	if err != nil {
		t.Fatal(err)
	}
	for m := range batch.Messages() {
		subjects = append(subjects, m.Subject())
		if err := m.DoubleAck(context.Background()); err != nil {
			t.Fatalf("ack: %v", err)
		}
	}
	if batch.Error() != nil {
		t.Fatal(batch.Error())
	}
	return subjects
}

// Partners of deploy/nats.conf can do their job.
func TestAccountsLetPartnersWork(t *testing.T) {
	t.Parallel()
	a := newAccounts(t)
	shop, courier := a.partner("webshop"), a.partner("pyora")
	for _, subject := range []string{"decision.v1.webshop.1", "decision.v1.other.1", "dispatch.v1.pyora.kallio", "dispatch.v1.posti.kallio", "decision.v1.webshop.2", "dispatch.v1.pyora.pasila"} {
		if _, err := a.js.Publish(context.Background(), subject, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	for _, subject := range []string{"orders.v1.webshop.placed", "orders.v1.webshop.cancelled"} {
		if ack, err := shop.js.Publish(context.Background(), subject, []byte("{}")); err != nil || ack.Stream != event.StreamOrders {
			t.Errorf("%s: got %+v, %v, want it on ORDERS", subject, ack, err)
		}
	}
	for _, status := range event.ReportStatuses() {
		if ack, err := courier.js.Publish(context.Background(), event.ReportSubject("pyora", status), []byte("{}")); err != nil || ack.Stream != event.StreamCourier {
			t.Errorf("report %s: got %+v, %v, want it on COURIER", status, ack, err)
		}
	}
	if diff := cmp.Diff([]string{"decision.v1.webshop.1", "decision.v1.webshop.2"}, shop.reads(t, "webshop", 2)); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"dispatch.v1.pyora.kallio", "dispatch.v1.pyora.pasila"}, courier.reads(t, "pyora", 2)); diff != "" {
		t.Errorf("dispatches (-want +got):\n%s", diff)
	}
}

// And nothing else: whatever they publish changes nothing, and they hear nothing
// that is not theirs.
func TestAccountsDenyTheRest(t *testing.T) {
	t.Parallel()
	a := newAccounts(t)
	if _, err := a.js.Publish(context.Background(), "decision.v1.other.1", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	before := a.holds()
	for _, user := range []string{"webshop", "pyora"} {
		p, other := a.partner(user), map[string]string{"webshop": "pyora", "pyora": "webshop"}[user]
		heard := make(chan *nats.Msg, 64)
		inbox, err := p.nc.ChanSubscribe("_INBOX_"+user+".>", heard)
		if err != nil {
			t.Fatal(err)
		}
		reply := "_INBOX_" + user + ".tries"
		tries := hostile(user, other)
		for _, m := range tries {
			if m.Reply == "" {
				m.Reply = reply
			}
			if err := p.nc.PublishMsg(m); err != nil {
				t.Fatal(err)
			}
		}
		foreign := []string{">", "decision.v1.>", "dispatch.v1.>", "orders.>", "courier.>", "_INBOX.>", "_INBOX_" + other + ".>", "$JS.>", "nearlane.>"}
		for _, subject := range foreign {
			if _, err := p.nc.SubscribeSync(subject); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.nc.FlushTimeout(patience); err != nil {
			t.Fatal(err)
		}
		// Their answers, if there were any, come before this one's.
		ownInfo := &nats.Msg{Subject: "nearlane.API.CONSUMER.INFO.DISPATCH." + user, Reply: "_INBOX_" + user + ".last"}
		if err := p.nc.PublishMsg(ownInfo); err != nil {
			t.Fatal(err)
		}
		for last := false; !last; {
			select {
			case m := <-heard:
				nobody := m.Header.Get("Status") == "503" // a status that no courier reports is nobody's
				if last = m.Subject == ownInfo.Reply; !last && !nobody {
					t.Errorf("%s heard %s: %.80s", user, m.Subject, m.Data)
				}
			case <-time.After(patience):
				t.Fatalf("%s: its own durable does not answer", user)
			}
		}
		if got := p.denied.Load(); got < int64(len(foreign)) {
			t.Errorf("%s: %d of %d subscriptions and %d tries were denied", user, got, len(foreign), len(tries))
		}
		_ = inbox.Unsubscribe()
	}
	if diff := cmp.Diff(before, a.holds()); diff != "" {
		t.Errorf("the streams have changed (-before +after):\n%s", diff)
	}
}

// hostile is what a partner may try. Those with a reply of their own want the
// server to publish where they may not.
func hostile(user, other string) (list []*nats.Msg) {
	for _, api := range []string{"$JS.API.", "nearlane.API."} {
		for _, ask := range []string{
			"CONSUMER.CREATE.DISPATCH", "CONSUMER.CREATE.DISPATCH.mine", "CONSUMER.CREATE.DISPATCH." + user + ".decision.v1.>", "CONSUMER.DURABLE.CREATE.DISPATCH.mine",
			"CONSUMER.DELETE.DISPATCH.pyora", "CONSUMER.DELETE.ORDERS.router", "CONSUMER.LIST.DISPATCH", "CONSUMER.NAMES.DISPATCH", "CONSUMER.PAUSE.DISPATCH." + user,
			"CONSUMER.INFO.DISPATCH." + other, "CONSUMER.MSG.NEXT.DISPATCH." + other, "CONSUMER.MSG.NEXT.ORDERS.router",
			"STREAM.INFO.DISPATCH", "STREAM.LIST", "STREAM.NAMES", "STREAM.CREATE.MINE", "STREAM.UPDATE.ORDERS", "STREAM.DELETE.ORDERS", "STREAM.PURGE.REJECTED",
			"STREAM.MSG.DELETE.REJECTED", "STREAM.MSG.GET.DISPATCH", "STREAM.SNAPSHOT.DISPATCH", "DIRECT.GET.DISPATCH", "INFO",
		} {
			list = append(list, &nats.Msg{Subject: api + ask, Data: []byte(`{"stream_name":"DISPATCH","config":{"durable_name":"mine","ack_policy":"explicit"},"seq":1}`)})
		}
	}
	for _, subject := range []string{
		"orders.v1.other.placed", "orders.v1.other.cancelled", "orders.v1.webshop.other", "courier.v1.posti.accepted", "courier.v1.pyora.unheard_of",
		"decision.v1.webshop.1", "dispatch.v1.pyora.kallio", "rejected.v1.webshop.not_json", "retry.due", "fence.v1.router", "$KV.CONFIG.current",
		"$JS.ACK.DISPATCH." + other + ".1.1.1.1.0", "$JS.ACK.ORDERS.router.1.1.1.1.0", "$SYS.REQ.SERVER.PING",
	} {
		list = append(list, &nats.Msg{Subject: subject, Data: []byte("{}")})
	}
	for _, into := range []string{"orders.v1.other.placed", "courier.v1.posti.accepted", "decision.v1.other.1", "retry.due"} {
		list = append(list, &nats.Msg{Subject: "nearlane.API.CONSUMER.INFO.DISPATCH." + user, Reply: into},
			&nats.Msg{Subject: "nearlane.API.CONSUMER.MSG.NEXT.DISPATCH." + user, Reply: into, Data: []byte(`{"batch":1,"no_wait":true}`)})
	}
	return list
}
