package app

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event/stream"
)

// probe knows whether NATS stores what it is sent. Streams may all be there,
// and led, and answer every question, and none takes a message: on a full disk,
// after one, and in an account that has used up its room. So something is
// stored again and again: what the router says of itself. Its own server the
// probe starts again once that helps.
type probe struct {
	server   *embedded.NATSServer // nil: external
	log      *zap.Logger
	fault    atomic.Pointer[string] // nil: it stored the last that was sent
	restarts prometheus.Counter
	rest     int // tries until the server may be started again
}

func newProbe(server *embedded.NATSServer, log *zap.Logger, reg prometheus.Registerer) *probe {
	p := &probe{server: server, log: log, restarts: prometheus.NewCounter(prometheus.CounterOpts{Name: "nearlane_store_restarts_total",
		Help: "Times that the embedded NATS was started again because it had ceased to store."})}
	why := "nothing has been stored yet"
	p.fault.Store(&why)
	reg.MustRegister(p.restarts, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "nearlane_store_writable",
		Help: "1 if NATS stored the last message that the router probed it with."}, func() float64 { return one(p.well()) }))
	return p
}

// well reports whether the last probe was stored.
func (p *probe) well() bool { return p.fault.Load() == nil }

// Ask returns why the last probe was not stored.
func (p *probe) Ask(context.Context) error {
	if why := p.fault.Load(); why != nil {
		return errors.New(*why)
	}
	return nil
}

// stuck reports whether the probe's own server has to be started again.
func (p *probe) stuck() bool { return p.server != nil && p.server.Stuck() != nil }

// try stores something. What has failed is told until it goes well again; an
// error means that the server has ended for good.
func (p *probe) try(ctx context.Context, store func(context.Context) error) error {
	p.rest = max(p.rest-1, 0)
	if p.stuck() {
		return p.revive(ctx)
	}
	err := store(ctx)
	switch {
	case ctx.Err() != nil: // of a stop, and not of the store
	case err == nil, errors.Is(err, stream.ErrNoBucket): // left out at the start, which was told
		if !p.well() {
			p.fault.Store(nil)
			p.log.Info("nats stores")
		}
	case errors.Is(err, context.DeadlineExceeded):
		p.fail(fmt.Errorf("nats answers no write within %v: is its disk full, or was it? its log says so, and it stores again once it is started again", keepTimeout))
	default:
		p.fail(fmt.Errorf("nats did not store a probe: %w", err))
	}
	return nil
}

// revive starts the server again once that can help, and seldom: a disk may
// have room for a start and for nothing more.
func (p *probe) revive(ctx context.Context) error {
	p.fail(fmt.Errorf("nats has ceased to store, and is started again once its folder takes writes: %w", p.server.Stuck()))
	if p.rest > 0 || ctx.Err() != nil || p.server.Roomy() != nil {
		return nil
	}
	p.log.Warn("nats is started again: its folder takes writes")
	p.rest = presenceBeats
	p.restarts.Inc()
	return p.server.Restart()
}

// fail says what is wrong where that is news.
func (p *probe) fail(err error) {
	why := err.Error()
	if was := p.fault.Swap(&why); was == nil {
		p.log.Warn("not ready: nats does not store", zap.Error(err))
	}
}

// blame adds to what kept the process from starting that its data folder takes
// no writes, if that is so.
func (a *App) blame(err error) error {
	if a.nats == nil {
		return err
	}
	if full := a.nats.Roomy(); full != nil {
		return fmt.Errorf("%w: %w: make room and start again: %w", embedded.ErrUnavailable, full, err)
	}
	return err
}
