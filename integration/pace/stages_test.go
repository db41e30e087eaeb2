package pace

import (
	"bytes"
	"path"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

// stage is a part of what a process does, by the functions that are called for
// nothing else. A sample of the processor belongs to the stage of the innermost
// of them on its stack.
type stage struct {
	name, ink string
	functions []function
}

type function struct{ pkg, name string } // as in "(*batch).open"

const (
	inRouter = "github.com/nearlane/nearlane/router"
	inStream = "github.com/nearlane/nearlane/event/stream"
	inLedger = "github.com/nearlane/nearlane/lanes/ledger"
	inNATS   = "github.com/nats-io/nats.go"
)

// Green is what only a router does.
var stages = []stage{
	{"decoding orders", "#081c15", []function{{inRouter, "(*batch).open"}}},
	{"planning", routerInk, []function{{inRouter, "(*batch).foresee"}, {inRouter, "(*batch).plan"}}},
	{"writing options", "#52b788", []function{{inRouter, "(*Option).write"}}},
	{"writing decisions and dispatches", "#b7e4c7", []function{{inRouter, "(*batch).conclude"}, {inRouter, "(*batch).write"}}},
	{"the rest of the router", "#d8f3dc", nil},
	{"reserving", "#9a031e", []function{{inRouter, "(*batch).reserve"}, {inLedger, "(*Ledger).Reserve"}}},
	{"settling", "#e36414", []function{{inRouter, "(*batch).settle"}, {inLedger, "(*Ledger).Settle"}}},
	{"exchanging with Redis", "#f4a261", []function{{inLedger, "(*Ledger).exec"}}},
	{"committing", "#14213d", []function{{inRouter, "(*batch).commit"}, {inStream, "(*Journal).Commit"}}},
	{"answering NATS", "#457b9d", []function{{inRouter, "(*batch).answer"}, {inStream, "receipt.Ack"}}},
	{"sending to NATS", "#7fb3d5", []function{{inNATS, "(*Conn).flusher"}}},
	{"reading from NATS", "#c9def0", []function{{inNATS, "(*Conn).readLoop"}, {inNATS, "(*Conn).waitForMsgs"}, {inStream, "(*Inbox).Pull"}}},
	{"collecting garbage", "#6c757d", []function{{"runtime", "gcBgMarkWorker"}, {"runtime", "gcAssistAlloc"}, {"runtime", "bgsweep"}}},
	{"scheduling, and the rest", quietInk, nil},
}

// restOfRouter is the stage of what a router does besides: where it is much, a
// function has come or gone that makes a stage.
var restOfRouter = slices.IndexFunc(stages, func(s stage) bool { return s.name == "the rest of the router" })

// symbol is the function's name in a profile: the linker has no dot in the last
// element of a package's path.
func (f function) symbol() string {
	dir, base := path.Split(f.pkg)
	return dir + strings.ReplaceAll(base, ".", "%2e") + "." + f.name
}

// is reports whether a name in a profile is the function's, or that of a
// closure in it.
func (f function) is(name string) bool {
	after, ok := strings.CutPrefix(name, f.symbol())
	return ok && (after == "" || after[0] == '.' || after[0] == '-')
}

// stageOf reads a stack from its innermost function.
func stageOf(s *profile.Sample) int {
	inRest := len(stages) - 1
	for _, at := range s.Location {
		for _, line := range at.Line {
			name := line.Function.Name
			if i := claimed(name); i >= 0 {
				return i
			}
			if strings.HasPrefix(name, inRouter+".") {
				inRest = restOfRouter
			}
		}
	}
	return inRest
}

// claimed is the stage that a function stands for; -1: none.
func claimed(name string) int {
	return slices.IndexFunc(stages, func(s stage) bool {
		return slices.ContainsFunc(s.functions, func(f function) bool { return f.is(name) })
	})
}

// profiled takes a turn under a profile, from where it begins. A hundred
// samples in a second of processor time cost nothing that could be seen.
func profiled(t *testing.T, take func(begin func()) turn) turn {
	t.Helper()
	var out bytes.Buffer
	done := take(func() {
		if err := pprof.StartCPUProfile(&out); err != nil {
			t.Errorf("profile: %v", err)
		}
	})
	pprof.StopCPUProfile()
	p, err := profile.Parse(&out)
	if err != nil {
		t.Fatalf("read profile: %v", err)
	}
	done.samples = make([]int, len(stages))
	for _, s := range p.Sample {
		done.samples[stageOf(s)] += int(s.Value[0])
	}
	return done
}

// effort is the processor time of turns by stage.
type effort struct {
	samples []int
	all     int // samples
	busy    time.Duration
	orders  int
}

// efforts adds up the turns of a mix. With Redis in the process, its time would
// be among the router's.
func (r *report) efforts(mix string) (router, engine effort) {
	for _, m := range r.rates {
		if m.mix == mix && !m.inProcess {
			router.add(m.routers)
			engine.add(m.engines)
		}
	}
	return router, engine
}

func (e *effort) add(turns []turn) {
	if e.samples == nil {
		e.samples = make([]int, len(stages))
	}
	for _, t := range turns {
		for i, n := range t.samples {
			e.samples[i] += n
			e.all += n
		}
		e.busy, e.orders = e.busy+t.busy, e.orders+t.orders
	}
}

// micros is a stage's part in the processor time of an order.
func (e effort) micros(stage int) float64 {
	return micros(e.busy) / float64(e.orders) * float64(e.samples[stage]) / float64(e.all)
}
