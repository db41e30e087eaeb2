package router

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/nearlane/nearlane/lanes"
)

// Closure is a site, or one lane of it, that staff have closed on some local
// days, both ends included, without a change of the config.
type Closure struct {
	Site   string     `json:"site"`
	Lane   string     `json:"lane,omitzero"` // empty: all of the site
	From   lanes.Date `json:"from"`
	Until  lanes.Date `json:"until"`
	Reason string     `json:"reason,omitzero"`
	By     string     `json:"by,omitzero"` // user@host
	At     time.Time  `json:"at,omitzero"`
}

// Target is what is closed: "site" or "site/lane".
func (c *Closure) Target() string {
	if c.Lane == "" {
		return c.Site
	}
	return c.Site + "/" + c.Lane
}

// Days are the closed days.
func (c *Closure) Days() lanes.Dates { return lanes.Dates{From: c.From, To: c.Until} }

// Covers reports whether other closes nothing beyond c.
func (c *Closure) Covers(other Closure) bool {
	return c.Site == other.Site && c.Lane == other.Lane && c.From <= other.From && other.Until <= c.Until
}

// EncodeClosures writes closures as JSON, sorted.
func EncodeClosures(list []Closure) ([]byte, error) {
	data, err := json.Marshal(sortedClosures(list))
	if err != nil {
		return nil, fmt.Errorf("encode closures: %w", err)
	}
	return data, nil
}

// DecodeClosures reads what EncodeClosures has written; nothing is no closure.
func DecodeClosures(data []byte) (list []Closure, _ error) {
	if len(data) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("decode closures: %w", err)
	}
	for i := range list {
		if c := &list[i]; c.Site == "" || c.Until < c.From {
			return nil, fmt.Errorf("decode closures: %q is closed from %s until %s", c.Target(), c.From, c.Until)
		}
	}
	return sortedClosures(list), nil
}

func sortedClosures(list []Closure) []Closure {
	out := append([]Closure{}, list...)
	slices.SortStableFunc(out, func(a, b Closure) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until))
	})
	return out
}

// WithClosures is the network with sites and lanes closed. Its revision tells
// which of them, on which days; who closed them and why is no part of it. What
// the network does not have cannot be closed and is left out.
func (n *Network) WithClosures(list []Closure) *Network {
	list = slices.DeleteFunc(sortedClosures(list), func(c Closure) bool { return !n.Has(c.Site, c.Lane) })
	if len(list) == 0 {
		return n
	}
	closed := n.clone()
	closed.closures = list
	closed.Revision = n.Revision + closedMark + digestOf(list)
	sites := map[*site]*site{}
	for i := range closed.lanes {
		ln, is := &closed.lanes[i], &n.lanes[i]
		if sites[is.site] == nil {
			sites[is.site] = is.site.shut(daysOf(list, is.site.id, ""))
		}
		ln.site = sites[is.site]
		if days := daysOf(list, is.site.id, is.id); ln.site != is.site || len(days) > 0 {
			ln.timetable = is.timetable.At(ln.site.cal.Shut(days...))
			ln.open = is
		}
	}
	return closed
}

// closedMark stands in a revision before the digest of the closures.
const closedMark = "+"

// clone is a network of its own lanes, and the rest shared.
func (n *Network) clone() *Network {
	out := *n
	out.lanes = slices.Clone(n.lanes)
	return &out
}

// shut is the site closed on some days; itself if there are none.
func (s *site) shut(days []lanes.Dates) *site {
	if len(days) == 0 {
		return s
	}
	out := *s
	out.cal = s.cal.Shut(days...)
	out.open = s
	return &out
}

// daysOf lists the days on which exactly that is closed.
func daysOf(list []Closure, site, lane string) (days []lanes.Dates) {
	for i := range list {
		if list[i].Site == site && list[i].Lane == lane {
			days = append(days, list[i].Days())
		}
	}
	return days
}

// digestOf tells sets of closures apart by what they close.
func digestOf(list []Closure) string {
	sum := sha256.New()
	for i := range list {
		fmt.Fprintf(sum, "%s %s\n", list[i].Target(), list[i].Days())
	}
	return hex.EncodeToString(sum.Sum(nil))[:8]
}

// Closures lists what staff have closed in this network, sorted.
func (n *Network) Closures() []Closure { return n.closures }

// Has reports whether there is such a site with a lane; with a lane named,
// whether the site has that one.
func (n *Network) Has(site, named string) bool {
	return slices.ContainsFunc(n.lanes, func(l lane) bool { return l.site.id == site && (named == "" || l.id == named) })
}

// Lasting leaves out the closures that are over at an instant: of what the
// network does not have, those that are over everywhere.
func (n *Network) Lasting(list []Closure, now time.Time) []Closure {
	return slices.DeleteFunc(slices.Clone(list), func(c Closure) bool { return c.Until < n.Today(c.Site, now) })
}

// Today is the local day of a site; of one that the network does not have, the
// day of whichever place on earth is the last to end it.
func (n *Network) Today(site string, now time.Time) lanes.Date {
	for i := range n.lanes {
		if s := n.lanes[i].site; s.id == site {
			return s.cal.DateOf(now.Unix())
		}
	}
	return lanes.DateOf(now.Add(-12*time.Hour).Unix(), time.UTC)
}
