package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/event/stream"
)

func rejectedLsCommand() *cobra.Command {
	var nats natsFlags
	var which selection
	var asJSON bool
	c := &cobra.Command{
		Use:   "ls [-c FILE] [--reason CODE] [--channel CHANNEL]",
		Short: "List refused messages, and how many for which reason",
		Long: `Ls lists the refused messages, oldest first: the sequence on REJECTED, by which
show and requeue know it, the time in the zone of the config's regions, the
channel, the reason, what in the message is wrong, the subject that it came on
and its size in bytes. Below stands how many there are for each reason.

Exit codes: 0 listed, 64 usage, 69 no server.`,
		Example: `  nearlane rejected ls
  nearlane rejected ls --reason order_changed --channel webshop
  nearlane rejected ls --json | jq .reasons`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := which.check(); err != nil {
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
			found, err := which.list(c.Context(), conn)
			if err != nil {
				return err
			}
			if asJSON {
				return writeRejectedJSON(c.OutOrStdout(), found)
			}
			return writeRejected(c.OutOrStdout(), zoneFor(loaded), found)
		},
	}
	nats.add(c)
	which.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "the list and the counts as one JSON object")
	return c
}

// writeRejected shows the list to a person. No column is empty, so that it can
// be cut at its spaces.
func writeRejected(w io.Writer, zone *time.Location, found []*stream.Kept) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	or := func(s string, columns int) string { return cell(cmp.Or(s, "-"), columns) }
	if len(found) > 0 {
		fmt.Fprintln(t, "sequence\ttime\tchannel\treason\tpointer\tsubject\tbytes")
	}
	for _, k := range found {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%d\n", k.Place, k.StoredAt.In(zone).Format(time.RFC3339),
			or(k.Channel, codeWidth), or(k.Reason, idWidth), or(k.Pointer, idWidth), or(k.Subject, idWidth), k.Size)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(found) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(t, "refused\t%d\n", len(found))
	reasons := countReasons(found)
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(t, "  %s\t%d\n", or(reason, idWidth), reasons[reason])
	}
	return t.Flush()
}

func writeRejectedJSON(w io.Writer, found []*stream.Kept) error {
	// Sequence and the like mean what they do in 'tail --rejected --json'.
	type message struct {
		RejectedSequence uint64    `json:"rejectedSequence"`
		StoredAt         time.Time `json:"storedAt"`
		Channel          string    `json:"channel"`
		Reason           string    `json:"reason"`
		Pointer          string    `json:"pointer"`
		Detail           string    `json:"detail"`
		Stream           string    `json:"stream"`
		Subject          string    `json:"subject"`
		Sequence         uint64    `json:"sequence"`
		Size             int       `json:"size"`
	}
	messages := make([]message, len(found))
	for i, k := range found {
		messages[i] = message{k.Place, k.StoredAt, k.Channel, k.Reason, k.Pointer, k.Detail, k.Stream, k.Subject, k.Sequence, k.Size}
	}
	return json.NewEncoder(w).Encode(struct {
		Messages []message      `json:"messages"`
		Reasons  map[string]int `json:"reasons"`
	}{messages, countReasons(found)})
}

func countReasons(found []*stream.Kept) map[string]int {
	n := make(map[string]int)
	for _, k := range found {
		n[k.Reason]++
	}
	return n
}
