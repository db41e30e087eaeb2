package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router/reproduce"
)

// reproduction tells what came of making a decision anew.
func (s *storyTeller) reproduction(b *branch, r *reproduce.Report) {
	if r == nil {
		return
	}
	switch r.Status {
	case reproduce.NotAPlan:
		b.add("not planned: %s", r.Why)
	case reproduce.Impossible:
		b.add("not reproduced: %s", r.Why)
	case reproduce.Reproduced:
		text := "reproduced exactly"
		if r.TookOver {
			text += ", beside a hold that another router had got"
		}
		if len(r.Changes) > 0 {
			text += "; of what has changed since, nothing touches it"
		}
		tellInputs(b.add("%s", text), r.Changes)
	case reproduce.Differs:
		top := b.add("not reproduced")
		tellInputs(top, r.Changes)
		tellDifferences(top, r.Differences)
	}
	if len(r.Closed) > 0 {
		b.add("closed by staff then: %s", strings.Join(r.Closed, ", "))
	}
	s.today(b, r.Today)
}

func tellInputs(b *branch, changes []reproduce.Change) {
	for _, c := range changes {
		b.add("%s", inputChanged(c))
	}
}

// inputChanged names an input that is not what it was.
func inputChanged(c reproduce.Change) string {
	then, now := cmp.Or(c.Then, "none"), cmp.Or(c.Now, "none")
	switch c.Kind {
	case reproduce.ConfigChanged:
		return fmt.Sprintf("the config has changed: %srevision %s then, %s now", comma(c.Name), then, now)
	case reproduce.ShapesChanged:
		return fmt.Sprintf("the GeoJSON file %s has changed: SHA-256 %s then, %s now", c.Name, then, now)
	case reproduce.GazetteerChanged:
		return fmt.Sprintf("the gazetteer %s has changed: SHA-256 %s then, %s now", c.Name, then, now)
	case reproduce.ClosuresChanged:
		return fmt.Sprintf("what staff have closed by hand has changed: %s then, %s now", then, now)
	case reproduce.ClosuresUnknown:
		return fmt.Sprintf("staff had closed something, and nobody knows what: revision %s then, %s now", then, now)
	case reproduce.TakenOver:
		return "a router took over the hold of another, whose instant is the one of the decision; what else it looked at, it did at its own"
	case reproduce.ProgramChanged:
		return "the order and the network are those of then: another version of nearlane has decided"
	}
	return c.Kind
}

func comma(name string) string {
	if name == "" {
		return ""
	}
	return name + ", "
}

// tellDifferences tells fields by the value of then and now, and what differs
// for many lanes in few lines.
func tellDifferences(b *branch, list []reproduce.Difference) {
	for i, d := range list {
		if i == shownDifferences {
			b.add("and %d more, --json has them", len(list)-i)
			return
		}
		b.add("%s: %s then, %s now", d.Field, cmp.Or(d.Then, "nothing"), cmp.Or(d.Now, "nothing"))
	}
}

// shownDifferences is how many are told.
const shownDifferences = 8

func (s *storyTeller) today(b *branch, t *reproduce.Today) {
	if t == nil {
		return
	}
	text := fmt.Sprintf("today, by config %s, it would be %s: %s", t.Revision, t.Outcome, strings.Join(t.Reasons, ", "))
	if t.Outcome == event.Dispatched {
		text = fmt.Sprintf("today, by config %s, it would go to %s, %s, %s", t.Revision, wayOf(t.Way), t.Way.CourierID, s.slot(t.Way))
	}
	tellInputs(b.add("%s", text), t.Changes)
}

func (s *storyTeller) slot(body *event.Body) string {
	zone := zoneOf(body.Site.TimeZone)
	if zone == time.UTC {
		zone = s.zone
	}
	return spanIn(zone, body.Slot.Start, body.Slot.End)
}
