package app

import (
	"context"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// examine notes what speaks against the journal before it is read: a lost end
// or beginning leaves nothing to stumble over.
func (a *auditor) examine(ctx context.Context, conn *stream.Conn) error {
	remembered, err := Remembered(ctx, conn, "")
	if err != nil {
		return err
	}
	a.accepted = remembered[0].Accepted
	e, err := conn.Extent(ctx)
	if err != nil {
		return err
	}
	says, err := contradicts(ctx, conn, remembered[0], e)
	for _, what := range says {
		a.journal.Breach("the journal is damaged: %s", what)
	}
	return err
}

// missing notes messages that the journal lacks.
func (a *auditor) missing(gap stream.Gap) error {
	a.Missing += gap.Messages()
	for _, lost := range stream.Without([]stream.Gap{gap}, a.accepted) {
		a.journal.Breach("%s lacks %s: %d messages are missing or cannot be read", event.StreamDispatch, lost, lost.Messages())
	}
	return nil
}
