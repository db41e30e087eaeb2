package main

import (
	"context"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event/stream"
)

// lookAtJournal says whether the journal has all that it had, as far as that
// shows without reading it.
func (d *doctor) lookAtJournal(ctx context.Context, conn *stream.Conn) {
	const check = "journal"
	dir := ""
	if d.config != nil {
		dir = d.config.DataDir
	}
	remembered, err := app.Remembered(ctx, conn, dir)
	if err != nil {
		d.fail(check, "see whether NATS has a majority of its servers, and who owns the data folder", "%v", err)
		return
	}
	e, damage, err := app.Examine(ctx, conn, remembered, d.now)
	switch {
	case err != nil:
		d.fail(check, "see whether NATS has a majority of its servers", "%v", err)
		return
	case damage != nil:
		d.fail(check, "stop the routers, and see docs/ops.md, A damaged journal: put it back, or nearlane run --accept-loss", "%v", damage)
		return
	}
	text := "empty"
	if e.Messages > 0 {
		text = "messages " + stream.Gap{From: e.First, Through: e.Last}.String()
	}
	accepted := stream.Missing(remembered[0].Accepted)
	newest, known := remembered[0].Newest()
	switch {
	case accepted > 0:
		d.warn(check, "nearlane audit names what is missing", "%s, of which a loss of %d was accepted at %s", text, accepted, remembered[0].AcceptedAt.UTC().Format("2006-01-02T15:04:05Z"))
	case !known:
		d.ok(check, "%s; nothing is remembered of it to hold against that, a router writes it down", text)
	default:
		d.ok(check, "%s, remembered through %d; 'nearlane audit' reads whether each of them can be read", text, newest.Sequence)
	}
}
