package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func rejectedCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "rejected",
		Short: "List, show and put back what was refused",
		Long: `Rejected works on the stream REJECTED, where messages are kept that their own
bytes show to be wrong, or that came too early for a feature. Nothing is ever
deleted from it: it forgets after 35 days, or its oldest once it is full.`,
		Example: `  nearlane rejected ls
  nearlane rejected show 17
  nearlane rejected requeue --reason cancellation_unsupported`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("%s wants ls, show or requeue\nsee '%s --help'", c.CommandPath(), c.CommandPath())}
			}
			return usageError{fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath())}
		},
	}
	c.AddCommand(rejectedLsCommand(), rejectedShowCommand(), rejectedRequeueCommand())
	return c
}

// selection says which refused messages are meant; empty is any.
type selection struct {
	channel string
	reason  string
}

func (s *selection) add(c *cobra.Command) {
	c.Flags().StringVar(&s.reason, "reason", "", "only those refused for this reason")
	c.Flags().StringVar(&s.channel, "channel", "", "only those of this channel")
}

// check refuses what no reason or channel can be.
func (s *selection) check() error {
	for _, f := range []struct{ flag, value string }{{"--reason", s.reason}, {"--channel", s.channel}} {
		if err := event.CheckID(f.value); f.value != "" && err != nil {
			return usageError{fmt.Errorf("%s %q: %w", f.flag, f.value, err)}
		}
	}
	return nil
}

// list reads those that are meant, oldest first and without their bytes.
func (s *selection) list(ctx context.Context, conn *stream.Conn) ([]*stream.Kept, error) {
	var found []*stream.Kept
	err := conn.Rejects().List(ctx, s.channel, s.reason, func(k *stream.Kept) error {
		found = append(found, k)
		return nil
	})
	return found, unavailable(err)
}

// place reads a sequence on REJECTED from the command line.
func place(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 {
		return 0, usageError{fmt.Errorf("%q is no sequence, as 'nearlane rejected ls' shows it in front", text)}
	}
	return n, nil
}

// unavailable gives an error of the server its exit code.
func unavailable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return codedError{exitUnavailable, err}
}
