package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// kind of a fault.
type kind string

const (
	killRouter    kind = "SIGKILL router"
	freezeRouter  kind = "SIGSTOP router"
	killNode      kind = "SIGKILL nats"
	freezeNode    kind = "SIGSTOP nats"
	killAllNodes  kind = "SIGKILL every nats"
	killLeader    kind = "SIGKILL leader under readers"
	freezeLeader  kind = "SIGSTOP leader under readers"
	killRedis     kind = "SIGKILL redis"
	freezeRedis   kind = "SIGSTOP redis"
	wipeRedis     kind = "FLUSHALL"
	cutNATS       kind = "cut nats in mid-reply"
	cutRedis      kind = "cut redis in mid-reply"
	holeNATS      kind = "blackhole nats"
	holeRedis     kind = "blackhole redis"
	slowRedis     kind = "slow redis"
	slowNATS      kind = "slow nats"
	fullJournal   kind = "journal full"
	fullDisk      kind = "disk of nats full"
	deleteDurable kind = "durable deleted"
	wrongRedis    kind = "restart on another database"
	renameRegion  kind = "region renamed"
	damageBlocks  kind = "journal blocks lost"
)

// span is how long a kind of fault lasts, drawn between the two.
type span struct{ least, most time.Duration }

var spans = map[kind]span{
	killRouter:    {200 * time.Millisecond, 1500 * time.Millisecond},
	freezeRouter:  {ackWait + 300*time.Millisecond, ackWait + 1500*time.Millisecond},
	killNode:      {200 * time.Millisecond, 2 * time.Second},
	freezeNode:    {300 * time.Millisecond, 3 * time.Second},
	killAllNodes:  {200 * time.Millisecond, time.Second},
	killLeader:    {200 * time.Millisecond, 3 * time.Second},
	freezeLeader:  {500 * time.Millisecond, 5 * time.Second},
	killRedis:     {0, time.Second},
	freezeRedis:   {300 * time.Millisecond, 4 * time.Second},
	wipeRedis:     {},
	cutNATS:       {},
	cutRedis:      {},
	holeNATS:      {500 * time.Millisecond, 4 * time.Second},
	holeRedis:     {500 * time.Millisecond, 4 * time.Second},
	slowRedis:     {time.Second, 3 * time.Second},
	slowNATS:      {time.Second, 3 * time.Second},
	fullJournal:   {500 * time.Millisecond, 2 * time.Second},
	fullDisk:      {500 * time.Millisecond, 3 * time.Second},
	deleteDurable: {},
	wrongRedis:    {time.Second, 3 * time.Second},
	renameRegion:  {200 * time.Millisecond, 2 * time.Second},
	damageBlocks:  {500 * time.Millisecond, 4 * time.Second},
}

const (
	routers = 3
	storm   = 6 * time.Second // in which faults begin
	others  = 6               // faults beside the wipes and the killed router
	wipes   = 3
)

// fault is one thing that happens, at an instant of the storm. Target is the
// number of a router or of a node, whichever it concerns.
type fault struct {
	at, lasts time.Duration
	kind      kind
	router    int
	node      int
	bytes     int64         // of the reply in which a cut comes
	delay     time.Duration // of a slow link
}

func (f fault) String() string {
	text := fmt.Sprintf("%5.2fs %s", f.at.Seconds(), f.kind)
	switch f.kind {
	case killRouter, freezeRouter, holeRedis, slowRedis, wrongRedis, renameRegion:
		text += fmt.Sprintf(" r%d", f.router)
	case killNode, freezeNode, fullDisk, damageBlocks:
		text += fmt.Sprintf(" n%d", f.node)
	case cutNATS, cutRedis:
		text += fmt.Sprintf(" r%d after %d B", f.router, f.bytes)
	case slowNATS:
		text += fmt.Sprintf(" r%d", f.router)
	case holeNATS:
		text += fmt.Sprintf(" r%d to n%d", f.router, f.node)
	}
	if f.lasts > 0 {
		text += fmt.Sprintf(" for %.1fs", f.lasts.Seconds())
	}
	return text
}

// setting is the deployment of a round.
type setting struct {
	nodes      int
	appendOnly bool // Redis: AOF every second; else it keeps nothing
	smallDisks bool // each node has a disk of its own that can be filled
}

// plan is the setting and the faults of a seed, and nothing else decides them.
// Every seed takes other kinds out of all there are; killing a router and
// wiping Redis are always among them, each wipe while one router is slow to
// commit what it has reserved: that is what the fence is for (E5).
func plan(seed uint64) (setting, []fault) {
	r := rand.New(rand.NewPCG(seed, 1))
	s := setting{nodes: 1 + 2*int(seed%2), appendOnly: seed/2%2 == 1, smallDisks: true}
	var deck []kind
	for k := range spans {
		if k != wipeRedis && k != killRouter {
			deck = append(deck, k)
		}
	}
	slices.Sort(deck)
	r.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	deck = append(deck[:others], killRouter)
	for range wipes {
		deck = append(deck, wipeRedis)
	}
	only := kind(os.Getenv("FAULTS_ONLY"))
	if only != "" {
		deck = []kind{only} // to measure what one fault costs
	}
	faults := make([]fault, len(deck))
	for i, k := range deck {
		sp := spans[k]
		faults[i] = fault{
			kind: k, at: between(r, storm/20, storm), lasts: between(r, sp.least, sp.most),
			router: r.IntN(routers), node: r.IntN(s.nodes),
			bytes: r.Int64N(2000), delay: between(r, 50*time.Millisecond, 500*time.Millisecond),
		}
	}
	for _, f := range faults {
		if f.kind == wipeRedis && only == "" {
			before := between(r, 100*time.Millisecond, 600*time.Millisecond)
			f.kind, f.at, f.lasts = slowNATS, max(0, f.at-before), before+2*time.Second
			f.delay = between(r, 300*time.Millisecond, 800*time.Millisecond) // longer than a rebuild, shorter than AckWait there and back
			faults = append(faults, f)
		}
	}
	slices.SortFunc(faults, func(a, b fault) int { return int(a.at - b.at) })
	return s, faults
}

// between draws whole milliseconds.
func between(r *rand.Rand, least, most time.Duration) time.Duration {
	return (least + time.Duration(r.Int64N(int64(most-least)+1))).Truncate(time.Millisecond)
}

// A seed replays its plan, and the plans of a few seeds have every fault.
func TestPlanIsTheSeeds(t *testing.T) {
	t.Parallel()
	seen, settings := map[kind]bool{}, map[setting]bool{}
	for seed := range uint64(12) {
		s, faults := plan(seed)
		again, same := plan(seed)
		if diff := cmp.Diff(faults, same, cmp.AllowUnexported(fault{})); diff != "" || s != again {
			t.Errorf("seed %d gives two plans:\n%s", seed, diff)
		}
		settings[s] = true
		for _, f := range faults {
			seen[f.kind] = true
		}
	}
	if len(seen) != len(spans) || len(settings) != 4 {
		t.Errorf("got %d kinds of faults in %d settings, want %d in 4", len(seen), len(settings), len(spans))
	}
}
