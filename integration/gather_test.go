package integration

import (
	"context"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// gathering makes the router's first batch one of n messages, however slowly
// they come.
func gathering(n int) wrap {
	return func(o *router.Options) { o.Inbox = &gatherer{o.Inbox, n} }
}

type gatherer struct {
	router.Inbox
	missing int
}

func (g *gatherer) Pull(ctx context.Context) ([]event.Delivery, error) {
	in, err := g.Inbox.Pull(ctx)
	for err == nil && len(in) < g.missing {
		var more []event.Delivery
		more, err = g.Inbox.Pull(ctx)
		in = append(in, more...)
	}
	g.missing = 0
	return in, err
}
