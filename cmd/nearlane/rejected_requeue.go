package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

func rejectedRequeueCommand() *cobra.Command {
	var nats natsFlags
	var which selection
	var dryRun bool
	c := &cobra.Command{
		Use:   "requeue [-c FILE] SEQUENCE... | --reason CODE [--channel CHANNEL]",
		Short: "Put refused messages back to where they came from",
		Long: `Requeue publishes refused messages again, their bytes unchanged, on the subject
that they first came on, and says of each what became of it. What is still wrong
with a message gets it refused again, as a new message of REJECTED.

A message is put back once: repeating the command changes nothing for as long as
the stream that it went to keeps it, 14 days for orders and cancellations, 35
days for the reports of couriers. A reason that nothing was refused for is no
failure.

Of a message over 256 KiB REJECTED has the beginning only; the whole is fetched
from the stream that it came from, for as long as that has it.

Exit codes: 0 all are back, 64 usage, 65 one is not there or cannot be put back,
69 no server.`,
		Example: `  nearlane rejected requeue 17 18
  nearlane rejected requeue --reason cancellation_unsupported --dry-run
  nearlane rejected requeue --reason cancellation_unsupported`,
		RunE: func(c *cobra.Command, args []string) error {
			places, err := requeuePlaces(c, args, &which)
			if err != nil {
				return err
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
			r := newRequeue(conn, dryRun, c.OutOrStdout())
			if which.reason != "" {
				err = r.selected(c.Context(), &which)
			} else {
				err = r.named(c.Context(), places)
			}
			if err != nil {
				return err
			}
			err = r.run(c.Context())
			fmt.Fprintln(c.ErrOrStderr(), r.summary())
			if err == nil && r.failed > 0 {
				err = silentError{exitData}
			}
			return err
		},
	}
	nats.add(c)
	which.add(c)
	c.Flags().BoolVar(&dryRun, "dry-run", false, "only say what would be done")
	return c
}

// requeuePlaces reads the sequences of the command line, each once and in
// order. There are none if a reason is given instead.
func requeuePlaces(c *cobra.Command, args []string, which *selection) ([]uint64, error) {
	if err := which.check(); err != nil {
		return nil, err
	}
	switch {
	case (len(args) > 0) == (which.reason != ""):
		return nil, usageError{fmt.Errorf("%s wants either sequences or --reason\nsee '%s --help'", c.CommandPath(), c.CommandPath())}
	case len(args) > 0 && which.channel != "":
		return nil, usageError{errors.New("--channel goes with --reason only")}
	}
	places := make([]uint64, len(args))
	for i, arg := range args {
		var err error
		if places[i], err = place(arg); err != nil {
			return nil, err
		}
	}
	slices.Sort(places)
	return slices.Compact(places), nil
}
