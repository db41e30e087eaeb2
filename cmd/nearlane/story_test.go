package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

// TestStory tells a life in which a courier accepts, fails, and the platform
// cancels what the next one got.
func TestStory(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC)
	sent := func(id, courier string) []event.Consignment {
		return []event.Consignment{{DispatchID: id, Body: event.Body{CourierID: courier, Lane: "bike", ServiceLevel: "same_day", PromiseDate: at.Add(4 * time.Hour),
			Site: event.Site{SiteID: "kallio", TimeZone: "UTC"}, Slot: event.Span{Start: at.Add(2 * time.Hour), End: at.Add(4 * time.Hour)}}}}
	}
	decision := func(o event.Outcome, attempt int, d event.Decision) *event.Decision {
		d.Outcome, d.Attempt, d.DecidedAt, d.DecidedBy, d.ConfigRevision, d.OrderSequence = o, attempt, at, "a", "76b8", 1
		return &d
	}
	story := []chapter{
		{Sequence: 4, Decision: decision(event.Dispatched, 1, event.Decision{DispatchID: "d1", Consignments: sent("d1", "pyora")})},
		{Sequence: 6, Decision: decision(event.Dispatched, 1, event.Decision{DispatchID: "d1", Consignments: sent("d1", "pyora"), AcceptedAt: &at})},
		{Sequence: 7, Decision: decision(event.Dispatched, 2, event.Decision{DispatchID: "d2", Consignments: sent("d2", "reitti"),
			Reasons: []string{"courier_failed", "other"}, Excluded: []string{"kallio/bike"}})},
		{Sequence: 10, Decision: decision(event.Cancelled, 2, event.Decision{Reasons: []string{"other"}})},
	}
	var out strings.Builder
	s := storyTeller{zone: time.UTC, decimals: -1}
	if err := s.tell(&out, event.Key{Channel: "web", Order: "1"}, story); err != nil {
		t.Fatal(err)
	}
	const want = `order 1 of web, as the journal has it (UTC)
├─ Tue 4 Aug 06:00  dispatched
│  ├─ kallio/bike, pyora, Tue 4 Aug 08:00-10:00
│  │  ├─ same_day by Tue 4 Aug 10:00, 0.0 km
│  │  └─ dispatch d1
│  └─ decided by a, config 76b8, sequence 4 on the journal, order at 1
├─ Tue 4 Aug 06:00  dispatched
│  ├─ accepted by the courier Tue 4 Aug 06:00
│  ├─ dispatch d1 stays as it is
│  └─ decided by a, config 76b8, sequence 6 on the journal, order at 1
├─ Tue 4 Aug 06:00  dispatched, attempt 2
│  ├─ courier_failed: the courier tried, and gave up
│  ├─ other
│  ├─ dispatch d1 is withdrawn
│  ├─ kallio/bike, reitti, Tue 4 Aug 08:00-10:00
│  │  ├─ same_day by Tue 4 Aug 10:00, 0.0 km
│  │  └─ dispatch d2
│  ├─ not offered again: kallio/bike
│  └─ decided by a, config 76b8, sequence 7 on the journal, order at 1
└─ Tue 4 Aug 06:00  cancelled, attempt 2
   ├─ other
   ├─ dispatch d2 is withdrawn
   └─ decided by a, config 76b8, sequence 10 on the journal, order at 1
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
}
