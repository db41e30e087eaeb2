package stream

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// wholeness is what this process knows of whether the journal is whole. A
// server that comes back with less than it had does not say so, and a replica
// that has lost a part may be elected.
type wholeness struct {
	mu       sync.Mutex
	accepted []Gap  // losses that somebody has accepted
	high     reach  // the furthest message that is known to be stored: acknowledged, or remembered
	looked   uint64 // reconnects, when the journal was looked at last
	damage   *DamageError
	unread   []Gap // found by reading
}

// reach is a message of the journal, with what is known of it.
type reach struct {
	seq     uint64
	subject string    // empty: not known
	at      time.Time // when it was stored; zero: not known
}

// Accept has the journal taken for whole in spite of these gaps.
func (j *Journal) Accept(gaps []Gap) {
	j.whole.mu.Lock()
	defer j.whole.mu.Unlock()
	j.whole.accepted = gaps
	j.whole.unread = Without(j.whole.unread, gaps)
}

// Look asks the leader whether the journal is whole. The error is a
// *DamageError if it is not, and until it is again Commit refuses with it.
func (j *Journal) Look(ctx context.Context) (Extent, error) {
	reconnects := j.conn.Reconnects()
	e, err := j.caughtUp(ctx)
	if err != nil {
		return Extent{}, err
	}
	same, err := j.remains(ctx, reconnects)
	if err != nil {
		return Extent{}, err
	}
	w := &j.whole
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.damage = nil; w.looked != reconnects {
		w.looked, w.unread = reconnects, nil // the server may have got it back
	}
	switch gaps := Without(e.Gaps, w.accepted); {
	case len(gaps) > 0:
		w.damage = Lacking(gaps)
	case e.Last < w.high.seq:
		w.damage = &DamageError{Found: []string{fmt.Sprintf("it ends at %d, and had reached %d", e.Last, w.high.seq)}, Gaps: []Gap{{e.Last + 1, w.high.seq}}}
	case !same:
		w.damage = &DamageError{Found: []string{fmt.Sprintf("its message %d is gone or another one", w.high.seq)}, Gaps: []Gap{{w.high.seq, w.high.seq}}}
	default:
		return e, nil
	}
	if e.Leader != "" {
		w.damage.Found = append(w.damage.Found, "that is what "+e.Leader+" has, which leads it")
	}
	return e, w.damage
}

// caughtUp is the journal's extent. A leader that has just been elected may need
// a moment until it has applied all that it has.
func (j *Journal) caughtUp(ctx context.Context) (e Extent, err error) {
	for try := range lookTries {
		j.whole.mu.Lock()
		high := j.whole.high.seq
		j.whole.mu.Unlock()
		if e, err = j.conn.Extent(ctx); err != nil || e.Last >= high || try == lookTries-1 {
			break
		}
		select {
		case <-time.After(leaderPoll):
		case <-ctx.Done():
			return e, ctx.Err()
		}
	}
	return e, err
}

// lookTries is how often an end that falls short is looked at.
const lookTries = 5

// intact is nil if the journal was whole when it was looked at last. It looks
// again once the connection was lost meanwhile: the server may have come back
// with less.
func (j *Journal) intact(ctx context.Context) error {
	j.whole.mu.Lock()
	damage, looked := j.whole.damage, j.whole.looked
	j.whole.mu.Unlock()
	switch {
	case looked != j.conn.Reconnects():
		_, err := j.Look(ctx)
		return err
	case damage != nil:
		return damage
	}
	return nil
}

// reached notes how far a commit has taken the journal.
func (j *Journal) reached(seq uint64, subject string) {
	j.whole.mu.Lock()
	defer j.whole.mu.Unlock()
	if seq > j.whole.high.seq {
		j.whole.high = reach{seq: seq, subject: subject}
	}
}

// Remember has the journal held to a milestone of it.
func (j *Journal) Remember(m Milestone) {
	j.whole.mu.Lock()
	defer j.whole.mu.Unlock()
	if m.Sequence > j.whole.high.seq {
		j.whole.high = reach{seq: m.Sequence, at: m.StoredAt}
	}
}

// Stored is the furthest message of the journal that is known to be stored, and
// not only seen on its way there; false: none is.
func (j *Journal) Stored(ctx context.Context) (Milestone, bool, error) {
	j.whole.mu.Lock()
	high := j.whole.high
	j.whole.mu.Unlock()
	if high.seq == 0 || !high.at.IsZero() {
		return Milestone{high.seq, high.at}, high.seq > 0, nil
	}
	msg, err := messageAt(ctx, j.stream, high.seq)
	if err != nil || msg == nil {
		return Milestone{}, false, err
	}
	return Milestone{high.seq, msg.Time}, true, nil
}

// remains reports whether the furthest message that was seen is still the one
// that it was. It is asked for only when the connection was lost meanwhile, or
// when it was not: others may have gone on behind a lost end.
func (j *Journal) remains(ctx context.Context, reconnects uint64) (bool, error) {
	j.whole.mu.Lock()
	high, unchanged := j.whole.high, j.whole.looked == reconnects && j.whole.damage == nil
	j.whole.mu.Unlock()
	if unchanged || high.seq == 0 {
		return true, nil
	}
	msg, err := messageAt(ctx, j.stream, high.seq)
	if err != nil || msg == nil {
		return false, err
	}
	return (high.subject == "" || msg.Subject == high.subject) && (high.at.IsZero() || msg.Time.Equal(high.at)), nil
}

// Damage is nil if the journal is whole as far as this process knows, from what
// the server says and from what could not be read.
func (j *Journal) Damage() error {
	j.whole.mu.Lock()
	defer j.whole.mu.Unlock()
	switch {
	case j.whole.damage != nil:
		return j.whole.damage
	case len(j.whole.unread) > 0:
		return Lacking(j.whole.unread)
	}
	return nil
}

// skipped notes that a gap was read over. The error is a *DamageError unless it
// was accepted.
func (j *Journal) skipped(gap Gap) error {
	j.whole.mu.Lock()
	defer j.whole.mu.Unlock()
	rest := Without([]Gap{gap}, j.whole.accepted)
	if len(rest) == 0 {
		return nil
	}
	j.whole.unread = append(j.whole.unread, Without(rest, j.whole.unread)...)
	return Lacking(rest)
}
