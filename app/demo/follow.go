package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// message is one that the router stored, and when it was seen, in real time.
type message struct {
	stream  string
	seq     uint64
	subject string
	data    []byte
	seen    time.Time
}

// followers read streams as they grow.
type followers struct {
	messages chan message
	failed   <-chan struct{} // one of them has given up; stop tells why
	group    *errgroup.Group
	cancel   context.CancelFunc
}

// follow reads the journal and REJECTED from their beginnings, until stop.
func follow(ctx context.Context, conn *stream.Conn) *followers {
	ctx, cancel := context.WithCancel(ctx)
	group, grouped := errgroup.WithContext(ctx)
	f := &followers{messages: make(chan message, 1024), failed: grouped.Done(), group: group, cancel: cancel}
	for _, name := range []string{event.StreamDispatch, event.StreamRejected} {
		group.Go(func() error {
			err := conn.Tail(grouped, name, ">", 1, func(seq uint64, subject string, data []byte) error {
				select {
				case f.messages <- message{name, seq, subject, data, time.Now()}:
					return nil
				case <-grouped.Done():
					return grouped.Err()
				}
			})
			if grouped.Err() != nil {
				return nil
			}
			return err
		})
	}
	return f
}

// stop ends the reading and returns why it ended early, if it did.
func (f *followers) stop() error {
	f.cancel()
	return f.group.Wait()
}

// rejectedFor is the channel and the reason code of a subject of REJECTED.
func rejectedFor(subject string) (channel, code string, err error) {
	tokens := strings.Split(subject, ".")
	if len(tokens) != 4 {
		return "", "", fmt.Errorf("parse subject %q: want rejected.v1.<channel>.<reason>", subject)
	}
	if channel, err = event.Untoken(tokens[2]); err == nil {
		code, err = event.Untoken(tokens[3])
	}
	if err != nil {
		return "", "", fmt.Errorf("parse subject %q: %w", subject, err)
	}
	return channel, code, nil
}
