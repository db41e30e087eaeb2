package stream_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

var durables = map[string]string{event.StreamOrders: "router", event.StreamCourier: "router", event.StreamRetry: "router", event.StreamDispatch: "auditor"}

// mended starts servers, so many, and connects without making streams.
func mended(t *testing.T, nodes int) (*stream.Conn, jetstream.JetStream, stream.Settings) {
	t.Helper()
	if nodes == 1 {
		srv, err := embedded.NATS(embedded.NATSOptions{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(srv.Shutdown)
		return connect(t, stream.Options{URL: srv.URL()}), admin(t, srv.URL()), stream.Settings{}
	}
	cluster, err := embedded.Cluster(t.TempDir(), nodes)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Shutdown)
	return connect(t, stream.Options{URL: cluster.URL()}), admin(t, cluster.URL()), stream.Settings{Replicas: nodes}
}

func differing(t *testing.T, c *stream.Conn, s stream.Settings) (list []string) {
	t.Helper()
	parts, err := c.Parts(t.Context(), s, durables)
	if err != nil {
		t.Fatal(err)
	}
	for i := range parts {
		if parts[i].Missing {
			list = append(list, parts[i].Name+": missing")
			continue
		}
		for _, one := range parts[i].Settings {
			if one.Differs() {
				list = append(list, parts[i].Name+": "+one.Name)
			}
		}
	}
	return list
}

func apply(t *testing.T, c *stream.Conn, s stream.Settings, drop bool) map[string]error {
	t.Helper()
	told := map[string]error{}
	if err := c.Apply(t.Context(), s, durables, drop, func(p stream.Part, err error) { told[p.Name] = err }); err != nil {
		t.Fatal(err)
	}
	return told
}

// What is missing is made; what differs is changed, and nothing else, nor what
// stands there; a second time nothing is left to do.
func TestApply(t *testing.T) {
	t.Parallel()
	for name, nodes := range map[string]int{"R1": 1, "R3": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, js, s := mended(t, nodes)
			if got := differing(t, c, s); len(got) != 11 {
				t.Errorf("without any: got %q, want 7 streams and 4 durables missing", got)
			}
			for name, err := range apply(t, c, s, false) {
				if err != nil {
					t.Errorf("make %s: %v", name, err)
				}
			}
			if got := differing(t, c, s); got != nil {
				t.Errorf("made: got %q, want nothing that differs", got)
			}
			before := downgrade(t, js)
			want := []string{"ORDERS: max_msgs_per_subject", "ORDERS: discard_new_per_subject", "ORDERS: max_msg_size", "ORDERS: allow_direct", "ORDERS durable router: ack_wait"}
			if diff := cmp.Diff(want, sortedLike(want, differing(t, c, s))); diff != "" {
				t.Errorf("an older installation (-want +got):\n%s", diff)
			}
			if got := apply(t, c, s, false); len(got) != 2 || got["ORDERS"] != nil || got["ORDERS durable router"] != nil {
				t.Errorf("apply: got %v, want ORDERS and its durable done", got)
			}
			if got := differing(t, c, s); got != nil {
				t.Errorf("applied: got %q, want nothing that differs", got)
			}
			after := config(t, js, event.StreamOrders)
			if after.Description != before.Description || after.MaxBytes != before.MaxBytes || after.Compression != before.Compression {
				t.Errorf("what is the operator's: got %q, %d, %v, want it as it was", after.Description, after.MaxBytes, after.Compression)
			}
			if err := c.Ensure(t.Context(), s); err != nil {
				t.Errorf("ensure: %v", err)
			}
		})
	}
}

