package faults

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
)

// round is one world, its traffic and its faults.
type round struct {
	*world
	seed    uint64
	faults  []fault
	known   *known
	courier *courier
	began   time.Time
}

func newRound(t testing.TB, seed uint64) *round {
	t.Helper()
	s, faults := plan(seed)
	t.Logf("seed %d: %d nats, redis with AOF: %t; `FAULTS_SEED=%d FAULTS_ROUNDS=1 make faults` plays it again", seed, s.nodes, s.appendOnly, seed)
	for _, f := range faults {
		t.Log(f)
	}
	w := newWorld(t, s)
	k := newKnown(w.now)
	return &round{world: w, seed: seed, faults: faults, known: k,
		courier: &courier{w: w, seed: seed, conn: w.dial("courier"), k: k}}
}

// play lets the storm pass, waits until everything is answered, and judges.
func (r *round) play() {
	r.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var all, traffic sync.WaitGroup
	all.Go(func() { r.courier.run(ctx) })
	defer all.Wait()
	defer cancel()
	r.began = time.Now()
	for i := range publishers {
		conn, list := r.dial(fmt.Sprintf("publisher %d", i)), script(r.seed, i)
		traffic.Go(func() { r.publish(conn, list, r.known) })
	}
	r.suffer()
	r.heal()
	traffic.Wait()
	r.probe(ctx)
	over := time.Now()
	a := r.quiesce()
	took := time.Since(over)
	r.judge(a, took)
}

// suffer makes every fault begin and end at its time.
func (r *round) suffer() {
	var all sync.WaitGroup
	for _, f := range r.faults {
		all.Go(func() {
			begin, end := r.acts(f)
			<-time.After(time.Until(r.began.Add(f.at)))
			begin()
			<-time.After(f.lasts)
			end()
		})
	}
	all.Wait()
}

// acts are how a fault begins and how it ends.
func (r *round) acts(f fault) (begin, end func()) {
	over := func() {}
	router, node, toNATS, toRedis := r.routers[f.router], r.nodes[f.node], r.toNATS[f.router][f.node], r.toRedis[f.router]
	switch f.kind {
	case killRouter:
		return router.kill, router.start
	case freezeRouter:
		return router.freeze, router.thaw
	case wrongRedis:
		return func() { r.restartOn(f.router, 1) }, func() { r.restartOn(f.router, 0) }
	case killNode:
		return node.kill, node.start
	case freezeNode:
		return node.freeze, node.thaw
	case killLeader:
		return r.underReaders(f.node, (*process).kill, (*process).start)
	case freezeLeader:
		return r.underReaders(f.node, (*process).freeze, (*process).thaw)
	case killAllNodes:
		return func() { each(r.nodes, (*process).kill) }, func() { each(r.nodes, (*process).start) }
	case killRedis:
		return r.redis.kill, r.redis.start
	case freezeRedis:
		return r.redis.freeze, r.redis.thaw
	case wipeRedis:
		return r.wipe, over
	case cutNATS:
		return func() { each(r.toNATS[f.router], func(l *link) { l.cut(f.bytes) }) }, over
	case cutRedis:
		return func() { toRedis.cut(f.bytes) }, over
	case holeNATS:
		return toNATS.blackhole, toNATS.mend
	case holeRedis:
		return toRedis.blackhole, toRedis.mend
	case slowNATS:
		all := r.toNATS[f.router]
		return func() { each(all, func(l *link) { l.slow(f.delay) }) }, func() { each(all, (*link).mend) }
	case slowRedis:
		return func() { toRedis.slow(f.delay) }, toRedis.mend
	case fullJournal:
		return r.fillJournal, r.emptyJournal
	case fullDisk:
		return func() { r.fillDisk(f.node) }, func() { r.freeDisk(f.node) }
	case damageBlocks:
		h := r.harm(f.node)
		return h.begin, h.end
	case deleteDurable:
		return r.deleteDurable, over
	case renameRegion:
		return func() { r.rename(f.router) }, func() { r.nameBack(f.router) }
	}
	panic("no such fault: " + string(f.kind))
}

// heal ends whatever still lasts: faults overlap, so that one may have ended
// another's.
func (r *round) heal() {
	for _, links := range r.toNATS {
		each(links, (*link).mend)
	}
	each(r.toRedis, (*link).mend)
	for _, p := range append(append([]*process{r.redis}, r.nodes...), r.routers...) {
		p.thaw()
		p.start()
	}
	for i, n := range r.nodes { // another fault may have started it again while its disk was full
		if n.said("no space left") {
			r.freeDisk(i)
		}
	}
	if err := eventually(patience, retryEvery, func() error { return r.limitJournal(roomy) }); err != nil {
		r.Errorf("make room in the journal: %v", err)
	}
}

func each[T any](list []T, do func(T)) {
	for _, one := range list {
		do(one)
	}
}

