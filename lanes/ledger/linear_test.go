package ledger_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
)

const (
	linearSlots   = 2
	linearClients = 3
	linearCalls   = 9 // of each client
	linearBudget  = 10 * time.Minute
)

// decided is one decision of an order's journal: what settles it is the same
// whoever does it.
type decided struct {
	seq   uint64
	units int64
}

// recorder runs one history: clients that reserve, settle and release the same
// orders at once, each over a connection of its own that is cut now and then.
type recorder struct {
	*world
	number int // of the history: it has slots and orders of its own
	began  time.Time

	mu      sync.Mutex
	history []porcupine.Operation
	journal [linearSlots][ordersPerSlot][]decided
	seq     uint64
}

// Every history of concurrent calls is one that a ledger could have answered
// that makes one call after the other, lost replies, given-up calls and killed
// servers included. SEED repeats one history.
func TestLedgerIsLinearizable(t *testing.T) {
	t.Parallel()
	first, histories := uint64(time.Now().UnixNano()), uint64(25)
	if text := os.Getenv("SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("SEED: %v", err)
		}
		first, histories = seed, 1
	}
	t.Logf("SEED=%d and the %d after it", first, histories-1)
	for name, make := range map[string]func(testing.TB) *world{
		"redis-server": newProcessWorld, "in-process": newEmbeddedWorld,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := make(t)
			w.rebuild()
			unknown, calls := 0, 0
			for seed := first; seed < first+histories; seed++ {
				r := &recorder{world: w, number: int(seed - first), began: time.Now()}
				r.run(seed, w.process != nil && seed%5 == 0)
				switch porcupine.CheckOperationsTimeout(linearModel, r.history, linearBudget) {
				case porcupine.Illegal:
					t.Errorf("SEED=%d: not linearizable:\n%s", seed, r)
				case porcupine.Unknown:
					t.Errorf("SEED=%d: undecided after %v", seed, linearBudget)
				}
				calls += len(r.history)
				for _, o := range r.history {
					if o.Output.(answer).unknown {
						unknown++
					}
				}
				w.checkCounters()
			}
			t.Logf("%d calls, %d of them with an unknown outcome", calls, unknown)
		})
	}
}

// run makes a history. If the server is to be killed, that happens halfway;
// it loses nothing, but its epoch counts for nothing until a rebuild (E1).
func (r *recorder) run(seed uint64, kill bool) {
	r.Helper()
	var half, all sync.WaitGroup
	half.Add(linearClients)
	for id := range linearClients {
		l, wire := r.another()
		random := rand.New(rand.NewPCG(seed, uint64(id)))
		all.Go(func() {
			defer l.Close()
			for n := range linearCalls {
				if n == linearCalls/2 {
					half.Done()
				}
				if random.IntN(4) == 0 {
					wire.cutAfter(int64(random.IntN(30)))
				}
				r.call(l, id, random)
			}
		})
	}
	if kill {
		half.Wait()
		r.process.Restart()
		r.rebuild()
	}
	all.Wait()
}

// another is a ledger of one client's own, behind a wire.
func (r *recorder) another() (*ledger.Ledger, *wire) {
	r.Helper()
	wire := newWire(r, strings.TrimPrefix(r.url(), "redis://"))
	opts := ledger.Options{URL: wire.url(), Now: r.clock, Grace: grace, ReplyWait: 5 * time.Minute}
	if r.embedded != nil {
		opts.History = r.embedded.History()
	}
	l, err := ledger.Open(r.ctx, opts)
	if err != nil {
		r.Fatalf("open: %v", err)
	}
	return l, wire
}

