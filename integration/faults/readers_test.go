package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// underReaders does something to the node that leads the journal, while
// readers ask one question after the other. Each of them has to be answered,
// and rightly: by that node once it is well again, or by another.
func (r *round) underReaders(strike, mend func(*process)) (begin, end func()) {
	var leader *process
	var readers *readers
	begin = func() {
		leader, readers = r.leader(), r.startReaders()
		strike(leader)
	}
	return begin, func() { mend(leader); readers.end() }
}

// leader is the node that leads DISPATCH, or led it a moment ago.
func (r *round) leader() (p *process) {
	err := eventually(patience, retryEvery, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), asked)
		defer cancel()
		s, err := r.js.Stream(ctx, event.StreamDispatch)
		if err != nil {
			return err
		}
		name := r.nodes[0].name // alone
		if c := s.CachedInfo().Cluster; len(r.nodes) > 1 && c != nil {
			name = c.Leader
		}
		i := slices.IndexFunc(r.nodes, func(p *process) bool { return p.name == name })
		if i < 0 {
			return fmt.Errorf("the journal is led by %q", name)
		}
		p = r.nodes[i]
		return nil
	})
	if err != nil {
		r.Errorf("no leader to strike: %v", err)
		return r.nodes[0]
	}
	return p
}

// readers ask what people and pages ask: for an audit, for what is taken of
// every slot, and for what became of one order.
type readers struct {
	r    *round
	conn *stream.Conn
	net  *router.Network
	stop context.CancelFunc
	all  sync.WaitGroup
}

// startReaders starts the readers, and returns once each has an answer.
func (r *round) startReaders() *readers {
	stopped, stop := context.WithCancel(context.Background())
	readers := &readers{r: r, conn: r.dial("readers"), net: r.build(), stop: stop}
	var first sync.WaitGroup
	for name, read := range map[string]func(context.Context) (uint64, error){
		"audit": readers.audit, "capacity": readers.capacity, "explain": readers.explain,
	} {
		first.Add(1)
		readers.all.Go(func() { readers.ask(stopped, name, read, sync.OnceFunc(first.Done)) })
	}
	first.Wait()
	return readers
}

// end waits for the answers to what is asked, and asks no more.
func (r *readers) end() {
	r.stop()
	r.all.Wait()
}

// ask reads again and again. A read never sees less of the journal than the
// one before.
func (r *readers) ask(stopped context.Context, name string, read func(context.Context) (uint64, error), answered func()) {
	defer answered()
	n := 0
	for seen := uint64(0); stopped.Err() == nil; n++ {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		through, err := read(ctx)
		cancel()
		switch {
		case err != nil:
			r.r.Errorf("%s, read %d: %v", name, n, err)
			return
		case through < seen:
			r.r.Errorf("%s, read %d: got the journal through %d, after %d", name, n, through, seen)
		}
		seen = through
		answered()
	}
	r.r.Logf("%s: %d answers while the leader was struck", name, n)
}

func (r *readers) audit(ctx context.Context) (uint64, error) {
	found, err := app.RunAudit(ctx, r.conn, r.net)
	if err != nil {
		return 0, err
	}
	if found.Breached > 0 {
		err = fmt.Errorf("%d promises broken: %s", found.Breached, found.Breaches)
	}
	return found.Through, err
}

func (r *readers) capacity(ctx context.Context) (uint64, error) {
	refold := router.NewRefold()
	err := r.conn.Read(ctx, event.StreamDispatch, 1, 0, refold.Add)
	refold.Close()
	if err == nil && refold.Breached() > 0 {
		err = fmt.Errorf("%d promises broken: %s", refold.Breached(), refold.Breaches)
	}
	return refold.Through(), err
}

// explain looks for the last decision on an order of the beginning, and reads
// it back by its order.
func (r *readers) explain(ctx context.Context) (uint64, error) {
	var key event.Key
	var before uint64
	enough := errors.New("enough")
	err := r.conn.Read(ctx, event.StreamDispatch, 1, 0, func(seq uint64, subject string, _ []byte) (err error) {
		if key, err = event.ParseDecisionSubject(subject); err != nil {
			return nil
		}
		before = seq
		return enough
	})
	if !errors.Is(err, enough) {
		return 0, err // nothing is decided yet
	}
	journal, err := r.conn.Journal(ctx)
	if err != nil {
		return 0, err
	}
	last, err := journal.Last(ctx, key)
	if err == nil && (last.Sequence < before || last.Decision == nil || last.Decision.Key() != key) {
		err = fmt.Errorf("order %s: got %+v, and it was decided at %d", key, last, before)
	}
	return last.Sequence, err
}

// build compiles the network of every round.
func (r *round) build() *router.Network {
	c, found := config.Load("nearlane.yaml", config.Options{ReadFile: func(string) ([]byte, error) { return []byte(network), nil }})
	if c == nil {
		r.Fatalf("load network:\n%s", found.Format())
	}
	n, err := router.Build(c)
	if err != nil {
		r.Fatalf("build network: %v", err)
	}
	return n
}
