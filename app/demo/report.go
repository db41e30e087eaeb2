package demo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// Report is how the day went.
type Report struct {
	OK         bool           `json:"ok"` // every check held
	Checks     []Check        `json:"checks"`
	Seed       uint64         `json:"seed"`
	Start      time.Time      `json:"start"`
	Stopped    bool           `json:"stopped,omitzero"` // before its end
	Published  int            `json:"published"`
	Dispatched int            `json:"dispatched"`
	Lanes      []LaneCount    `json:"lanes"`
	Levels     map[string]int `json:"levels"` // dispatched, by the service level that was kept
	Lockers    int            `json:"lockers"`
	Made       int            `json:"made"` // dispatched, with something made to order
	Promises   Promises       `json:"promises"`
	Fallbacks  Counts         `json:"fallbacks"`  // dispatched at a lower level, by reason
	Unroutable Counts         `json:"unroutable"` // by nearest reason
	Refused    Counts         `json:"refused"`    // by code
	Repeats    Repeats        `json:"repeats"`
	Speed      Speed          `json:"speed"`
	Journal    Journal        `json:"journal"`
	Strays     int            `json:"strays"`        // holds with an open part
	Kept       string         `json:"kept,omitzero"` // the folder, where a check failed
}

// Counts is how many there were, and how many of each code, most first.
type Counts struct {
	Total int     `json:"total"`
	Codes []Count `json:"codes,omitzero"`
}

// Count is how often a code occurred.
type Count struct {
	Code string `json:"code"`
	N    int    `json:"n"`
}

// LaneCount is what left a site by one lane. Departures are those that
// anything was claimed of, Full those without room for one more parcel.
type LaneCount struct {
	Site       string `json:"site"`
	Lane       string `json:"lane"`
	Courier    string `json:"courier"`
	Parcels    int    `json:"parcels"`
	Departures int    `json:"departures"`
	Full       int    `json:"full"`
}

// Promises says how many dispatches arrive before what the service level
// promised, judged from the order alone, and by how much in seconds.
type Promises struct {
	Kept    int `json:"kept"`
	Broken  int `json:"broken"`
	Closest int `json:"closestSeconds"`
	Median  int `json:"medianSeconds"`
}

// Repeats are the orders that were published again; the router had decided
// each, and changed nothing.
type Repeats struct {
	Same     int `json:"same"`     // byte for byte
	Reworded int `json:"reworded"` // in other bytes
}

// Speed is in real time. Latency runs from the publish of an order until its
// outcome was seen on NATS.
type Speed struct {
	Seconds         float64 `json:"seconds"`
	OrdersPerSecond float64 `json:"ordersPerSecond"`
	Paced           bool    `json:"paced"`
	LatencyP50      float64 `json:"latencyP50Ms"`
	LatencyP99      float64 `json:"latencyP99Ms"`
}

// Journal is the size of the journal: its messages, and their bytes without
// headers.
type Journal struct {
	Messages int `json:"messages"`
	Bytes    int `json:"bytes"`
}

// tally counts what the accounts say.
type tally struct {
	Report
	fallbacks, unroutable, refused map[string]int
	lanes                          map[[2]string]*LaneCount
	margins, took                  []time.Duration
	late                           []string // promises that are not kept
}

func newTally() *tally {
	return &tally{fallbacks: map[string]int{}, unroutable: map[string]int{}, refused: map[string]int{},
		lanes: map[[2]string]*LaneCount{}, Report: Report{Levels: map[string]int{}}}
}

// count reads all accounts, and how full the slots of the journal are.
func (t *tally) count(b *books, c *config.Config, slots map[string]router.Usage) {
	deadline := deadlines(c)
	for _, a := range b.accounts {
		t.account(a, deadline)
	}
	for id, usage := range slots {
		t.slot(id, usage)
	}
	t.Lanes = make([]LaneCount, 0, len(t.lanes))
	for _, l := range t.lanes {
		t.Lanes = append(t.Lanes, *l)
	}
	slices.SortFunc(t.Lanes, func(a, b LaneCount) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Lane, b.Lane))
	})
	t.Fallbacks, t.Unroutable, t.Refused = counts(t.fallbacks), counts(t.unroutable), counts(t.refused)
	t.Promises.Closest, t.Promises.Median = int(quantile(t.margins, 0).Seconds()), int(quantile(t.margins, 0.5).Seconds())
	t.Speed.LatencyP50, t.Speed.LatencyP99 = milliseconds(quantile(t.took, 0.5)), milliseconds(quantile(t.took, 0.99))
}

