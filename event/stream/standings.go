package stream

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// Standings is the journal for those who follow what stands for each order,
// and wake orders that wait.
type Standings struct {
	*Retries
	conn *Conn
}

// Standings returns the journal's standings.
func (c *Conn) Standings() *Standings { return &Standings{c.Retries(), c} }

// Standing visits every decision in the journal's order, then every further one
// as it is stored, until ctx ends; its error is that of ctx then. The last one
// per order would do, but nats-server (2.15.2) leaves out the next of those where
// it does not fit into what is left of a request's bytes.
func (s *Standings) Standing(ctx context.Context, visit Visit) error {
	return s.conn.follow(ctx, event.StreamDispatch, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{event.AllDecisions},
		DeliverPolicy:  jetstream.DeliverAllPolicy,
	}, at(0), bare(visit))
}

// Last is the sequence of the journal's last message.
func (s *Standings) Last(ctx context.Context) (uint64, error) {
	_, last, err := s.conn.Bounds(ctx, event.StreamDispatch)
	return last, err
}

// Decision reads the decision at a sequence from the leader; nil: it is gone.
func (s *Standings) Decision(ctx context.Context, seq uint64) (*event.Decision, error) {
	dispatch, err := s.conn.leaderRead(ctx, event.StreamDispatch)
	if err != nil {
		return nil, err
	}
	msg, err := messageAt(ctx, dispatch, seq)
	if err != nil || msg == nil {
		return nil, err
	}
	return event.DecodeDecision(msg.Data)
}
