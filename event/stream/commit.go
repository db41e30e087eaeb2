package stream

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

const (
	// MaxBatch is how many messages one commit may hold.
	MaxBatch = 1000

	// sendings is how often a batch is sent that did not arrive whole. The
	// server has stored nothing of it then, so sending it again is safe.
	sendings = 3

	batchID       = "Nats-Batch-Id"
	batchSequence = "Nats-Batch-Sequence"
	batchCommit   = "Nats-Batch-Commit"
)

// Commit stores the messages as one atomic batch, all or none, in their order,
// and returns their sequences. A compare-and-set must not name a subject that
// an earlier message of the same batch is stored on.
//
// Errors are event.ErrMoved, event.ErrFull or event.ErrDamaged, and then nothing was stored;
// anything else has to be taken for event.ErrUnknown, also a ctx that ended.
//
// Commits wait for one another: with two under way on the same fence, a
// replicated stream answers the second with an unknown outcome (rule E5).
func (j *Journal) Commit(ctx context.Context, batch []event.Message) ([]uint64, error) {
	if err := j.accepts(batch); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	j.turn.Lock()
	defer j.turn.Unlock()
	ctx, cancel := context.WithTimeout(ctx, j.conn.commitWait)
	defer cancel()
	for sending := 1; ; sending++ {
		last, err := j.send(ctx, batch)
		if errors.Is(err, errIncomplete) && sending < sendings {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("commit %d messages: %w", len(batch), err)
		}
		j.reached(last, batch[len(batch)-1].Subject)
		out := make([]uint64, len(batch))
		for i := range out {
			out[i] = last - uint64(len(batch)-1-i)
		}
		return out, nil
	}
}

// accepts refuses what the server would misunderstand or store only in part
// of its checks: a wildcard compare-and-set lets two writers win.
func (j *Journal) accepts(batch []event.Message) error {
	if len(batch) == 0 || len(batch) > MaxBatch {
		return fmt.Errorf("a batch holds 1 to %d messages, not %d", MaxBatch, len(batch))
	}
	for _, m := range batch {
		if m.Expect != nil && (m.Expect.Subject == "" || strings.ContainsAny(m.Expect.Subject, "*> ")) {
			return fmt.Errorf("compare-and-set on %q: the subject has to be literal", m.Expect.Subject)
		}
	}
	return nil
}

// send publishes the batch once, waits for the answer to its last message, and
// returns that message's sequence.
func (j *Journal) send(ctx context.Context, batch []event.Message) (uint64, error) {
	if err := j.intact(ctx); err != nil {
		return 0, err
	}
	id := rand.Text()
	for i := range batch[:len(batch)-1] {
		if err := j.conn.nc.PublishMsg(batchMessage(batch, i, id)); err != nil {
			return 0, unknown(err)
		}
	}
	reply, err := j.conn.nc.RequestMsgWithContext(ctx, batchMessage(batch, len(batch)-1, id))
	if err != nil {
		return 0, unknown(err)
	}
	var ack struct {
		Error    *jetstream.APIError `json:"error"`
		Sequence uint64              `json:"seq"`
		Batch    string              `json:"batch"`
		Count    int                 `json:"count"`
	}
	if err := json.Unmarshal(reply.Data, &ack); err != nil {
		return 0, unknown(fmt.Errorf("read the acknowledgement: %w", err))
	}
	if ack.Error != nil {
		return 0, refusal(ack.Error)
	}
	if len(batch) > 1 && (ack.Batch != id || ack.Count != len(batch)) || ack.Sequence < uint64(len(batch)) {
		return 0, unknown(fmt.Errorf("acknowledgement of another batch: %s", reply.Data))
	}
	return ack.Sequence, nil
}

// batchMessage is message i of the batch on the wire. A single message is no
// batch: it costs the server less as it is.
func batchMessage(batch []event.Message, i int, id string) *nats.Msg {
	m := batch[i]
	h := make(nats.Header, 7)
	if len(batch) > 1 {
		h[batchID] = []string{id}
		h[batchSequence] = []string{strconv.Itoa(i + 1)}
		if i == len(batch)-1 {
			h[batchCommit] = []string{"1"}
		}
	}
	if e := m.Expect; e != nil {
		h[jetstream.ExpectedLastSubjSeqHeader] = []string{strconv.FormatUint(e.Sequence, 10)}
		if e.Subject != m.Subject {
			h[jetstream.ExpectedLastSubjSeqSubjHeader] = []string{e.Subject}
		}
	}
	trace(h, m.Trace)
	return &nats.Msg{Subject: m.Subject, Header: h, Data: m.Data}
}