func (t *tally) account(a *account, deadline func(*event.Order, *event.Body) time.Time) {
	t.Published++
	switch {
	case a.Kind == Repeated:
		t.Repeats.Same++
		return
	case a.Kind == Resent:
		t.Repeats.Reworded++
		return
	case a.took > 0:
		t.took = append(t.took, a.took)
	}
	for _, code := range a.refusals {
		t.refused[code]++
	}
	d := a.decision
	switch {
	case d == nil:
	case d.Outcome == event.Dispatched:
		t.dispatched(a, deadline)
	case len(d.Reasons) > 0:
		t.unroutable[d.Reasons[0]]++
	default:
		t.unroutable[string(d.Outcome)]++
	}
}

func (t *tally) dispatched(a *account, deadline func(*event.Order, *event.Body) time.Time) {
	t.Dispatched++
	if len(a.decision.Reasons) > 0 {
		t.fallbacks[a.decision.Reasons[0]]++
	}
	for i := range a.decision.Consignments {
		body := &a.decision.Consignments[i].Body
		t.Levels[body.ServiceLevel]++
		t.lane(body.Site.SiteID, body.Lane).Parcels++
		t.lane(body.Site.SiteID, body.Lane).Courier = body.CourierID
		if body.Locker != nil {
			t.Lockers++
		}
		if slices.ContainsFunc(body.Claims, func(c event.Claim) bool { s, _ := lanes.ParseSlot(c.Slot); return s.Kind == lanes.KindMake }) {
			t.Made++
		}
		margin := deadline(a.Order, body).Sub(body.Dropoff.Before)
		t.margins = append(t.margins, margin)
		if margin >= 0 {
			t.Promises.Kept++
			continue
		}
		t.Promises.Broken++
		t.late = append(t.late, "order "+a.Order.Key().String()+" arrives "+(-margin).String()+" after its promise")
	}
}

func (t *tally) lane(site, lane string) *LaneCount {
	l := t.lanes[[2]string{site, lane}]
	if l == nil {
		l = &LaneCount{Site: site, Lane: lane}
		t.lanes[[2]string{site, lane}] = l
	}
	return l
}

// slot counts a departure once, by its parcels.
func (t *tally) slot(id string, u router.Usage) {
	s, err := lanes.ParseSlot(id)
	if err != nil || s.Kind != lanes.KindLane || s.Unit != lanes.UnitParcels || u.Units == 0 {
		return
	}
	l := t.lane(s.Place, s.Name)
	l.Departures++
	if u.Units >= u.Limit {
		l.Full++
	}
}

// deadlines works a promise out from the config alone, not from what the
// router made of it.
func deadlines(c *config.Config) func(*event.Order, *event.Body) time.Time {
	calendars := map[string]*lanes.Calendar{}
	for _, r := range c.Regions {
		calendars[r.Key()] = &lanes.Calendar{Zone: r.Zone, Holidays: r.Holidays}
	}
	return func(o *event.Order, b *event.Body) time.Time {
		i := slices.IndexFunc(c.Levels, func(l config.Level) bool { return l.ID == b.ServiceLevel })
		cal := calendars[b.Region]
		if i < 0 || cal == nil {
			return time.Time{} // a level or region that nobody knows keeps no promise
		}
		return time.Unix(c.Levels[i].Promise.Deadline(o.PlacedAt.Unix(), cal), 0)
	}
}

func counts(m map[string]int) Counts {
	var c Counts
	for code, n := range m {
		c.Total += n
		c.Codes = append(c.Codes, Count{code, n})
	}
	slices.SortFunc(c.Codes, func(a, b Count) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Code, b.Code)) })
	return c
}

// quantile is the value that a share q of all is not above; it sorts all.
func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[int(q*float64(len(all)-1))]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Err names the checks that did not hold; nil if all did.
func (r *Report) Err() error {
	var broken []string
	for _, c := range r.Checks {
		if c.N > 0 {
			broken = append(broken, c.Name)
		}
	}
	if len(broken) == 0 {
		return nil
	}
	return fmt.Errorf("demo: not so: %s", strings.Join(broken, "; "))
}
