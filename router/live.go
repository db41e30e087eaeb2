package router

import (
	"fmt"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
)

// live is the journal read for a rebuild, or to see what stands: the last
// decisions that still claim something in some regions after an instant, and
// nothing else. It costs little
// per old decision and no memory: that is what makes a journal of weeks quick
// to read. It checks nothing; Refold does.
type live struct {
	regions  map[string]bool // nil: all
	after    time.Time
	standing map[event.Key]Standing
}

func newLive(regions []string, after time.Time) *live {
	l := &live{after: after, standing: map[event.Key]Standing{}}
	for _, region := range regions {
		if l.regions == nil {
			l.regions = map[string]bool{}
		}
		l.regions[region] = true
	}
	return l
}

// add takes the next message of the journal.
func (l *live) add(seq uint64, subject string, data []byte) error {
	if !strings.HasPrefix(subject, "decision.") {
		return nil // couriers' dispatches say nothing that their decision does not
	}
	key, err := event.ParseDecisionSubject(subject)
	if err != nil {
		return fmt.Errorf("read decision at sequence %d: %w", seq, err)
	}
	delete(l.standing, key) // the last decision wins, whatever it says
	if event.EndedBefore(data, l.after) {
		return nil
	}
	g, err := readGist(seq, data)
	if err != nil {
		return err
	}
	if s := g.standing(); (l.regions == nil || l.regions[g.Region]) && s.claimsAfter(l.after) {
		l.standing[key] = s
	}
	return nil
}
