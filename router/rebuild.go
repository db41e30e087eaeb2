package router

import (
	"context"
	"fmt"
	"slices"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// History is the journal as a whole.
type History interface {
	// Fences names every router that has a fence.
	Fences(ctx context.Context) ([]string, error)
	// Read calls fn for every message from the sequence from on, in order,
	// until one at or after through has been seen.
	Read(ctx context.Context, from, through uint64, fn func(seq uint64, subject string, data []byte) error) error
}

// Projection is the ledger as far as rebuilding a region needs it. Token
// identifies one rebuild; another rebuild or a wipe takes it away.
type Projection interface {
	// Begin takes the region's epoch away and writes the token, if the region
	// has no epoch of this server's history (E2).
	Begin(ctx context.Context, region, token string) (needed bool, err error)
	// Held calls fn for the order of every hold of the region.
	Held(ctx context.Context, region string, fn func(order string) error) error
	// End writes the epoch, if the token is still there (E4).
	End(ctx context.Context, region, token string, epoch uint64) (done bool, err error)
}

const (
	settleChunk  = 512
	recordsBatch = 1000 // the server's limit of an atomic batch
)

// rebuild merges the journal into every region that has no epoch of this
// server's history (E2 to E4). It never overwrites and never deletes; several
// routers may do it at once. A crash anywhere leaves the region without an
// epoch, and the next router starts over.
func (r *Router) rebuild(ctx context.Context, regions []string) error {
	token := r.NewToken()
	var lost []string
	for _, region := range regions {
		needed, err := r.Projection.Begin(ctx, region, token)
		if err != nil {
			return fmt.Errorf("begin rebuild of region %s: %w", region, err)
		}
		if needed {
			lost = append(lost, region)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	epochs, through, err := r.raise(ctx, lost)
	if err != nil {
		return err
	}
	journal := newLive(lost, r.Clock())
	if err := r.History.Read(ctx, 1, through, journal.add); err != nil {
		return fmt.Errorf("read journal through %d: %w", through, err)
	}
	for i, region := range lost {
		if err := r.restore(ctx, region, journal, token, epochs[i]); err != nil {
			return err
		}
	}
	return r.readFence(ctx) // it was raised with all others
}

// raise stores a new epoch for each region, then bumps every router's fence,
// so that no batch reserved before can still be stored (E2, E5). Through is
// the sequence of the last of these records.
func (r *Router) raise(ctx context.Context, regions []string) (epochs []uint64, through uint64, err error) {
	fences, err := r.History.Fences(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("list fences: %w", err)
	}
	var records []event.Message
	for i, of := range slices.Concat(regions, fences) {
		typ := event.TypeEpoch
		if i >= len(regions) {
			typ = event.TypeFence
		}
		record, err := r.mark(typ, of)
		if err != nil {
			return nil, 0, err
		}
		records = append(records, record)
	}
	var stored []uint64
	for len(records) > 0 {
		n := min(len(records), recordsBatch)
		seqs, err := r.Journal.Commit(ctx, records[:n])
		if err != nil {
			return nil, 0, fmt.Errorf("store epochs and fences: %w", err)
		}
		stored, records = append(stored, seqs...), records[n:]
	}
	return stored[:len(regions)], stored[len(stored)-1], nil
}

// restore settles what the journal says stands in the region, and the last
// decision of every hold that survived there (E3). Open parts stay.
func (r *Router) restore(ctx context.Context, region string, journal *live, token string, epoch uint64) error {
	t := &restoring{Router: r, region: region, token: token}
	for key, s := range journal.standing {
		if s.Region == region {
			if err := t.settle(ctx, settleChunk, t.call(key, s)); err != nil {
				return err
			}
		}
	}
	// Of holds whose order claims nothing here any more the journal was not
	// remembered: the leader is asked. What it says may be later than S, which
	// is as good.
	err := r.Projection.Held(ctx, region, func(order string) error {
		key, err := event.ParseKey(order)
		if s, live := journal.standing[key]; err != nil || live && s.Region == region {
			return err
		}
		t.held = append(t.held, key)
		return t.recall(ctx, settleChunk)
	})
	if err == nil {
		err = t.recall(ctx, 1)
	}
	if err == nil {
		err = t.settle(ctx, 1)
	}
	if err != nil {
		return fmt.Errorf("rebuild region %s: %w", region, err)
	}
	done, err := r.Projection.End(ctx, region, token, epoch)
	if err != nil || !done {
		return fmt.Errorf("end rebuild of region %s (done: %t): %w", region, done, orLost(err))
	}
	r.metrics.rebuilds.Inc()
	r.Log.Info("capacity rebuilt from the journal", zap.String("region", region),
		zap.Uint64("epoch", epoch), zap.Int("orders", t.settled))
	return nil
}

// restoring is one region on its way back.
type restoring struct {
	*Router
	region, token string
	held          []event.Key        // whose last decision is to be asked for
	calls         []lanes.Settlement // to be made
	settled       int
}

func (t *restoring) call(key event.Key, s Standing) lanes.Settlement {
	call := s.settlement(key, t.region)
	call.Token = t.token
	return call
}

// settle makes the calls gathered so far, if they are at least so many.
func (t *restoring) settle(ctx context.Context, least int, more ...lanes.Settlement) error {
	if t.calls = append(t.calls, more...); len(t.calls) < least {
		return nil
	}
	for i, err := range t.Ledger.Settle(ctx, t.calls) {
		if err != nil {
			return fmt.Errorf("restore order %s in region %s: %w", t.calls[i].Order, t.region, err)
		}
	}
	t.settled, t.calls = t.settled+len(t.calls), t.calls[:0]
	return nil
}

// recall asks the leader for the last decisions of the holds found so far, if
// they are at least so many. An order without one has an open part only.
func (t *restoring) recall(ctx context.Context, least int) error {
	if len(t.held) < least {
		return nil
	}
	records, err := t.Journal.LastMany(ctx, t.held)
	if err != nil {
		return fmt.Errorf("read last decisions: %w", err)
	}
	for i, rec := range records {
		if rec.Decision == nil {
			continue
		}
		if err := t.settle(ctx, settleChunk, t.call(t.held[i], StandingOf(rec))); err != nil {
			return err
		}
	}
	t.held = t.held[:0]
	return nil
}

// mark is a record that means something by its sequence.
func (r *Router) mark(typ, of string) (event.Message, error) {
	subject := event.EpochSubject(of)
	if typ == event.TypeFence {
		subject = event.FenceSubject(of)
	}
	data, err := event.EncodeMark(typ, event.Mark{Of: of, By: r.Name}, r.Clock())
	return event.Message{Subject: subject, Data: data}, err
}

func orLost(err error) error {
	if err == nil {
		return errRegionLost
	}
	return err
}
