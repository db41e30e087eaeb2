package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

// Repairs is what a repair by hand found in Redis, and set right.
type Repairs struct {
	Strays   int `json:"strays"`   // holds that nobody came back for, or that were to be verified
	Voided   int `json:"voided"`   // of them, ended by a void
	Renewed  int `json:"renewed"`  // ended by a renewal of what stands
	Verified int `json:"verified"` // found to be what the journal says
	Compared int `json:"compared"` // holds that were held against the journal
	Drift    int `json:"drift"`    // decisions that Redis lacked, and has now
}

// ErrInProcess says that there is no Redis to repair.
var ErrInProcess = errors.New("redis is in-process: 'nearlane run' rebuilds it from the journal at each start, so there is nothing to repair by hand")

// Repair makes the passes of an auditor that need no router: it ends stray
// holds, and compares Redis with the journal, both ways. A Redis in which the
// routers do not count is left alone.
func Repair(ctx context.Context, c *config.Config, conn *stream.Conn, network *router.Network, now func() time.Time, log *zap.Logger) (*Repairs, error) {
	url := c.Redis.URL.Reveal()
	if url == "" {
		return nil, ErrInProcess
	}
	holds, err := ledger.Open(ctx, ledger.Options{URL: url, Now: now, Grace: c.Redis.Grace, Log: log})
	if err != nil {
		return nil, err
	}
	defer holds.Close()
	journal, err := conn.Journal(ctx)
	if err != nil {
		return nil, err
	}
	r := router.New(router.Options{
		Name: "audit", Journal: journal, History: journal, Ledger: holds, Projection: holds,
		Clock: now, RealClock: time.Now, AckWait: conn.AckWait(), Retention: stream.KeepOrders, Log: log,
	}, network)
	if err := r.Counted(ctx); err != nil {
		return nil, err
	}
	a := router.NewAuditor(r, router.AuditorOptions{Holds: holds, Backlog: conn.Backlog(event.StreamOrders, Durable)})
	strays, err := a.Strays(ctx)
	if err != nil {
		return nil, fmt.Errorf("end stray holds: %w", err)
	}
	compared, err := a.Compare(ctx)
	if err != nil {
		return nil, err
	}
	return &Repairs{Strays: strays.Seen, Voided: strays.Voided, Renewed: strays.Renewed, Verified: strays.Verified,
		Compared: compared.Holds, Drift: compared.Drift}, nil
}
