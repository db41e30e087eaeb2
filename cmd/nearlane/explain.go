package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
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
		Long: `Explain plans one order as the router would with nothing taken yet, and shows
every lane and locker that came up with its reason, and the options best first.
It needs neither NATS nor Redis, and does not know what is full.

With --id it tells what became of an order instead: every decision on it in the
journal, with the reasons it had then, and what was full then.

Exit codes: 0 planned, be it routable or not; 65 the router would refuse it, or
the journal has no decision on it; 66 no such file.`,
		Example: `  nearlane explain -c nearlane.yaml order.json
  nearlane explain -c nearlane.yaml --id webshop/W1
  nearlane explain -c nearlane.yaml --at placed order.json
  head -1 orders.ndjson | nearlane explain --at 2026-08-04T09:00:00+03:00 -`,
		Args: func(c *cobra.Command, args []string) error {
			if e.id != "" {
				return exactly(0, "either an order or --id")(c, args)
			}
			return exactly(1, "one order, in a file or - for stdin, or --id")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if e.id != "" {
				if e.at != "" || e.all {
					return usageError{errors.New("--at and --all go with an order, not with --id")}
				}
				return e.explainStored(c, e.id)
			}
			data, err := readInput(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			loaded, err := loadConfig(e.nats.file, c.ErrOrStderr())
			if err != nil {
				return err
			}
			name := args[0]
			if name == "-" {
				name = "stdin"
			}
			return e.explain(c.OutOrStdout(), loaded, name, data)
		},
	}
	e.nats.add(c)
	c.Flags().StringVar(&e.id, "id", "", "tell the story of this order, CHANNEL/ORDER, from the journal")
	c.Flags().StringVar(&e.at, "at", "", "plan at this instant (RFC 3339), or at \"placed\", when the order was placed (default: now)")
	c.Flags().BoolVar(&e.all, "all", false, "show all options")
	c.Flags().BoolVar(&e.asJSON, "json", false, "the explanation as JSON, with all options; with --id the decisions")
	return c
}

type explainOptions struct {
	nats        natsFlags // asked with --id only
	at, id      string
	all, asJSON bool
}

// explain writes what the network makes of the order in data.
func (e *explainOptions) explain(w io.Writer, loaded *config.Config, name string, data []byte) error {
	network, err := router.Build(loaded)
	if err != nil {
		return codedError{exitConfig, err}
	}
	order, now, err := readOrder(data, e.at)
	var refusal *event.Refusal
	switch {
	case errors.As(err, &refusal) && e.asJSON:
		return refuseAsJSON(w, refusal)
	case refusal != nil:
		return codedError{exitData, fmt.Errorf("%s: the router refuses this order: %w", name, refusal)}
	case err != nil:
		return err
	}
	explained := explain(network, order, now)
	if e.asJSON {
		return writeJSON(w, explained)
	}
	t := teller{explanation: explained, decimals: loaded.Decimals, options: shownOptions}
	if e.all {
		t.options = len(explained.Options)
	}
	return t.tree().print(w)
}

// readInput reads a whole file, or stdin for "-".
func readInput(stdin io.Reader, name string) ([]byte, error) {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
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
