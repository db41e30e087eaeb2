package integration

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// gate holds up the first commit of decisions of one router, so that a test
// can do something at exactly that moment, and sees what came of every one.
type gate struct {
	reached, open chan struct{}
	once          sync.Once

	mu      sync.Mutex
	commits []committed
}

// moreThanFetched is more messages than one router that is held up fetches and
// takes ahead, so that some go to another.
const moreThanFetched = 1500

// committed is one commit of decisions.
type committed struct {
	decisions int
	err       error
}

func newGate() *gate { return &gate{reached: make(chan struct{}), open: make(chan struct{})} }

func (g *gate) wrap(o *router.Options) { o.Journal = gatedJournal{o.Journal, g} }

type gatedJournal struct {
	router.Journal
	g *gate
}

func (j gatedJournal) Commit(ctx context.Context, batch []event.Message) ([]uint64, error) {
	if !strings.HasPrefix(batch[0].Subject, "decision.") {
		return j.Journal.Commit(ctx, batch)
	}
	j.g.once.Do(func() {
		close(j.g.reached)
		select {
		case <-j.g.open:
		case <-time.After(patience): // the test has failed
		}
	})
	seqs, err := j.Journal.Commit(ctx, batch)
	c := committed{err: err}
	for _, m := range batch {
		if strings.HasPrefix(m.Subject, "decision.") {
			c.decisions++
		}
	}
	j.g.mu.Lock()
	defer j.g.mu.Unlock()
	j.g.commits = append(j.g.commits, c)
	return seqs, err
}

// seen are the commits so far.
func (g *gate) seen() []committed {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]committed(nil), g.commits...)
}
