package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// atPlaced, as the value of --at, plans at the instant the order was placed.
const atPlaced = "placed"

// afterAll is later than any order can have been placed.
var afterAll = time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)

func explainCommand() *cobra.Command {
	var e explainOptions
	c := &cobra.Command{
		Use:   "explain -c FILE {ORDER.json|-|--id CHANNEL/ORDER}",
		Short: "Show where an order would go, or where it went, and why not elsewhere",
		Long: `Explain plans one order as the router would, and shows where it ships to, which
catchments hold that place and the line of the config that says so, every lane
and locker with its reason, the options best first and what put each behind the
best. As if nothing were taken, it needs neither NATS nor Redis; with --live it
reads from the journal what is, and what staff have closed.

With --id it tells what became of an order: every decision on it in the journal.
Each that came from a plan is made anew from its inputs: the order on ORDERS,
the instant, what was excluded and full, and the config of then, which routers
keep on NATS. It says 'reproduced exactly', or what differs and which input has
changed since; and where the order would go by the config of today. The last
one is then explained as above.

Exit codes: 0 planned, be it routable or not, or all reproduced; 2 a decision is
not reproduced; 65 the router would refuse the order, or the journal has no
decision on it; 66 no such file; 69 NATS is not reachable.`,
		Example: `  nearlane explain -c nearlane.yaml order.json
  nearlane explain -c nearlane.yaml --live order.json
  nearlane explain -c nearlane.yaml --id webshop/W1
  nearlane explain -c nearlane.yaml --at placed order.json
  nearlane explain --id webshop/W1 --json | jq '.[].reproduction.status'
  head -1 orders.ndjson | nearlane explain --at 2026-08-04T09:00:00+03:00 -`,
		Args: func(c *cobra.Command, args []string) error {
			if e.id != "" {
				return exactly(0, "either an order or --id")(c, args)
			}
			return exactly(1, "one order, in a file or - for stdin, or --id")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if e.id != "" {
				if e.at != "" || e.live {
					return usageError{errors.New("--at and --live go with an order, not with --id")}
				}
				return e.explainStored(c, e.id)
			}
			return e.explainOrder(c, args[0])
		},
	}
	e.nats.add(c)
	c.Flags().StringVar(&e.id, "id", "", "tell the story of this order, CHANNEL/ORDER, from the journal")
	c.Flags().StringVar(&e.at, "at", "", "plan at this instant (RFC 3339), or at \"placed\", when the order was placed (default: now)")
	c.Flags().BoolVar(&e.live, "live", false, "with what is taken and closed by now, from the journal")
	c.Flags().BoolVar(&e.all, "all", false, "show all options and lanes")
	c.Flags().BoolVar(&e.asJSON, "json", false, "the explanation as JSON, with all options; with --id the decisions, each with its reproduction")
	return c
}

type explainOptions struct {
	nats              natsFlags // asked with --id and --live only
	at, id            string
	live, all, asJSON bool
}

// explainOrder explains an order in a file, which nobody has to have decided.
func (e *explainOptions) explainOrder(c *cobra.Command, name string) error {
	data, err := readInput(c.InOrStdin(), name)
	if err != nil {
		return err
	}
	loaded, network, err := loadNetwork(c, e.nats.file)
	if err != nil {
		return err
	}
	if name == "-" {
		name = "stdin"
	}
	order, now, err := readOrder(data, e.at)
	var refusal *event.Refusal
	switch {
	case errors.As(err, &refusal) && e.asJSON:
		return refuseAsJSON(c.OutOrStdout(), refusal)
	case refusal != nil:
		return codedError{exitData, fmt.Errorf("%s: the router refuses this order: %w", name, refusal)}
	case err != nil:
		return err
	}
	v := view{config: loaded, network: network, order: order, place: network.Locate(order), now: now,
		excluded: order.Constraints.ExcludedSites, capacity: nothingTaken}
	if e.live {
		if err := e.look(c, &v); err != nil {
			return err
		}
	}
	explained := explain(v)
	explained.Place.Asks = network.Geocodes(order)
	return e.show(c.OutOrStdout(), explained, loaded.Decimals)
}

// look reads what is taken by now from the journal, and what staff have closed.
func (e *explainOptions) look(c *cobra.Command, v *view) error {
	conn, err := e.nats.connect(c, v.config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(c.Context()))
	refold, err := readJournal(c.Context(), conn)
	if err != nil {
		return err
	}
	if v.network, err = withClosures(c.Context(), conn, v.network); err != nil {
		return unavailable(err)
	}
	v.capacity = ofJournal
	v.taken = func(slot string) int64 { return refold.Slots[slot].Units }
	v.room = func(o *router.Option) bool { return o.Fits(v.taken) }
	return nil
}

func (e *explainOptions) show(w io.Writer, explained *explanation, decimals int) error {
	if e.asJSON {
		return writeJSON(w, explained)
	}
	return e.teller(explained, decimals).tree().print(w)
}

func (e *explainOptions) teller(explained *explanation, decimals int) *teller {
	t := &teller{explanation: explained, decimals: decimals, options: shownOptions, names: shownNames}
	if e.all {
		t.options, t.names = len(explained.Options), len(explained.Lanes)
	}
	return t
}

// readInput reads a whole file, or stdin for "-".
func readInput(stdin io.Reader, name string) ([]byte, error) {
	in := stdin
	if name != "-" {
		f, err := config.OpenFile(name)
		if err != nil {
			return nil, codedError{exitNoInput, fmt.Errorf("read order: %w", err)}
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, event.MaxOrderBytes+1))
	if err != nil {
		return nil, codedError{exitData, fmt.Errorf("read order: %w", err)}
	}
	return data, nil
}

// readOrder decodes an order as the router does when it pulls it at that
// instant. Its error may be an *event.Refusal.
func readOrder(data []byte, at string) (*event.Order, time.Time, error) {
	now := time.Now()
	if at != "" && at != atPlaced {
		var err error
		if now, err = instant("--at", at); err != nil {
			return nil, now, err
		}
	}
	if at == atPlaced {
		now = afterAll // so that only the rest of the order is judged
	}
	order, refusal := event.DecodeOrder(event.PlacedSubject(channelOf(data)), data, now)
	if refusal != nil {
		return nil, now, refusal
	}
	if at == atPlaced {
		now = order.PlacedAt
	}
	if refusal := event.StaleOrder(order, now, stream.KeepOrders); refusal != nil {
		refusal.Detail += "; --at placed plans it as of then"
		return nil, now, refusal
	}
	return order, now, nil
}

// channelOf is the channel that an order names: as if it had come on its
// subject. Where it names none, decoding says so.
func channelOf(data []byte) string {
	key, _ := event.Identify(data)
	if event.CheckID(key.Channel) != nil {
		return "-"
	}
	return key.Channel
}

func refuseAsJSON(w io.Writer, r *event.Refusal) error {
	out := struct {
		Refused struct {
			Code    string `json:"code"`
			Pointer string `json:"pointer"`
			Detail  string `json:"detail"`
		} `json:"refused"`
	}{}
	out.Refused.Code, out.Refused.Pointer, out.Refused.Detail = r.Code, r.Pointer, r.Detail
	if err := writeJSON(w, out); err != nil {
		return err
	}
	return silentError{exitData}
}

// writeJSON writes v for people and jq alike.
func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
