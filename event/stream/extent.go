package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// Extent is what the journal's leader says of it: from where to where it goes,
// and what it lacks in between. A message that the leader has in its index and
// cannot read counts as there: only reading shows it.
type Extent struct {
	First, Last uint64    // Last+1 and Last: it is empty
	FirstAt     time.Time // when they were stored, by the server's clock
	LastAt      time.Time
	Messages    uint64
	Gaps        []Gap
	Keeps       time.Duration // how long a message is kept
	Made        time.Time     // when the stream was
	At          time.Time     // of the answer, by the server's clock
	Leader      string        // empty: a single server
}

// Extent asks the leader for the journal's extent.
func (c *Conn) Extent(ctx context.Context) (Extent, error) {
	s, err := c.stream(ctx, event.StreamDispatch)
	if err != nil {
		return Extent{}, fmt.Errorf("open stream %s: %w", event.StreamDispatch, err)
	}
	info := s.CachedInfo()
	if info.State.NumDeleted > 0 { // which ones costs more to say
		info, err = ask(ctx, askWithin, func(ctx context.Context) (*jetstream.StreamInfo, error) {
			return s.Info(ctx, jetstream.WithDeletedDetails(true))
		})
		if err != nil {
			return Extent{}, fmt.Errorf("ask stream %s for what it lacks: %w", event.StreamDispatch, err)
		}
	}
	return extentOf(info), nil
}

func extentOf(info *jetstream.StreamInfo) Extent {
	state := info.State
	e := Extent{First: state.FirstSeq, Last: state.LastSeq, FirstAt: state.FirstTime, LastAt: state.LastTime, Messages: state.Msgs, Keeps: info.Config.MaxAge, Made: info.Created, At: info.TimeStamp}
	if info.Cluster != nil && info.Cluster.Name != "" {
		e.Leader = info.Cluster.Leader
	}
	if state.Msgs == 0 {
		e.First = state.LastSeq + 1
		return e
	}
	e.Gaps = gapsOf(state.Deleted)
	// A server that lost its last block knows where it ended, and lists nothing.
	if lacks := e.Last - e.First + 1 - e.Messages; lacks > Missing(e.Gaps) {
		e.Gaps = append(e.Gaps, Without([]Gap{{e.Last - (lacks - Missing(e.Gaps)) + 1, e.Last}}, e.Gaps)...)
	}
	return e
}

// DamageError says what the journal has lost, and how that is known. It is an
// event.ErrDamaged.
type DamageError struct {
	Found []string
	Gaps  []Gap // as far as the sequences are known
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("stream %s is damaged: %s", event.StreamDispatch, strings.Join(e.Found, "; "))
}

func (e *DamageError) Unwrap() error { return event.ErrDamaged }

// Lacking is the error of a journal with gaps.
func Lacking(gaps []Gap) *DamageError {
	return &DamageError{Gaps: gaps, Found: []string{fmt.Sprintf("it lacks %d messages in its middle: %s", Missing(gaps), listed(gaps))}}
}

// MissingBy is how many messages a journal lacks by its damage, as far as that
// is known, and at least one; 0 if there is no damage.
func MissingBy(err error) uint64 {
	var damage *DamageError
	if !errors.As(err, &damage) {
		return 0
	}
	return max(Missing(damage.Gaps), 1)
}
