package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// ErrDamaged is a journal that has lost its beginning, its middle or its end.
var ErrDamaged = event.ErrDamaged

// countTimeout bounds the count of what a loss has left without a decision.
const countTimeout = time.Minute

// openMemory refuses a journal that has lost something, and remembers how far a
// whole one goes. With AcceptLoss, it says what is lost and what comes of it,
// and goes on without.
func (a *App) openMemory(ctx context.Context, journal *stream.Journal, dir string) (*memory, error) {
	m := &memory{conn: a.Conn, journal: journal, path: filepath.Join(dir, MemoryFile), log: a.Log}
	remembered, err := Remembered(ctx, a.Conn, dir)
	if err != nil {
		return nil, err
	}
	e, damage, err := Examine(ctx, a.Conn, remembered, a.Now())
	if err != nil {
		return nil, err
	}
	m.own = remembered[1]
	accepted := append(remembered[0].Accepted, remembered[1].Accepted...)
	switch {
	case a.AcceptLoss:
		if accepted, err = a.acceptLoss(ctx, m, e, damage); err != nil {
			return nil, err
		}
	case damage != nil:
		return nil, a.refused(ctx, damage, m.path)
	}
	journal.Accept(accepted)
	if newest, some := m.own.Newest(); some {
		journal.Remember(newest)
	}
	// A server may find out what it lacks only now that a block was read.
	if e, err = journal.Look(ctx); errors.As(err, &damage) {
		return nil, a.refused(ctx, damage, m.path)
	}
	if err != nil {
		return nil, err
	}
	if err := m.remember(ctx, e); err != nil {
		a.Log.Warn("the journal is not remembered", zap.Error(err))
	}
	return m, nil
}

// refused is the error of a start on a damaged journal: what is lost, what comes
// of going on, and what to do.
func (a *App) refused(ctx context.Context, damage *stream.DamageError, memory string) error {
	return fmt.Errorf("%w. %s. Put the stream back from a backup, or start once with --accept-loss. "+
		"If it is another journal on purpose, delete what is remembered of the old one: %s, and key journal of bucket CONFIG",
		damage, a.consequence(ctx), memory)
}

// acceptLoss says what routing goes on without, and writes it down.
func (a *App) acceptLoss(ctx context.Context, m *memory, e stream.Extent, damage *stream.DamageError) ([]stream.Gap, error) {
	if a.redis == nil {
		if err := a.emptyLedger(ctx); err != nil {
			return nil, err
		}
	}
	var gaps []stream.Gap // also those that only reading shows
	err := a.Conn.ReadWhole(ctx, 1, 0, func(uint64, string, []byte) error { return nil }, func(g stream.Gap) error {
		gaps = append(gaps, g)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for what the journal has lost: %w", err)
	}
	if damage == nil && len(gaps) == 0 {
		a.Log.Info("the journal is whole: there is no loss to accept")
		return nil, nil
	}
	if damage == nil {
		damage = stream.Lacking(gaps)
	}
	a.Log.Warn("a damaged journal is accepted", zap.Strings("found", damage.Found), zap.Uint64("missing", stream.Missing(gaps)),
		zap.String("next", a.consequence(ctx)))
	fresh := stream.Memory{Made: e.Made, Accepted: gaps, AcceptedAt: e.At}
	fresh.Note(e)
	if err := writeMemory(m.path, fresh); err != nil {
		return nil, err
	}
	m.own = fresh
	for {
		_, basis, err := a.Conn.Config().Memory(ctx)
		if err == nil {
			err = a.Conn.Config().SetMemory(ctx, fresh, basis)
		}
		if !errors.Is(err, stream.ErrChanged) {
			return gaps, err
		}
	}
}

// emptyLedger refuses a Redis that knows of decisions that the journal has lost:
// the sequences of some are going to be used again.
func (a *App) emptyLedger(ctx context.Context) error {
	for _, r := range a.Config.Regions {
		_, found, err := a.Ledger.Epoch(ctx, r.ID)
		if err != nil {
			return err
		}
		if found {
			return fmt.Errorf("%w: region %s has claims of decisions that the journal may have lost. Stop every router, "+
				"empty that Redis (FLUSHDB), and start with --accept-loss again: it is filled from what the journal still has", ErrForeign, r.ID)
		}
	}
	return nil
}

// consequence is what becomes of the orders whose decisions are lost.
func (a *App) consequence(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	count := "How many orders have lost their decision could not be counted"
	if n, err := a.undecided(ctx); err == nil {
		count = fmt.Sprintf("%d orders and cancellations that were answered have no decision", n)
	} else {
		a.Log.Warn("orders without a decision not counted", zap.Error(err))
	}
	return count + ": going on decides those that ORDERS still has anew, so that where a courier had been sent, " +
		"a courier is sent again under a new dispatchId and the old one is not withdrawn; " +
		"an order that has lost only its latest decision stands as the one before says"
}

// undecided counts the messages of ORDERS that a router would be given again.
func (a *App) undecided(ctx context.Context) (int, error) {
	network, err := router.Build(a.Config)
	if err != nil {
		return 0, err
	}
	journal, err := a.Conn.Journal(ctx)
	if err != nil {
		return 0, err
	}
	r := router.New(router.Options{Name: a.Name, Journal: journal, History: journal, Clock: a.Now, RealClock: time.Now,
		AckWait: a.Conn.AckWait(), Retention: stream.KeepOrders, Log: a.Log}, network)
	found, err := router.NewAuditor(r, router.AuditorOptions{Backlog: a.Conn.Backlog(event.StreamOrders, Durable)}).Redrive(ctx)
	return found.Driven, err
}
