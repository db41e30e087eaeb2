package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Milestone is a message of the journal as it is remembered elsewhere.
type Milestone struct {
	Sequence uint64    `json:"sequence"`
	StoredAt time.Time `json:"storedAt"` // by the server's clock
}

// Memory is what is remembered of the journal outside of it, so that a journal
// that has lost its end or its beginning can be told from one that never had
// it. It is kept in the bucket CONFIG, and in each router's data folder.
type Memory struct {
	Made       time.Time   `json:"made"`               // when the stream was; another one is another journal
	Milestones []Milestone `json:"milestones"`         // in the order of the sequences
	Accepted   []Gap       `json:"accepted,omitempty"` // losses that routing goes on with
	AcceptedAt time.Time   `json:"acceptedAt,omitzero"`
}

const (
	// milestoneEvery is how far apart milestones are that are kept beside the
	// first and the last one.
	milestoneEvery = time.Hour
	// forgetSlack is how much later or earlier than a stream's max_age its
	// server may forget a message.
	forgetSlack = time.Minute
)

// Note remembers the last message of an extent, if there is a later one than it
// knows, and forgets what the journal may have forgotten. It reports whether
// anything has changed.
func (m *Memory) Note(e Extent) bool {
	if !m.Made.Equal(e.Made) {
		*m = Memory{Made: e.Made, Accepted: m.Accepted, AcceptedAt: m.AcceptedAt}
	}
	old := 0
	for old < len(m.Milestones) && e.mayForget(m.Milestones[old]) {
		old++
	}
	m.Milestones = m.Milestones[old:]
	if e.Messages == 0 {
		return old > 0
	}
	fresh := len(m.Milestones) == 0
	if fresh {
		m.Milestones = []Milestone{{e.First, e.FirstAt}}
	}
	n := len(m.Milestones)
	if m.Milestones[n-1].Sequence >= e.Last {
		return old > 0 || fresh
	}
	next := Milestone{e.Last, e.LastAt}
	m.Milestones = slices.Clone(m.Milestones) // others may have it
	if n > 1 && next.StoredAt.Sub(m.Milestones[n-2].StoredAt) < milestoneEvery {
		m.Milestones[n-1] = next
	} else {
		m.Milestones = append(m.Milestones, next)
	}
	return true
}

// mayForget reports whether the journal may have forgotten a message.
func (e Extent) mayForget(m Milestone) bool {
	return e.Keeps > 0 && m.StoredAt.Before(e.At.Add(forgetSlack-e.Keeps))
}

// Contradicts lists what speaks against an extent: messages that it should have,
// and does not reach.
func (m *Memory) Contradicts(e Extent) (found []string) {
	if len(m.Milestones) > 0 && !m.Made.Equal(e.Made) {
		return []string{fmt.Sprintf("it is another one: it was made at %s, and the one that is remembered at %s, which had reached %d",
			utc(e.Made), utc(m.Made), m.Milestones[len(m.Milestones)-1].Sequence)}
	}
	var behind, before *Milestone
	for i := range m.Milestones {
		switch s := &m.Milestones[i]; {
		case s.Sequence > e.Last:
			behind = s
		case s.Sequence < e.First && !e.mayForget(*s) && len(Without([]Gap{{s.Sequence, s.Sequence}}, m.Accepted)) > 0:
			before = s
		}
	}
	if behind != nil {
		found = append(found, fmt.Sprintf("it has lost its end: it ends at %d, and had reached %d by %s", e.Last, behind.Sequence, utc(behind.StoredAt)))
	}
	if before != nil {
		found = append(found, fmt.Sprintf("it has lost its beginning: it begins at %d, and has to keep %d, stored at %s, for %v", e.First, before.Sequence, utc(before.StoredAt), e.Keeps))
	}
	return found
}

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Newest is the last milestone; false: there is none.
func (m *Memory) Newest() (Milestone, bool) {
	if len(m.Milestones) == 0 {
		return Milestone{}, false
	}
	return m.Milestones[len(m.Milestones)-1], true
}

// Memory is what the bucket CONFIG remembers of the journal, with its sequence;
// 0: nothing yet.
func (s *ConfigStore) Memory(ctx context.Context) (m Memory, sequence uint64, err error) {
	e, found, err := s.get(ctx, keyMemory)
	if err != nil || !found {
		return Memory{}, 0, err
	}
	if err := json.Unmarshal(e.data, &m); err != nil {
		return Memory{}, 0, fmt.Errorf("read %s from bucket %s: %w", keyMemory, bucketConfig, err)
	}
	return m, e.sequence, nil
}

// SetMemory replaces what is remembered, if the last is still that at sequence
// basis; otherwise the error is ErrChanged.
func (s *ConfigStore) SetMemory(ctx context.Context, m Memory, basis uint64) error {
	data, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode %s: %w", keyMemory, err)
	}
	return s.put(ctx, keyMemory, data, basis)
}
