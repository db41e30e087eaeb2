package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/legible"
)

func rejectedShowCommand() *cobra.Command {
	var nats natsFlags
	var bytesAlone bool
	c := &cobra.Command{
		Use:   "show [-c FILE] SEQUENCE",
		Short: "Show one refused message, its headers and its bytes",
		Long: `Show prints the headers with which a message stands on REJECTED and, after an
empty line, the bytes as they were refused; on a terminal, control characters
in them are spelt out. With --raw it prints the bytes and nothing else.

Of a message over 256 KiB REJECTED has the beginning only; the whole is fetched
from the stream that it came from, for as long as that has it.

Exit codes: 0 shown, 64 usage, 65 there is no such message, or only its
beginning is left (which --raw does not print), 69 no server.`,
		Example: `  nearlane rejected show 17
  nearlane rejected show 17 --raw | jq .shipTo`,
		Args: exactly(1, "one sequence"),
		RunE: func(c *cobra.Command, args []string) error {
			seq, err := place(args[0])
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
			return showRejected(c.Context(), conn, seq, bytesAlone, zoneFor(loaded), c.OutOrStdout())
		},
	}
	nats.add(c)
	c.Flags().BoolVar(&bytesAlone, "raw", false, "the bytes alone, exactly as they were refused")
	return c
}

func showRejected(ctx context.Context, conn *stream.Conn, seq uint64, bytesAlone bool, zone *time.Location, w io.Writer) error {
	k, err := conn.Rejects().At(ctx, seq)
	if err != nil {
		return unavailable(err)
	}
	if k == nil {
		return codedError{exitData, fmt.Errorf("REJECTED has no message at %d", seq)}
	}
	data, err := conn.Rejects().Whole(ctx, k)
	gone := errors.Is(err, stream.ErrPartial)
	switch {
	case err != nil && !gone:
		return unavailable(err)
	case gone && bytesAlone:
		return codedError{exitData, fmt.Errorf("message at %d: %w", seq, err)}
	case gone:
		data, err = k.Data, codedError{exitData, fmt.Errorf("message at %d: %w", seq, err)}
	case bytesAlone:
		_, err := raw(w).Write(data)
		return err
	}
	if writeErr := writeKept(w, zone, k, data); writeErr != nil {
		return writeErr
	}
	return err
}

// writeKept writes headers and bytes, as a letter has them.
func writeKept(w io.Writer, zone *time.Location, k *stream.Kept, data []byte) error {
	fmt.Fprintf(w, "Sequence: %d\nTime: %s\nBytes: %d\n", k.Place, k.StoredAt.In(zone).Format(time.RFC3339), k.Size)
	for _, name := range slices.Sorted(maps.Keys(k.Header)) {
		for _, value := range k.Header[name] {
			fmt.Fprintf(w, "%s: %s\n", cell(name, idWidth), cell(value, 0))
		}
	}
	body := raw(w)
	if terminal(w) {
		data = legible.Lines(data)
	}
	end := "\n"
	if bytes.HasSuffix(data, []byte("\n")) {
		end = ""
	}
	_, err := fmt.Fprintf(body, "\n%s%s", data, end)
	return err
}