// call makes one random call and records it.
func (r *recorder) call(l *ledger.Ledger, client int, random *rand.Rand) {
	op := r.next(random)
	ctx, cancel := context.WithTimeout(r.ctx, 5*time.Minute)
	if random.IntN(12) == 0 { // gives up at some moment
		ctx, cancel = context.WithTimeout(r.ctx, time.Duration(random.IntN(400))*time.Microsecond)
	}
	defer cancel()
	called := time.Since(r.began).Nanoseconds()
	got, ok := r.make(ctx, l, op)
	returned := time.Since(r.began).Nanoseconds()
	if !ok {
		return // a count that failed says nothing
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if got.status == lanes.Behind {
		// It may have been granted before, the reply lost, and taken back by
		// the time it was asked again: a call of unknown outcome, but over.
		r.history = append(r.history, porcupine.Operation{ClientId: client, Input: op, Call: called, Output: answer{unknown: true}, Return: returned})
	}
	if got.unknown {
		returned = math.MaxInt64 // it may yet arrive
	}
	r.history = append(r.history, porcupine.Operation{ClientId: client, Input: op, Call: called, Output: got, Return: returned})
}

// next draws an operation: attempts on the last decision or an older one, new
// decisions with and without claims, and settles that come late.
func (r *recorder) next(random *rand.Rand) operation {
	r.mu.Lock()
	defer r.mu.Unlock()
	op := operation{slot: random.IntN(linearSlots), order: random.IntN(ordersPerSlot), units: 1}
	journal := &r.journal[op.slot][op.order]
	switch draw := random.IntN(10); {
	case draw < 4:
		op.kind = "reserve"
		if n := len(*journal); n > 0 && random.IntN(4) > 0 {
			op.seq = (*journal)[n-1].seq
		}
	case draw < 8:
		r.seq++
		d := decided{r.seq, int64(random.IntN(2))}
		*journal = append(*journal, d)
		op.kind, op.seq, op.units = "settle", d.seq, d.units
	case draw < 9 && len(*journal) > 0:
		d := (*journal)[random.IntN(len(*journal))]
		op.kind, op.seq, op.units = "settle", d.seq, d.units
	default:
		op.kind, op.order, op.units = "count", 0, 0
	}
	return op
}

func (r *recorder) make(ctx context.Context, l *ledger.Ledger, op operation) (got answer, ok bool) {
	slot := block(fmt.Sprintf("1%d:%02d", op.slot, r.number), op.units, slotLimit)
	name := orderName((r.number*linearSlots+op.slot)*ordersPerSlot + op.order)
	switch op.kind {
	case "reserve":
		a := l.Reserve(ctx, []lanes.Ask{ask(name, op.seq, offer("body", slot))})[0]
		if a.Err != nil || a.Status == lanes.Rebuild { // on an earlier try it may have been granted
			return answer{unknown: true}, true
		}
		return answer{status: a.Status, behind: a.Seq}, true
	case "settle":
		s := decision(name, op.seq, "")
		if op.units > 0 {
			s = decision(name, op.seq, "", slot)
		}
		return answer{unknown: l.Settle(ctx, []lanes.Settlement{s})[0] != nil}, true
	}
	counts, err := l.Counts(ctx, region, []string{slot.Slot})
	if err != nil {
		return answer{}, false
	}
	return answer{count: counts[0]}, true
}

func (r *recorder) String() string {
	var b strings.Builder
	for _, o := range r.history {
		fmt.Fprintf(&b, "client %d, %d to %d: %s\n", o.ClientId, o.Call, o.Return, linearModel.DescribeOperation(o.Input, o.Output))
	}
	return b.String()
}

// The check can fail: each of these histories breaks one rule.
func TestLinearModelRefuses(t *testing.T) {
	t.Parallel()
	reserve := func(order int, seq uint64) operation {
		return operation{kind: "reserve", order: order, seq: seq, units: 1}
	}
	settle := func(order int, seq uint64, units int64) operation {
		return operation{kind: "settle", order: order, seq: seq, units: units}
	}
	granted := answer{status: lanes.Granted}
	for _, tt := range []struct {
		name    string
		calls   []operation
		answers []answer
	}{
		{"one too many", []operation{reserve(0, 0), reserve(1, 0), reserve(2, 0)}, []answer{granted, granted, granted}},
		{"granted twice", []operation{reserve(0, 0), reserve(0, 0)}, []answer{granted, granted}},
		{"basis not settled", []operation{reserve(0, 4)}, []answer{granted}},
		{"behind", []operation{settle(0, 5, 1), reserve(0, 0)}, []answer{{}, granted}},
		{"late settle counts", []operation{settle(0, 5, 0), settle(0, 4, 1), {kind: "count"}}, []answer{{}, {}, {count: 1}}},
		{"open part stays", []operation{reserve(0, 0), settle(0, 4, 1), {kind: "count"}}, []answer{granted, {}, {count: 2}}},
		{"full beside room", []operation{reserve(0, 0)}, []answer{{status: lanes.Full}}},
	} {
		var history []porcupine.Operation
		for i, op := range tt.calls {
			history = append(history, porcupine.Operation{Input: op, Output: tt.answers[i], Call: int64(2 * i), Return: int64(2*i + 1)})
		}
		if porcupine.CheckOperations(linearModel, history) {
			t.Errorf("%s: got linearizable, want not", tt.name)
		}
	}
}
