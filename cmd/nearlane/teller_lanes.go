package main

import (
	"fmt"
	"strings"

	"github.com/nearlane/nearlane/router"
)

// lanes tells of every lane whether its catchment holds the place, and of
// those that do what was found about them, by level and reason.
func (t *teller) lanes(root *branch) {
	reached, asked := 0, 0
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Reached {
			reached, asked = reached+1, asked+1
		} else if l.Reason != "" {
			asked++
		}
	}
	if asked == 0 || len(t.Candidates)+len(t.NotReached) == 0 {
		return // none was asked
	}
	top := root.add("lanes    %d of %d reach the place", reached, asked)
	t.reached(top)
	tellCandidates(top, t.Candidates)
	t.away(top)
}

// reached groups the lanes that reach the place by what they do it with. Each is
// told with the line of the config that says so.
func (t *teller) reached(top *branch) {
	var groups groups
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Reached {
			groups.add("by "+l.Matched.by(), l.name()+" ("+l.Matched.At.String()+")")
		}
	}
	groups.hang(top, len(t.Lanes))
}

// away groups the others by their reason. Each is told with the line of its
// catchment, which is where to look.
func (t *teller) away(top *branch) {
	var groups groups
	for _, code := range reasonsNearestFirst() {
		for i := range t.Lanes {
			l := &t.Lanes[i]
			if l.Reached || l.Reason != code || code == router.Offered.String() {
				continue
			}
			name := l.name() + " (" + l.Catchment.String() + ")"
			if l.Minus != nil {
				name = l.name() + " (taken out by " + l.Minus.At.String() + ")"
			}
			groups.add(withMeaning(code), name)
		}
	}
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Lane == "" {
			groups.add("no lane: nothing leaves the site", l.Site)
		}
	}
	groups.hang(top, t.names)
}

func (l *laneInfo) name() string { return l.Site + "/" + l.Lane }

// groups are names under headings, in the order in which both came up.
type groups []group

type group struct {
	heading string
	names   []string
}

func (g *groups) add(heading, name string) {
	for i := range *g {
		if one := &(*g)[i]; one.heading == heading {
			one.names = append(one.names, name)
			return
		}
	}
	*g = append(*g, group{heading, []string{name}})
}

// hang hangs the groups below a branch, each with at most most names.
func (g groups) hang(top *branch, most int) {
	for _, one := range g {
		b := top.add("%s", one.heading)
		text := strings.Join(one.names[:min(most, len(one.names))], ", ")
		if left := len(one.names) - most; left > 0 {
			text += fmt.Sprintf(" and %d more, --all names them", left)
		}
		b.add("%s", text)
	}
}
