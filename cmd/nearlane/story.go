package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router/reproduce"
)

// chapter is one decision of an order's story and its place in the journal.
type chapter struct {
	Sequence     uint64            `json:"sequence"`
	Decision     *event.Decision   `json:"decision"`
	Reproduction *reproduce.Report `json:"reproduction,omitempty"`
	Explanation  *explanation      `json:"explanation,omitempty"` // of what could be made anew

	writtenAt time.Time
	decimals  int // of the currency then
}

// explainStored tells what became of an order, from the journal alone.
func (e *explainOptions) explainStored(c *cobra.Command, id string) error {
	key, err := event.ParseKey(id)
	if err != nil {
		return usageError{fmt.Errorf("--id %q is not CHANNEL/ORDER, as tail shows it: %w", id, err)}
	}
	loaded, err := e.nats.config(c)
	if err != nil {
		return err
	}
	conn, err := e.nats.connect(c, loaded)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(c.Context()))
	story, err := storyOf(c.Context(), conn, key)
	if err != nil {
		return unavailable(err)
	}
	if len(story) == 0 {
		return codedError{exitData, fmt.Errorf("the journal has no decision on %s: it is not routed yet, was refused (nearlane rejected ls), or never came", key)}
	}
	h, err := newHistorian(c, conn, e.nats.file, loaded)
	if err != nil {
		return err
	}
	if err := h.reproduce(c.Context(), story); err != nil {
		return unavailable(err)
	}
	if err := e.tellStory(c.OutOrStdout(), loaded, key, story); err != nil {
		return err
	}
	if n := notReproduced(story); n > 0 {
		return codedError{exitFindings, fmt.Errorf("not reproduced: %d of %d decisions on %s", n, len(story), key)}
	}
	return nil
}

// tellStory tells the story, and explains the last decision that came from a
// plan.
func (e *explainOptions) tellStory(w io.Writer, loaded *config.Config, key event.Key, story []chapter) error {
	if e.asJSON {
		return writeJSON(w, story)
	}
	s := storyTeller{zone: zoneFor(loaded), decimals: -1}
	if loaded != nil {
		s.decimals = loaded.Decimals
	}
	if err := s.tell(w, key, story); err != nil {
		return err
	}
	for _, c := range slices.Backward(story) {
		if c.Explanation == nil {
			continue
		}
		if _, err := fmt.Fprintf(w, "\nhow decision %d came about\n\n", c.Sequence); err != nil {
			return err
		}
		return e.teller(c.Explanation, c.decimals).tree().print(w)
	}
	return nil
}

func notReproduced(story []chapter) (n int) {
	for _, c := range story {
		if r := c.Reproduction; r != nil && (r.Status == reproduce.Differs || r.Status == reproduce.Impossible) {
			n++
		}
	}
	return n
}

var errStoryEnds = errors.New("the story ends")

// storyOf reads the decisions on an order in their sequence.
func storyOf(ctx context.Context, conn *stream.Conn, key event.Key) ([]chapter, error) {
	journal, err := conn.Journal(ctx)
	if err != nil {
		return nil, err
	}
	last, err := journal.Last(ctx, key)
	if err != nil || last.Sequence == 0 {
		return nil, err
	}
	var story []chapter
	err = conn.Tail(ctx, event.StreamDispatch, event.DecisionSubject(key), 1, func(seq uint64, subject string, data []byte) error {
		d, err := event.DecodeDecision(data)
		if err != nil {
			return fmt.Errorf("read %s at %d: %w", subject, seq, err)
		}
		at, err := event.WrittenAt(data)
		if err != nil {
			return fmt.Errorf("read %s at %d: %w", subject, seq, err)
		}
		story = append(story, chapter{Sequence: seq, Decision: d, writtenAt: at})
		if seq >= last.Sequence {
			return errStoryEnds
		}
		return nil
	})
	if !errors.Is(err, errStoryEnds) {
		return nil, err
	}
	return story, nil
}
