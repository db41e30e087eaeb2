package pace

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// journals fills one journal further and further, and measures what its length
// costs: a new order, the servers, and whoever has to read all of it.
func journals(t *testing.T, s size) []growth {
	const x = "orders in the journal"
	pace := growth{slug: "length", name: "Orders per second", x: x, unit: "orders per second", lines: make([]line, 1)}
	refold := growth{slug: "refold", name: "Refolding the journal", x: x, unit: "ms", lines: []line{{each: "order"}}}
	ready := growth{slug: "ready", name: "Until a router is ready", x: x, unit: "ms",
		lines: []line{{name: "Redis lost everything", each: "order"}, {name: "Redis kept everything"}}}
	audit := growth{slug: "audit", name: "Auditing all orders", x: x, unit: "ms", lines: []line{{each: "order"}}}
	waker := growth{slug: "waker", name: "Until a waker knows who waits", x: x, unit: "ms", lines: []line{{each: "order"}}}
	memory := growth{slug: "servers", name: "Memory of the servers", x: x, unit: "MB", lines: []line{{name: "NATS"}, {name: "Redis"}}}
	w := newWorld(t, mode{mix: "coordinates"})
	defer w.close()
	filled := 0
	grow := func(n int) turn {
		w.send(n, func(i int) stream.Outgoing { _, m := w.mix.outgoing(filled + i); return m })
		filled += n
		return w.route(n, nil, nil)
	}
	steps := s.steps(60, 600, 6_000, 60_000)
	for _, n := range steps {
		grow(n - filled)
		memory.add(n, w.nodes[0].resident(), w.redis.resident())
		refold.add(n, s.typical(func() float64 { return millis(w.refold) }))
		audit.add(n, s.typical(func() float64 { return millis(w.audit) }))
		waker.add(n, s.typical(func() float64 { k := w.waker(filled); k.stop(); return k.took }))
		kept := s.typical(func() float64 { return millis(func() { w.enter("again") }) })
		ready.add(n, s.typical(func() float64 { return millis(func() { w.wipe(); w.enter("again") }) }), kept)
		pace.add(n, s.typical(func() float64 { return grow(steps[0]).perSecond() }))
	}
	stored := func(name string) uint64 { return w.state(name).Bytes / uint64(filled) }
	memory.says = fmt.Sprintf("an order is %d bytes on disk of ORDERS, %d of DISPATCH", stored(event.StreamOrders), stored(event.StreamDispatch))
	for _, l := range memory.lines {
		memory.says += fmt.Sprintf(", %.0f in the memory of %s", 1e6*l.slope(), l.name)
	}
	return []growth{pace, refold, ready, audit, waker, memory}
}

// slope is how much more there is for one more, from the first point to the
// last.
func (l line) slope() float64 {
	first, last := l.points[0], l.points[len(l.points)-1]
	return (last.y - first.y) / max(last.x-first.x, 1)
}

// refold reads and checks the whole journal.
func (w *world) refold() {
	w.Helper()
	if err := w.conn.Read(context.Background(), event.StreamDispatch, 1, 0, router.NewRefold().Add); err != nil {
		w.Fatalf("refold: %v", err)
	}
}

// audit is what `nearlane audit` does.
func (w *world) audit() {
	w.Helper()
	if a, err := app.RunAudit(context.Background(), w.conn, w.net, time.Now()); err != nil || !a.Holds() {
		w.Fatalf("audit: %+v, %v", a, err)
	}
}

// wipe is FLUSHALL, behind everybody's back.
func (w *world) wipe() {
	w.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(w.redisURL, "redis://"))
	if err != nil {
		w.Fatalf("dial redis-server: %v", err)
	}
	defer c.Close()
	fmt.Fprint(c, "FLUSHALL\r\n")
	if _, err := c.Read(make([]byte, 64)); err != nil {
		w.Fatalf("flushall: %v", err)
	}
}

// resident is how many megabytes of memory the process has; 0 where /proc does
// not tell.
func (p *process) resident() float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.Atoi(kilobytes)
	return float64(n) * 1024 / 1e6
}
