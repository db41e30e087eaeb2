package ledger_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
)

func asksFor(n int, claims ...lanes.Claim) []lanes.Ask {
	asks := make([]lanes.Ask, n)
	for i := range asks {
		asks[i] = ask(orderName(i), 0, offer(orderName(i), claims...))
	}
	return asks
}

// The connection dies in the middle of the replies: the calls were executed,
// some answers are lost. They are repeated and everything is counted once.
func TestLostRepliesAreAskedForAgain(t *testing.T) {
	onBoth(t, func(w *world) {
		wire := w.throughWire()
		for i, cut := range []int64{0, 300, 1500} {
			slot := block([]string{"10:00", "11:00", "12:00"}[i], 2, 1000)
			asks := asksFor(100, slot)
			for k := range asks {
				asks[k].Order += []string{"a", "b", "c"}[i]
			}
			wire.cutAfter(cut)
			var settlements []lanes.Settlement
			for k, a := range w.ledger.Reserve(w.ctx, asks) {
				if a.Err != nil || string(a.Body) != orderName(k) {
					t.Fatalf("cut after %d bytes: answer %d: got %+v, want its own body", cut, k, a)
				}
				settlements = append(settlements, decision(asks[k].Order, uint64(k+1), a.Epoch, slot))
			}
			w.checkSlot(slot.Slot, 200)

			wire.cutAfter(cut)
			for k, err := range w.ledger.Settle(w.ctx, settlements) {
				if err != nil {
					t.Fatalf("cut after %d bytes: settlement %d: %v", cut, k, err)
				}
			}
			w.checkSlot(slot.Slot, 200)
		}
		if got := wire.cuts.Load(); got != 6 {
			t.Errorf("cuts: got %d, want 6", got)
		}
		if got := w.metric("nearlane_ledger_repeats_total", ""); got < 6 {
			t.Errorf("repeats: got %v, want at least one per cut", got)
		}
	})
}

// throughWire opens another ledger on the same server, behind a wire.
func (w *world) throughWire() *wire {
	w.Helper()
	wire := newWire(w, strings.TrimPrefix(w.url(), "redis://"))
	opts := ledger.Options{URL: wire.url()}
	if w.embedded != nil {
		opts.History = w.embedded.History()
	}
	w.open(opts)
	return wire
}

func (w *world) checkSlot(slot string, want int64) {
	w.Helper()
	got, err := w.ledger.Counts(w.ctx, region, []string{slot, "no such slot"})
	if err != nil || got[0] != want || got[1] != 0 {
		w.Errorf("counts: got %v, %v, want [%d 0]", got, err, want)
	}
}

func TestForgottenScriptsAreLoadedAgain(t *testing.T) {
	onBoth(t, func(w *world) {
		for range 2 {
			if err := w.raw.ScriptFlush(w.ctx).Err(); err != nil {
				t.Fatalf("flush scripts: %v", err)
			}
			for _, a := range w.ledger.Reserve(w.ctx, asksFor(300, block("10:00", 1, 300))) {
				if a.Err != nil || a.Body == nil {
					t.Fatalf("got %+v, want a body", a)
				}
			}
		}
		w.checkSlot(morning.Slot, 300)
	})
}

func TestCanceledCallsLeaveTheOutcomeUnknown(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx, cancel := context.WithCancel(w.ctx)
		cancel()
		wantError(t, w.ledger.Reserve(ctx, asksFor(1, morning))[0].Err, context.Canceled)
		wantError(t, w.ledger.Settle(ctx, []lanes.Settlement{decision(order, 5, "")})[0], context.Canceled)
	})
}

