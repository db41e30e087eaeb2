package reproduce

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// Status says what came of making a decision anew.
type Status string

const (
	Reproduced Status = "reproduced"  // the same to the letter
	Differs    Status = "differs"     // Differences says in what, Changes why
	NotAPlan   Status = "not_planned" // nothing to make anew: no plan led to it
	Impossible Status = "impossible"  // an input is gone; Changes says which
)

// Report is what there is to tell of one stored decision.
type Report struct {
	Status      Status       `json:"status"`
	Why         string       `json:"why,omitempty"`      // of NotAPlan and Impossible
	Revision    string       `json:"revision,omitempty"` // of the network that it was made anew on
	Closed      []string     `json:"closed,omitempty"`   // what staff had closed then, by hand
	TookOver    bool         `json:"tookOver,omitempty"` // see Result.Held
	Differences []Difference `json:"differences,omitempty"`
	Changes     []Change     `json:"changes,omitempty"` // of the inputs; there may be some that make no difference
	Today       *Today       `json:"today,omitempty"`

	Again *event.Decision `json:"-"`
}

// Today is what the order would have got under the present config, at the same
// instant and with the same found full, where that is not what it got.
type Today struct {
	Revision string        `json:"revision"`
	Outcome  event.Outcome `json:"outcome"`
	Reasons  []string      `json:"reasons,omitempty"`
	Way      *event.Body   `json:"way,omitempty"` // of Dispatched
	Changes  []Change      `json:"changes,omitempty"`
}

// Of makes one decision anew on the network of then, and asks the present one
// as well. Either may be nil: not known.
func Of(c Case, then, present *Network) Report {
	if why := NotPlanned(c.Stored, c.Before); why != "" {
		return Report{Status: NotAPlan, Why: why}
	}
	if c.Order == nil {
		return Report{Status: Impossible, Why: fmt.Sprintf("ORDERS no longer has the order at %d", c.Stored.OrderSequence),
			Changes: []Change{{Kind: OrderGone}}}
	}
	r := Report{Status: Impossible, Why: fmt.Sprintf("config %s is not to be had; with -c, the one of today would stand in", c.Stored.ConfigRevision)}
	if then != nil {
		result := Decision(then.Network, c)
		r = Report{Status: Reproduced, Revision: then.Revision, Closed: closed(then), Again: result.Again, TookOver: result.Held,
			Differences: result.Differences, Changes: slices.Clone(then.Changes)}
		if len(r.Differences) > 0 {
			r.Status = Differs
			r.Changes = append(r.Changes, otherwise(c, r)...)
		}
	}
	r.Today = today(c, then, present)
	return r
}

// otherwise is why a decision differs though its network is the one of then.
func otherwise(c Case, r Report) []Change {
	switch {
	case len(r.Changes) > 0:
		return nil
	case !c.WrittenAt.Equal(c.Stored.DecidedAt) && onlyWeighed(r.Differences):
		return []Change{{Kind: TakenOver}}
	}
	return []Change{{Kind: ProgramChanged}}
}

// onlyWeighed reports whether nothing differs but what was found about lanes
// that were not taken.
func onlyWeighed(list []Difference) bool {
	return !slices.ContainsFunc(list, func(d Difference) bool {
		return !strings.HasPrefix(d.Field, candidateField) && !strings.HasPrefix(d.Field, countField)
	})
}

// closed lists what staff had closed, and on which days.
func closed(n *Network) (list []string) {
	for _, c := range n.Closures() {
		list = append(list, fmt.Sprintf("%s on %s", c.Target(), c.Days()))
	}
	return list
}

// today is nil where the order would get what it got.
func today(c Case, then, present *Network) *Today {
	if present == nil || c.Stored.ConfigRevision == present.Revision {
		return nil
	}
	d := present.redecide(c, then)
	way, was := sent(d), sent(c.Stored)
	if d.Outcome == c.Stored.Outcome && router.SameWay(way, was) && slices.Equal(d.Reasons, ownReasons(c, d.Reasons)) {
		return nil
	}
	t := &Today{Revision: present.Revision, Outcome: d.Outcome, Reasons: d.Reasons, Changes: since(c, then, present)}
	if d.Outcome == event.Dispatched {
		t.Way = way
	}
	return t
}

// redecide decides as then on this network. If the network of then is known to
// the letter, so are the ways that were full, and any other had room, unless
// its limit is higher now.
func (n *Network) redecide(c Case, then *Network) *event.Decision {
	if then == nil || len(then.Changes) > 0 {
		return n.Redecide(c.Order, c.Stored)
	}
	_, refused := then.RedecideRefused(c.Order, c.Stored)
	d, _ := n.RedecideWith(c.Order, c.Stored, func(b *event.Body) bool {
		return !slices.ContainsFunc(refused, func(full event.Body) bool { return router.SameWay(&full, b) && !roomier(&full, b) })
	})
	return d
}

// roomier reports whether any limit is higher now, for two bodies of one way.
func roomier(then, now *event.Body) bool {
	for i := range now.Claims {
		if now.Claims[i].Limit > then.Claims[i].Limit {
			return true
		}
	}
	return false
}

// since lists what the present network has that the one of then had not, and
// the other way round.
func since(c Case, then, present *Network) []Change {
	revision := configOf(c.Stored.ConfigRevision)
	if then == nil {
		return Changes(revision, nil, present.Config.Bundle())
	}
	list := Changes(revision, then.Config.Bundle(), present.Config.Bundle())
	if before, now := strings.Join(closed(then), ", "), strings.Join(closed(present), ", "); before != now {
		list = append(list, Change{Kind: ClosuresChanged, Then: before, Now: now})
	}
	return list
}
