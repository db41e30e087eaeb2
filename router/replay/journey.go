package replay

import (
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

// Journey is what became of one order.
type Journey struct {
	Order     *event.Order // nil: only its cancellation was recorded
	Cell      geo.Cell     // where it goes; 0: not known
	Asked     string       // the service level
	Outcome   event.Outcome
	Reasons   []string      // why it is unroutable, the nearest first; why it was cancelled
	Sent      *event.Body   // how it travels, or would have before it was cancelled; nil: it never had a place
	Deadline  time.Time     // of the level asked for, where Sent starts from
	PastCut   bool          // it was placed past the cut-off of the level asked for
	Waited    bool          // it found everything full, and waited
	WaitedFor time.Duration // until it was sent, given up or cancelled
}

// Dispatched reports whether the order travels in the end.
func (j *Journey) Dispatched() bool { return j.Outcome == event.Dispatched }

// Late reports whether it arrives later than the level asked for promises.
func (j *Journey) Late() bool { return j.Dispatched() && j.Slack() < 0 }

// Slack is how long before the promise of the level asked for the order is
// there; less than nothing if that level could not keep it, and another took
// it.
func (j *Journey) Slack() time.Duration { return j.Deadline.Sub(j.Sent.Dropoff.Before) }