// A restarted server may have lost its tail even where its data came back: it
// is another history, and nothing is reserved before a rebuild (E1).
func TestRestartIsAnotherHistory(t *testing.T) {
	t.Parallel()
	w := newProcessWorld(t)
	w.rebuild()
	before := w.granted(ask(order, 0, offer("body", morning)))
	w.process.Restart()

	w.wantStatus(w.reserve(ask(orderName(2), 0, offer("body", morning))), lanes.Rebuild)
	w.wantSlots(map[string]int64{morning.Slot: 1})
	w.settle(decision(order, 5, before.Epoch, morning)) // settles go on
	if !w.hold(order).Listed {
		t.Error("settled under an epoch of another history: got no verify mark")
	}
	if got := w.metric("nearlane_ledger_histories_total", ""); got != 1 {
		t.Errorf("histories: got %v, want 1", got)
	}
	w.rebuild()
	after := w.granted(ask(orderName(2), 0, offer("body", morning)))
	if before.Epoch == after.Epoch {
		t.Errorf("epoch: got %q before and after", after.Epoch)
	}
	w.checkCounters()
}

// A token written before a restart is worth nothing after it (E4).
func TestRestartDuringRebuild(t *testing.T) {
	t.Parallel()
	w := newProcessWorld(t)
	token := ledger.NewToken("router-1")
	w.begin(token)
	w.process.Restart()
	errs := w.ledger.Settle(w.ctx, []lanes.Settlement{with(token, decision(order, 5, "", morning))})
	wantError(t, errs[0], ledger.ErrTokenGone)
	if w.end(token, 30) {
		t.Error("end after a restart: got done")
	}
	w.rebuild()
}

// A promotion begins a new history without dropping a connection. Whoever
// rebuilds asks the server itself, or two auditors would take each other's
// epoch away for ever.
func TestPromotionIsAnotherHistory(t *testing.T) {
	t.Parallel()
	w := newProcessWorld(t)
	w.rebuild()
	for _, host := range [][2]string{{"127.0.0.1", "1"}, {"NO", "ONE"}} {
		if err := w.raw.ReplicaOf(w.ctx, host[0], host[1]).Err(); err != nil {
			t.Fatalf("replica of %v: %v", host, err)
		}
	}
	w.rebuild()
	if w.begin(ledger.NewToken("router-2")) {
		t.Error("begin after the rebuild: got needed")
	}
	w.granted(ask(order, 0, offer("body", morning)))
}

func TestServerGoneIsAnErrorAndComesBack(t *testing.T) {
	t.Parallel()
	w := newProcessWorld(t)
	w.process.Kill()
	if a := w.ledger.Reserve(w.ctx, asksFor(1, morning))[0]; a.Err == nil {
		t.Errorf("reserve without a server: got %+v, want an error", a)
	}
	wantError(t, w.ledger.Ping(w.ctx), ledger.ErrUnreachable)
	w.process.Start()
	if err := w.ledger.Ping(w.ctx); err != nil {
		t.Errorf("ping after its return: %v", err)
	}
	w.rebuild()
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	evicting := startProcess(t, "--maxmemory-policy", "allkeys-lru")
	locked := startProcess(t, "--requirepass", "secret")
	for name, c := range map[string]struct {
		url  string
		want error
	}{
		"evicting":    {evicting.URL(), ledger.ErrUnsafe},
		"no password": {locked.URL(), ledger.ErrUnreachable},
		"no server":   {"redis://" + unused(t), ledger.ErrUnreachable},
	} {
		_, err := ledger.Open(context.Background(), ledger.Options{URL: c.url, Now: time.Now})
		wantError(t, err, c.want)
		t.Logf("%s: %v", name, err)
	}
	for _, url := range []string{"http://:secret@x", "redis://:secret@x:port"} {
		_, err := ledger.Open(context.Background(), ledger.Options{URL: url, Now: time.Now})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want an error without the password", url, err)
		}
	}
}

// A cluster node refuses a call whose keys lie in several hash slots, those
// that are only named by the hold included.
func TestOnAClusterNode(t *testing.T) {
	t.Parallel()
	w := newClusterWorld(t)
	w.rebuild()
	a := w.granted(ask(order, 0, offer("body", morning, grams)))
	w.settle(decision(order, 5, a.Epoch, morning, grams))
	w.granted(ask(order, 5, offer("again", evening)))
	w.settle(decision(order, 9, a.Epoch))
	w.wantSlots(map[string]int64{})
	w.checkCounters()
}

// unused is an address where nobody listens.
func unused(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("pick a port: %v", err)
	}
	defer l.Close()
	return l.Addr().String()
}
