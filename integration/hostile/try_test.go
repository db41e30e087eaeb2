package hostile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// What may become of a message, beside a code that it is refused with.
const (
	decided  = "decided"  // its order has a decision
	unstored = "unstored" // the server says no
	ignored  = "ignored"  // stored, and neither refused nor anything else
)

// try is a message that was sent, and what has to become of it.
type try struct {
	area, name, want string
	key              event.Key // of its order; decided
	at               place
	err              error
	chain            int // decisions that its order has to have; 0: any number
}

type place struct {
	stream string
	seq    uint64
}

// send publishes a message whose fate is looked at in answers.
func (w *world) send(t try, subject string, data []byte, header nats.Header) {
	ack, err := w.publish(subject, data, header)
	if t.err = err; err == nil {
		t.at = place{ack.Stream, ack.Sequence}
		if ack.Duplicate {
			t.err = fmt.Errorf("duplicate of %d", ack.Sequence)
		}
	}
	w.pending = append(w.pending, t)
}

// answers holds every message that was sent against what it should be.
func (w *world) answers() {
	w.Helper()
	w.drained()
	refused, chains := w.refused(), w.chains()
	for _, t := range w.pending {
		w.note(t.area, t.name, t.judge(refused, chains))
	}
	w.pending = nil
}

func (t try) judge(refused map[place]string, chains map[event.Key][]*event.Decision) error {
	got := ignored
	switch code := refused[t.at]; {
	case errors.Is(t.err, context.DeadlineExceeded), errors.Is(t.err, nats.ErrTimeout):
		got = "no answer"
	case t.err != nil:
		got = unstored
	case code != "":
		got = code
	case t.want == decided && len(chains[t.key]) > 0:
		got = decided
	}
	if got != t.want {
		return fmt.Errorf("got %s, want %s (%v)", got, t.want, t.err)
	}
	if n := len(chains[t.key]); t.chain > 0 && n != t.chain {
		return fmt.Errorf("got %d decisions, want %d", n, t.chain)
	}
	return nil
}

// refused is REJECTED: the code of each message that was refused.
func (w *world) refused() map[place]string {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := w.js.Stream(ctx, event.StreamRejected)
	if err != nil {
		w.Fatal(err)
	}
	codes := map[place]string{}
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		m, err := s.GetMsg(ctx, seq)
		if err != nil {
			w.Fatal(err)
		}
		n, err := strconv.ParseUint(m.Header.Get(stream.HeaderSequence), 10, 64)
		if err != nil {
			w.Fatal(err)
		}
		codes[place{cmp.Or(m.Header.Get(stream.HeaderStream), event.StreamOrders), n}] = m.Header.Get(stream.HeaderReason)
	}
	return codes
}

// chains is DISPATCH: all decisions, by their orders.
func (w *world) chains() map[event.Key][]*event.Decision {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	all := map[event.Key][]*event.Decision{}
	err := w.Conn.Read(ctx, event.StreamDispatch, 1, 0, func(_ uint64, subject string, data []byte) error {
		k, err := event.ParseDecisionSubject(subject)
		if err != nil {
			return nil // a dispatch, an epoch
		}
		d, err := event.DecodeDecision(data)
		if err == nil {
			all[k] = append(all[k], d)
		}
		return err
	})
	if err != nil {
		w.Fatalf("read journal: %v", err)
	}
	return all
}
