package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router/replay"
)

// recording is orders and cancellations as they were recorded, and what of them
// the router would refuse.
type recording struct {
	since, until time.Time // only what happened in this span; zero: no bound

	inputs  []replay.Input
	outside int // of the span
	refused []refusedMessage
}

// refusedMessage is one that is not routed, and where it stands.
type refusedMessage struct {
	At      string `json:"at"` // file:line, or stream/sequence
	Code    string `json:"code"`
	Pointer string `json:"pointer,omitempty"`
	Detail  string `json:"detail"`
}

// readFile reads a file of JSON objects, orders and cancellations.
func (r *recording) readFile(in io.Reader, name string) error {
	l := newLines(in, event.MaxOrderBytes)
	for l.next() {
		at := name + ":" + strconv.Itoa(l.number)
		if l.tooLong {
			r.refuse(at, &event.Refusal{Code: event.CodeTooLarge, Detail: fmt.Sprintf("more than %d bytes", l.most)})
			continue
		}
		r.add(at, subjectOf(l.text), l.text)
	}
	if l.err != nil {
		return codedError{exitData, fmt.Errorf("read %s: %w", name, l.err)}
	}
	return nil
}

// readStream reads ORDERS from its beginning.
func (r *recording) readStream(ctx context.Context, conn *stream.Conn) error {
	return conn.Read(ctx, event.StreamOrders, 1, 0, func(seq uint64, subject string, data []byte) error {
		r.add(fmt.Sprintf("%s/%d", event.StreamOrders, seq), subject, data)
		return nil
	})
}

// add takes a message as the router does when it pulls it, except that nothing
// is too old or in the future.
func (r *recording) add(at, subject string, data []byte) {
	var in replay.Input
	var refusal *event.Refusal
	if _, kind, err := event.ParseOrderSubject(subject); err == nil && kind == event.KindCancelled {
		in.Cancellation, refusal = event.DecodeCancellation(subject, data)
	} else {
		in.Order, refusal = event.DecodeOrder(subject, data, afterAll)
	}
	switch {
	case refusal != nil:
		r.refuse(at, refusal)
	case !in.Within(r.since, r.until):
		r.outside++
	default:
		r.inputs = append(r.inputs, in)
	}
}

func (r *recording) refuse(at string, f *event.Refusal) {
	r.refused = append(r.refused, refusedMessage{At: at, Code: f.Code, Pointer: f.Pointer, Detail: f.Detail})
}

// subjectOf is the subject that a message of a file would have come on. What
// says when it was cancelled is a cancellation.
func subjectOf(data []byte) string {
	channel := channelOf(data)
	if bytes.Contains(data, []byte("cancelled")) { // seldom, and then it is read
		var e struct {
			Type        json.RawMessage `json:"type"`
			CancelledAt json.RawMessage `json:"cancelledAt"`
		}
		if json.Unmarshal(data, &e) == nil && (e.CancelledAt != nil || string(e.Type) == `"`+event.TypeOrderCancelled+`"`) {
			return event.CancelledSubject(channel)
		}
	}
	return event.PlacedSubject(channel)
}

// openRecording opens a file of recorded orders; "-" is stdin.
func openRecording(stdin io.Reader, name string) (io.ReadCloser, string, error) {
	if name == "-" {
		return io.NopCloser(stdin), "stdin", nil
	}
	f, err := config.OpenFile(name)
	if err != nil {
		return nil, name, codedError{exitNoInput, fmt.Errorf("read orders: %w", err)}
	}
	return f, name, nil
}

var errNothingRecorded = errors.New("nothing to replay")
