package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func publishCommand() *cobra.Command {
	var nats natsFlags
	var channel string
	c := &cobra.Command{
		Use:   "publish [-c FILE] ORDERS.json|-",
		Short: "Publish orders, a file of JSON objects",
		Long: `Publish puts each object of a file onto orders.v1.<channel>.placed and waits
until all are stored. It may be repeated: an order that is stored once more is
decided once. Objects are plain orders or structured CloudEvents. Each begins a
line of its own and may go over several; for a JSON array of them, jq '.[]' first.

An order needs no more than an orderId and a channel to be sent: whatever else
may be wrong with it, the router says, and its answer is on REJECTED. One without
them, or larger than the server takes, is reported and not sent.

Exit codes: 0 all stored, 65 an order was not sent, 66 no such file, 69 no
server.`,
		Example: `  nearlane publish order.json
  nearlane publish -c nearlane.yaml --channel webshop orders.ndjson
  generate-orders | nearlane publish --nats nats://127.0.0.1:4222 -`,
		Args: exactly(1, "one file of orders, or - for stdin"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := event.CheckID(channel); channel != "" && err != nil {
				return usageError{fmt.Errorf("--channel %q: %w", channel, err)}
			}
			p := &publication{name: args[0], channel: channel, meter: newMeter(c.ErrOrStderr())}
			in := c.InOrStdin()
			if args[0] == "-" {
				p.name = "stdin"
			} else {
				f, err := config.OpenFile(args[0])
				if err != nil {
					return codedError{exitNoInput, fmt.Errorf("read orders: %w", err)}
				}
				defer f.Close()
				in = f
			}
			loaded, err := nats.config(c)
			if err != nil {
				return err
			}
			conn, err := nats.connect(c, loaded)
			if err != nil {
				return err
			}
			defer conn.Close(context.WithoutCancel(c.Context()))
			return p.run(c.Context(), conn, in)
		},
	}
	nats.add(c)
	c.Flags().StringVar(&channel, "channel", "", "publish on this channel, whatever the order says")
	return c
}

// publication is one file on its way to ORDERS.
type publication struct {
	name    string // of the file
	channel string // of all orders; empty: each its own
	meter   *meter

	sent    []int // line numbers whose outcome is outstanding, oldest first
	stored  int
	unsent  int
	failure error // why no more are sent
}

// run publishes and says what became of it.
func (p *publication) run(ctx context.Context, conn *stream.Conn, in io.Reader) error {
	p.meter.say("publishing %s", p.name)
	err := p.publish(ctx, conn, in)
	p.meter.done(p.summary())
	if err == nil && p.unsent > 0 {
		err = silentError{exitData}
	}
	return err
}

// publish sends every line that can be sent and waits for the outcomes.
func (p *publication) publish(ctx context.Context, conn *stream.Conn, in io.Reader) error {
	publisher := conn.Publisher(p.settled)
	lines := newLines(in, conn.MaxPayload())
	for lines.next() && p.failure == nil {
		out, refusal := p.outgoing(lines)
		if refusal != nil {
			p.refuse(lines.number, refusal)
			continue
		}
		p.sent = append(p.sent, lines.number)
		if err := publisher.Send(ctx, out); err != nil {
			return err
		}
	}
	if err := publisher.Flush(ctx); err != nil {
		return err
	}
	if lines.err != nil {
		return codedError{exitData, fmt.Errorf("read %s: %w", p.name, lines.err)}
	}
	return p.failure
}

// outgoing is the message for a line.
func (p *publication) outgoing(l *lines) (stream.Outgoing, *event.Refusal) {
	if l.tooLong {
		return stream.Outgoing{}, &event.Refusal{Code: event.CodeTooLarge, Detail: fmt.Sprintf("more than %d bytes, which the server does not take", l.most)}
	}
	key, refusal := event.Identify(l.text)
	if refusal != nil {
		return stream.Outgoing{}, refusal
	}
	if p.channel != "" {
		key.Channel = p.channel
	}
	switch err := event.CheckID(key.Channel); {
	case errors.Is(err, event.ErrEmptyID):
		return stream.Outgoing{}, &event.Refusal{Code: event.CodeMissingField, Pointer: "/channel", Detail: "required, unless --channel gives it"}
	case err != nil:
		return stream.Outgoing{}, &event.Refusal{Code: event.CodeBadID, Pointer: "/channel", Detail: err.Error()}
	}
	// The publisher sends it later; the line's own bytes change with the next.
	return stream.Outgoing{Subject: event.PlacedSubject(key.Channel), Data: append([]byte(nil), l.text...)}, nil
}

// settled takes the outcome of the oldest line outstanding.
func (p *publication) settled(m stream.Outgoing, o stream.Outcome) {
	number := p.sent[0]
	p.sent = p.sent[1:]
	var refusal *event.Refusal
	switch {
	case errors.As(o.Err, &refusal):
		p.refuse(number, refusal)
	case errors.Is(o.Err, event.ErrQuota):
		p.unsent++
		if p.failure == nil {
			p.failure = codedError{exitUnavailable, fmt.Errorf(`%s:%d: publish: %w: %s
until its oldest orders are forgotten, or nats.quotas.channel is raised and 'nearlane streams apply' has been run, ORDERS takes no more of this channel`,
				p.name, number, o.Err, plain(m.Subject))}
		}
	case o.Err != nil:
		p.unsent++
		if p.failure == nil {
			p.failure = codedError{exitUnavailable, fmt.Errorf("%s:%d: publish: %w", p.name, number, o.Err)}
		}
	default:
		p.stored++
	}
	p.meter.count(p.stored)
}

func (p *publication) refuse(number int, r *event.Refusal) {
	p.unsent++
	p.meter.say("%s:%d: not sent: %s", p.name, number, r)
}

func (p *publication) summary() string {
	text := fmt.Sprintf("%d stored", p.stored)
	if p.unsent > 0 {
		text += fmt.Sprintf(", %d not sent", p.unsent)
	}
	return text
}