// probe publishes a few orders for every level after the storm: a loss of
// Redis is noticed by the next reservation, so there has to be one.
func (r *round) probe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var list []sending
	for i := range 5 {
		for _, level := range levels {
			id := fmt.Sprintf("s%d-after-%s-%d", r.seed, level, i)
			list = append(list, sending{order(id, level), func(k *known) { k.placed(key(id)) }})
		}
	}
	r.send(ctx, r.dial("probe"), list, r.known)
}

// quiesce waits until every message is answered, the courier has nothing left
// to report, and Redis is what the journal refolds to.
func (r *round) quiesce() *account {
	r.Helper()
	var a *account
	err := eventually(patience, retryEvery, func() (err error) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*asked) // it reads the whole journal
		defer cancel()
		if err := r.answered(ctx); err != nil {
			return err
		}
		if a, err = r.read(ctx); err != nil {
			return err
		}
		if through := r.courier.through(); through < a.Through() {
			return fmt.Errorf("the courier has answered through %d of %d", through, a.Through())
		}
		if err := a.unanswered(r.now()); err != nil {
			return err
		}
		if err := r.answered(ctx); err != nil {
			return err
		}
		return r.compare(ctx, a)
	})
	if err != nil {
		r.Errorf("not quiet %v after the last fault: %v", patience, err)
		for _, p := range r.routers {
			r.Logf("%s ends with:\n%s", p.name, p.tail())
		}
	}
	return a
}

// answered is nil once the durables have an answer to every message.
func (r *round) answered(ctx context.Context) error {
	for _, name := range []string{event.StreamOrders, event.StreamCourier, event.StreamRetry} {
		info, err := r.durable(ctx, name)
		if err != nil {
			return fmt.Errorf("durable of %s: %w", name, err)
		}
		if info.NumPending > 0 || info.NumAckPending > 0 {
			return fmt.Errorf("%s has %d messages left and %d in hand", name, info.NumPending, info.NumAckPending)
		}
	}
	return nil
}

func (r *round) durable(ctx context.Context, name string) (*jetstream.ConsumerInfo, error) {
	c, err := r.js.Consumer(ctx, name, app.Durable)
	if err != nil {
		return nil, err
	}
	return c.CachedInfo(), nil
}

// judge says what the round came to.
func (r *round) judge(a *account, took time.Duration) {
	r.Helper()
	for _, p := range append(append([]*process{r.redis}, r.nodes...), r.routers...) {
		p.healthy()
	}
	if a == nil {
		return
	}
	broken := a.judge(r.known)
	if len(broken) > 0 {
		r.Errorf("%d promises broken:\n%s", len(broken), strings.Join(broken[:min(len(broken), 20)], "\n"))
	}
	var repeats uint64
	for _, name := range []string{event.StreamOrders, event.StreamCourier} {
		ctx, cancel := context.WithTimeout(context.Background(), asked)
		if info, err := r.durable(ctx, name); err == nil {
			repeats += info.Delivered.Consumer - min(info.Delivered.Consumer, info.Delivered.Stream)
		}
		cancel()
	}
	r.Logf("seed %d: %d faults, %d orders, %d cancellations, %d reports acknowledged, %d publishes without an answer",
		r.seed, len(r.faults), len(r.known.orders), len(r.known.cancelled), len(r.known.reports), r.known.unknown)
	waits := a.waits(r.known)
	r.Logf("seed %d: orders waited %.2f s for their decision in the middle, %.1f s of 100 one, %.1f s at most", r.seed,
		waits[len(waits)/2].Seconds(), waits[len(waits)*99/100].Seconds(), waits[len(waits)-1].Seconds())
	r.Logf("seed %d: outcomes %v, %d later decisions, %d messages delivered again, %d rebuilds of a region, %d strays, quiet after %.1f s, %s",
		r.seed, a.Outcomes, a.redone, repeats, a.rebuilds, a.strays, took.Seconds(), r.repairs())
}

// repairs sums what the auditors of the routers that run now had to do.
func (r *round) repairs() string {
	var sums [4]float64
	names := [4]string{"heals", "voids", "renewals", "redriven"}
	for i, at := range r.metrics {
		resp, err := http.Get("http://" + at + "/metrics")
		if err != nil {
			r.Logf("%s is still starting: %v\n%s", r.routers[i].name, err, r.routers[i].tail())
			continue
		}
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			for j, name := range names {
				if text, ok := strings.CutPrefix(lines.Text(), "nearlane_audit_"+name+"_total "); ok {
					n, _ := strconv.ParseFloat(text, 64)
					sums[j] += n
				}
			}
		}
		resp.Body.Close()
	}
	var said []string
	for i, name := range names {
		said = append(said, fmt.Sprintf("%.0f %s", sums[i], name))
	}
	return strings.Join(said, ", ")
}