// downgrade makes ORDERS as an earlier version made it, and an operator left it.
func downgrade(t *testing.T, js jetstream.JetStream) jetstream.StreamConfig {
	t.Helper()
	cfg := config(t, js, event.StreamOrders)
	cfg.MaxMsgsPerSubject, cfg.DiscardNewPerSubject, cfg.MaxMsgSize, cfg.AllowDirect = -1, false, -1, true
	cfg.Description, cfg.MaxBytes, cfg.Compression = "ours", 5<<20, jetstream.S2Compression
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	cons, err := js.Consumer(t.Context(), event.StreamOrders, "router")
	if err != nil {
		t.Fatal(err)
	}
	durable := cons.CachedInfo().Config
	durable.AckWait = time.Minute
	if _, err := js.UpdateConsumer(t.Context(), event.StreamOrders, durable); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func config(t *testing.T, js jetstream.JetStream, name string) jetstream.StreamConfig {
	t.Helper()
	s, err := js.Stream(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().Config
}

// sortedLike puts got into the order of want, as far as it has the same.
func sortedLike(want, got []string) (list []string) {
	have := map[string]bool{}
	for _, one := range got {
		have[one] = true
	}
	for _, one := range want {
		if have[one] {
			list = append(list, one)
			delete(have, one)
		}
	}
	for one := range have {
		list = append(list, one)
	}
	return list
}

// A change with which the server would remove messages is told with figures, and
// made only if that is wanted.
func TestApplyRemovesNothingUnasked(t *testing.T) {
	t.Parallel()
	c, js, s := mended(t, 1)
	apply(t, c, s, false)
	for range 5 {
		if _, err := js.Publish(t.Context(), "orders.v1.shop-b.placed", []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	s.ChannelQuota = 3
	if got := apply(t, c, s, false)["ORDERS"]; !errors.Is(got, stream.ErrWouldDrop) {
		t.Errorf("a quota below what stands: got %v, want %v", got, stream.ErrWouldDrop)
	}
	parts, err := c.Parts(t.Context(), s, durables)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range parts[0].Settings {
		if one.Name == "max_msgs_per_subject" && (one.Drops != 2 || !strings.Contains(one.Why, "orders.v1.shop-b.placed holds 5")) {
			t.Errorf("got %d, %q, want the 2 of shop-b", one.Drops, one.Why)
		}
	}
	if got := messages(t, js); got != 5 {
		t.Errorf("got %d messages left, want all 5", got)
	}
	if got := apply(t, c, s, true)["ORDERS"]; got != nil {
		t.Errorf("wanted: got %v", got)
	}
	if got := messages(t, js); got != 3 {
		t.Errorf("got %d messages left, want the 3 of the quota", got)
	}
}

func messages(t *testing.T, js jetstream.JetStream) uint64 {
	t.Helper()
	s, err := js.Stream(t.Context(), event.StreamOrders)
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

// What the server never changes is named, and the rest of the stream is changed.
func TestApplyNamesWhatIsByHand(t *testing.T) {
	t.Parallel()
	c, js, s := mended(t, 1)
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: event.StreamOrders, Storage: jetstream.MemoryStorage,
		Retention: jetstream.WorkQueuePolicy, AllowMsgTTL: true, Subjects: []string{"orders.>"}}); err != nil {
		t.Fatal(err)
	}
	if got := apply(t, c, s, false)["ORDERS"]; got != nil {
		t.Errorf("apply: got %v", got)
	}
	want := []string{"ORDERS: retention", "ORDERS: storage", "ORDERS: allow_msg_ttl", "ORDERS: max_bytes"}
	if diff := cmp.Diff(want, sortedLike(want, differing(t, c, s))); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	parts, err := c.Parts(t.Context(), s, durables)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range parts[0].Settings {
		if one.Differs() != (one.ByHand != "") {
			t.Errorf("%s: got %q, want what to do where it differs", one.Name, one.ByHand)
		}
	}
}

// One channel that has used up its quota is refused, and nobody else; so is one
// message that is too large.
func TestQuotaIsOfOneChannel(t *testing.T) {
	t.Parallel()
	for name, nodes := range map[string]int{"R1": 1, "R3": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _, s := mended(t, nodes)
			s.ChannelQuota = 2
			apply(t, c, s, false)
			var got []error
			p := c.Publisher(func(_ stream.Outgoing, o stream.Outcome) { got = append(got, o.Err) })
			for i, channel := range []string{"a", "a", "a", "b"} {
				if err := p.Send(t.Context(), stream.Outgoing{Subject: event.PlacedSubject(channel), Data: fmt.Append(nil, i)}); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got[0] != nil || got[1] != nil || !errors.Is(got[2], event.ErrQuota) || !errors.Is(got[2], event.ErrFull) || got[3] != nil {
				t.Errorf("got %v, want the third refused for its quota", got)
			}
			loads, err := c.Loads(context.Background(), durables)
			if err != nil {
				t.Fatal(err)
			}
			if l := loads[0]; l.Fullest != "orders.v1.a.placed" || l.FullestHolds != 2 || l.Quota != 2 || l.Consumers != 1 {
				t.Errorf("load: got %+v", l)
			}
		})
	}
}

// Whatever is compared can be put right, or somebody is told how.
func TestEveryDifferenceHasARemedy(t *testing.T) {
	t.Parallel()
	c, js, s := mended(t, 1)
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "ELSEWHERE", Subjects: []string{"elsewhere"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: event.StreamDispatch, Subjects: []string{"dispatch.v1.*.*", "more"},
		Retention: jetstream.InterestPolicy, MaxMsgs: 17, MaxMsgsPerSubject: 3, MaxMsgSize: 4096, MaxAge: 72 * time.Hour, NoAck: true, AllowRollup: true, AllowDirect: true,
		Sources: []*jetstream.StreamSource{{Name: "ELSEWHERE"}}, SubjectTransform: &jetstream.SubjectTransformConfig{Source: "more", Destination: "less"}}); err != nil {
		t.Fatal(err)
	}
	if got := differing(t, c, s); len(got) < 14 {
		t.Errorf("before: got %q, want nearly all of DISPATCH", got)
	}
	for name, err := range apply(t, c, s, false) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := differing(t, c, s); got != nil {
		t.Errorf("applied: got %q, want nothing left", got)
	}
}

// A message larger than ORDERS takes, though not than the server, is refused for
// that, and none behind it.
func TestLargestOrder(t *testing.T) {
	t.Parallel()
	c, js, s := mended(t, 1)
	apply(t, c, s, false)
	cfg := config(t, js, event.StreamOrders)
	if cfg.MaxMsgSize != stream.LargestOrder {
		t.Fatalf("max_msg_size: got %d, want %d", cfg.MaxMsgSize, stream.LargestOrder)
	}
	cfg.MaxMsgSize = 1000
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	var got []error
	p := c.Publisher(func(_ stream.Outgoing, o stream.Outcome) { got = append(got, o.Err) })
	for _, size := range []int{2000, 10} {
		if err := p.Send(t.Context(), outgoing("large", size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var refusal *event.Refusal
	if !errors.As(got[0], &refusal) || refusal.Code != event.CodeTooLarge || got[1] != nil {
		t.Errorf("got %v, want the first too large", got)
	}
}
