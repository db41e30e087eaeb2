package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

// AuditorDurable is the consumer of the journal that all auditors share.
const AuditorDurable = "auditor"

// Durables lists who reads what: the durable of each stream that a process pulls
// from.
func Durables() map[string]string {
	return map[string]string{event.StreamOrders: Durable, event.StreamCourier: Durable, event.StreamRetry: Durable,
		event.StreamDispatch: AuditorDurable}
}

// NewAuditor makes the auditor beside a router that pulls from inbox, and what
// it follows the journal with. Both have to run. With redriveFirst it looks at
// once for orders without a decision.
func NewAuditor(r *router.Router, conn *stream.Conn, holds *ledger.Ledger, inbox *Inbox, redriveFirst bool, reg prometheus.Registerer) (*router.Auditor, *Inbox) {
	journal := NewInbox(conn, AuditorDurable, event.StreamDispatch)
	return router.NewAuditor(r, router.AuditorOptions{
		Inbox: journal, Holds: holds, Backlog: conn.Backlog(event.StreamOrders, Durable), Hand: inbox.Hand, RedriveFirst: redriveFirst, Registerer: reg,
	}), journal
}
