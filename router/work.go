package router

import (
	"slices"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

// stage is where an order of a batch stands.
type stage uint8

const (
	routing stage = iota // to be planned, reserved and committed
	closing              // to be committed: its decision needs no plan
	decided              // its last decision is stored and known: settle, then ack
	refused              // to be rejected and terminated
	later                // left for a redelivery
)

// work is one order of a batch: what a message asks for it, and what came of
// that.
type work struct {
	in    event.Delivery
	stage stage
	key   event.Key

	order        *event.Order // of a cancellation or report: only once it is to be planned
	digest       string       // of the order
	trace        event.Trace  // of the message
	cancellation *event.Cancellation
	report       *event.Report
	due          *event.Due
	heal         string // the dispatch that is one too many (A4)

	asked bool           // the geocoder, of its address
	found geo.Place      // by it; zero: nothing
	held  *event.Located // what the hold that was found says of its place

	attempt  int          // of the plan
	retry    *event.Retry // to be scheduled before anything is stored
	excluded []string     // lanes that did not serve it, as "site/lane"
	because  []string     // why it is planned again
	closing  *event.Decision
	onward   bool // the message is not worked off by this decision

	last    event.Record // the order's last decision, as far as it was read; a zero Record: none
	touched []string     // regions where this router may hold something for the order
	one     [1]string    // where touched begins: most orders know one region

	plan   *Plan
	offer  []*Option // of the call in flight, best first
	region string    // of the call in flight
	body   *event.Body
	epoch  string

	decision *event.Decision // of this batch, when it is this router's
	messages []event.Message // that store it
	refusal  *event.Refusal
}

// basis is the sequence every decision on the order is stored against (J1).
func (w *work) basis() uint64 { return w.last.Sequence }

// touch notes that a hold may exist in region.
func (w *work) touch(region string) {
	if w.touched == nil {
		w.touched = w.one[:0]
	}
	if !slices.Contains(w.touched, region) {
		w.touched = append(w.touched, region)
	}
}

// forget drops the work's plan.
func (w *work) forget() {
	if w.plan != nil {
		w.plan.Release()
	}
	w.plan, w.offer = nil, nil
}

// refuse ends the order's way with a rejection.
func (w *work) refuse(r *event.Refusal) {
	w.stage, w.refusal = refused, r
}
