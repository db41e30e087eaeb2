package router

import (
	"context"
	"errors"
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
	// Epochs reads the last record of each region's epoch; zero where there is
	// none.
	Epochs(ctx context.Context, regions []string) ([]event.EpochRecord, error)
	// Read calls fn for every message from the sequence from on, in order,
	// until one at or after through has been seen.
	Read(ctx context.Context, from, through uint64, fn func(seq uint64, subject string, data []byte) error) error
}

// Projection is the ledger as far as rebuilding a region needs it. Token
// identifies one rebuild; another rebuild or a wipe takes it away.
type Projection interface {
	// Memory is where the region is counted.
	Memory(ctx context.Context, region string) (lanes.Memory, error)
	// Begin takes the region's epoch away and writes the token, if the region
	// has no epoch of this server's history (E2), or one older than past, the
	// last that another memory had (E6).
	Begin(ctx context.Context, region, token string, past uint64) (needed bool, err error)
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
// server's history, or whose journal names another memory (E2 to E4, E6). It
// never overwrites and never deletes; several routers may do it at once. A crash
// anywhere leaves the region without an epoch, and the next router starts over.
func (r *Router) rebuild(ctx context.Context, regions []string) error {
	all, err := r.memories(ctx, regions)
	if err != nil {
		return err
	}
	if err := r.welcome(ctx, all); err != nil {
		return err
	}
	token := r.NewToken()
	lost, err := r.abandon(ctx, all, token)
	if err != nil || len(lost) == 0 {
		return err
	}
	epochs, through, err := r.raise(ctx, lost)
	if err != nil {
		return err
	}
	names := make([]string, len(lost))
	for i := range lost {
		names[i] = lost[i].region
	}
	journal := newLive(names, r.Clock())
	if err := r.History.Read(ctx, 1, through, journal.add); err != nil {
		return fmt.Errorf("read journal through %d: %w", through, err)
	}
	for i, region := range names {
		if err := r.restore(ctx, region, journal, token, epochs[i]); err != nil {
			return err
		}
	}
	return r.stand(ctx) // the fence was raised with all others
}

// abandon takes the epochs away from those regions that have to be rebuilt
// (E2), and says in which memory they will be.
func (r *Router) abandon(ctx context.Context, all []memory, token string) (lost []memory, err error) {
	for _, m := range all {
		needed, err := r.Projection.Begin(ctx, m.region, token, m.past())
		if err != nil {
			return nil, fmt.Errorf("begin rebuild of region %s: %w", m.region, err)
		}
		if !needed {
			continue
		}
		// Another server may be there than was looked at. If it changes after
		// this, the token is not there, and the rebuild does not end.
		if m.here, err = r.Projection.Memory(ctx, m.region); err != nil {
			return nil, err
		}
		lost = append(lost, m)
	}
	return lost, nil
}

// raise stores a new epoch for each region, then bumps every router's fence,
// so that no batch reserved before can still be stored (E2, E5). Each epoch
// follows the one that was looked at, or another memory could come in between
// unseen (E6). Through is the sequence of the last of these records.
func (r *Router) raise(ctx context.Context, regions []memory) (epochs []uint64, through uint64, err error) {
	fences, err := r.History.Fences(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("list fences: %w", err)
	}
	var records []event.Message
	for _, m := range regions {
		record, err := r.mark(event.TypeEpoch, event.Mark{Of: m.region, In: m.here.ID})
		if err != nil {
			return nil, 0, err
		}
		record.Expect = &event.Expect{Subject: record.Subject, Sequence: m.last.Sequence}
		records = append(records, record)
	}
	bumps, err := r.bumps(fences)
	if err != nil {
		return nil, 0, err
	}
	stored, err := r.store(ctx, append(records, bumps...))
	if err != nil {
		return nil, 0, err
	}
	epochs, through = stored[:len(regions)], stored[len(stored)-1]
	// Whoever stored its first fence since the list was made may not have seen
	// the epochs; whoever does so from now on has.
	later, err := r.History.Fences(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("list fences: %w", err)
	}
	bumps, err = r.bumps(slices.DeleteFunc(later, func(name string) bool { return slices.Contains(fences, name) }))
	if err != nil || len(bumps) == 0 {
		return epochs, through, err
	}
	if stored, err = r.store(ctx, bumps); err != nil {
		return nil, 0, err
	}
	return epochs, stored[len(stored)-1], nil
}

func (r *Router) bumps(routers []string) (records []event.Message, err error) {
	for _, name := range routers {
		record, err := r.mark(event.TypeFence, event.Mark{Of: name})
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

// store commits records in as few batches as the server takes.
func (r *Router) store(ctx context.Context, records []event.Message) (stored []uint64, err error) {
	for batch := range slices.Chunk(records, recordsBatch) {
		seqs, err := r.Journal.Commit(ctx, batch)
		if errors.Is(err, event.ErrMoved) {
			return nil, fmt.Errorf("store epochs and fences: another router rebuilds too: %w", err)
		}
		if err != nil {
			return nil, fmt.Errorf("store epochs and fences: %w", err)
		}
		stored = append(stored, seqs...)
	}
	return stored, nil
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
func (r *Router) mark(typ string, m event.Mark) (event.Message, error) {
	subject := event.EpochSubject(m.Of)
	if typ == event.TypeFence {
		subject = event.FenceSubject(m.Of)
	}
	m.By = r.Name
	data, err := event.EncodeMark(typ, m, r.Clock())
	return event.Message{Subject: subject, Data: data}, err
}

func orLost(err error) error {
	if err == nil {
		return errRegionLost
	}
	return err
}
