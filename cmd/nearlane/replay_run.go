package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/replay"
)

// rerun is a replay through one config or two.
type rerun struct {
	after, before *candidate // before is nil without another config
	progress      *meter
}

// replayed is what a rerun comes to.
type replayed struct {
	Refused    []refusedMessage   `json:"refused"`
	Outside    int                `json:"outsideOfSpan"`
	Config     string             `json:"config"` // the file
	Report     *replay.Report     `json:"report"`
	Against    string             `json:"againstConfig,omitempty"`
	Before     *replay.Report     `json:"against,omitempty"`
	Comparison *replay.Comparison `json:"changes,omitempty"` // from against to config
	Sweeps     []*replay.Swept    `json:"sweeps,omitempty"`
	Verdicts   []replay.Verdict   `json:"thresholds,omitempty"`
}

// run replays through every network there is, as many at a time as there are
// processors. Each is a world of its own, so that does not show in the result.
func (r *rerun) run(recorded *recording, sweeps []*replay.Sweep) *replayed {
	out := &replayed{Refused: append([]refusedMessage{}, recorded.refused...), Outside: recorded.outside, Config: r.after.file}
	var after, before *replay.Result
	jobs := crew{inputs: recorded.inputs, progress: r.progress}
	jobs.add(r.after.network, func(result *replay.Result) { after, out.Report = result, result.Report() })
	if r.before != nil {
		out.Against = r.before.file
		jobs.add(r.before.network, func(result *replay.Result) { before, out.Before = result, result.Report() })
	}
	points := make([][]replay.Point, len(sweeps))
	places := make([]int, len(sweeps))
	for i, s := range sweeps {
		points[i] = make([]replay.Point, len(s.Values))
		for k, value := range s.Values {
			var network *router.Network
			network, places[i] = r.after.network.WithLimit(s.Limit, value)
			jobs.add(network, func(result *replay.Result) { points[i][k] = replay.PointOf(value, result.Report()) })
		}
	}
	jobs.work()
	for i, s := range sweeps {
		out.Sweeps = append(out.Sweeps, replay.NewSwept(s.Path, places[i], points[i]))
	}
	if before != nil {
		out.Comparison = replay.Compare(before, after)
	}
	return out
}

// crew replays the same inputs through many networks.
type crew struct {
	inputs   []replay.Input
	progress *meter
	jobs     []func()
	done     atomic.Int64
	telling  sync.Mutex
}

// everySoMany is how many messages are replayed between two looks at the meter.
const everySoMany = 128

func (c *crew) add(n *router.Network, keep func(*replay.Result)) {
	c.jobs = append(c.jobs, func() {
		keep(replay.Run(n, c.inputs, func(done int) {
			if done%everySoMany != 0 {
				return
			}
			now := c.done.Add(everySoMany)
			c.telling.Lock()
			defer c.telling.Unlock()
			c.progress.count(int(now))
		}))
	})
}

// work does all jobs and waits for them.
func (c *crew) work() {
	queue := make(chan func(), len(c.jobs))
	for _, job := range c.jobs {
		queue <- job
	}
	close(queue)
	var hands sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(c.jobs)) {
		hands.Go(func() {
			for job := range queue {
				job()
			}
		})
	}
	hands.Wait()
	c.progress.n = len(c.inputs) * len(c.jobs)
	c.progress.done(fmt.Sprintf("replayed %s through %s", counted(len(c.inputs), "message"), counted(len(c.jobs), "network")))
}

// judge holds the report against the thresholds.
func (out *replayed) judge(thresholds []*replay.Threshold) {
	for _, t := range thresholds {
		out.Verdicts = append(out.Verdicts, t.Judge(replay.Measured{
			Report: out.Report, Against: out.Before, Comparison: out.Comparison, Refused: len(out.Refused),
		}))
	}
}

// failed says which thresholds were met, and ends the command if any was.
func (out *replayed) failed(stderr io.Writer) error {
	var err error
	for _, v := range out.Verdicts {
		if v.Failed {
			fmt.Fprintf(stderr, "--fail-if %s: it is %s\n", v.Threshold, v.Value)
			err = silentError{exitFindings}
		}
	}
	return err
}

// mostTold is how many refused messages are named.
const mostTold = 10

// tell says what of the recording the router would refuse.
func (r *recording) tell(w io.Writer) {
	for _, f := range r.refused[:min(len(r.refused), mostTold)] {
		at := ""
		if f.Pointer != "" {
			at = " at " + f.Pointer
		}
		fmt.Fprintf(w, "%s: refused: %s%s: %s\n", f.At, f.Code, at, f.Detail)
	}
	if more := len(r.refused) - mostTold; more > 0 {
		fmt.Fprintf(w, "and %d more; --json lists all\n", more)
	}
}

// counted is a number with its noun: "1 network", "2 networks".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
