package router

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/lanes"
)

func date(tb testing.TB, text string) lanes.Date {
	tb.Helper()
	d, err := lanes.ParseDate(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// closed is a target, closed from one day until another.
func closed(tb testing.TB, target, from, until string) Closure {
	site, lane, _ := strings.Cut(target, "/")
	return Closure{Site: site, Lane: lane, From: date(tb, from), Until: date(tb, until)}
}

func TestClosures(t *testing.T) {
	t.Parallel()
	const tuesday, wednesday, friday = "2026-08-04", "2026-08-05", "2026-08-07"
	for _, c := range []struct {
		name     string
		edit     []string
		closures []Closure
		placed   string
		want     []string
		told     []string
		reasons  []string
	}{
		{name: "the site, for today", closures: []Closure{closed(t, "hub", tuesday, tuesday)}, placed: "2026-08-04 09:00",
			want: []string{"hub/post Wed 05 17:30"},
			told: []string{"hub/bike same_day closed_by_staff", "hub/post same_day other_service_level", "hub/bike national other_service_level", "hub/post national"}},
		{name: "the lane, for today", closures: []Closure{closed(t, "hub/bike", tuesday, tuesday)}, placed: "2026-08-04 09:00",
			want: []string{"hub/post Tue 04 17:30", "hub/post Wed 05 17:30"},
			told: []string{"hub/bike same_day closed_by_staff", "hub/post same_day other_service_level", "hub/bike national other_service_level", "hub/post national"}},
		{name: "the other lane", closures: []Closure{closed(t, "hub/post", tuesday, tuesday)}, placed: "2026-08-04 09:00",
			want: []string{"hub/bike Tue 04 10:00", "hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00", "hub/post Wed 05 17:30"}},
		{name: "over at midnight", closures: []Closure{closed(t, "hub", tuesday, tuesday)}, placed: "2026-08-05 00:00",
			want: []string{"hub/bike Wed 05 10:00", "hub/bike Wed 05 16:00", "hub/bike Wed 05 18:00", "hub/post Wed 05 17:30", "hub/post Thu 06 17:30"}},
		{name: "not yet", closures: []Closure{closed(t, "hub", friday, friday)}, placed: "2026-08-04 09:00",
			want: []string{"hub/bike Tue 04 10:00", "hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00", "hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
		{name: "for days", closures: []Closure{closed(t, "hub", tuesday, friday)}, placed: "2026-08-04 09:00",
			reasons: []string{"closed_by_staff"}},
		{name: "site and lane at once", closures: []Closure{closed(t, "hub", tuesday, tuesday), closed(t, "hub/post", wednesday, friday)}, placed: "2026-08-04 09:00",
			reasons: []string{"closed_by_staff"}},
		{name: "an hour before the last block", edit: bikeOnly, closures: []Closure{closed(t, "hub/bike", tuesday, tuesday)}, placed: "2026-08-04 16:59",
			reasons: []string{"closed_by_staff"}},
		{name: "the last block has left", edit: bikeOnly, closures: []Closure{closed(t, "hub/bike", tuesday, tuesday)}, placed: "2026-08-04 18:00",
			reasons: []string{"too_late"}},
		{name: "closed by the config as well", edit: bikeOnly, closures: []Closure{closed(t, "hub", "2026-08-19", "2026-08-19")}, placed: "2026-08-19 09:00",
			reasons: []string{"closed"}},
		{name: "nothing of that name", closures: []Closure{closed(t, "hut", tuesday, tuesday), closed(t, "hub/boat", tuesday, tuesday)}, placed: "2026-08-04 17:01",
			want: []string{"hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := network(t, edited(t, town, c.edit...))
			n := base.WithClosures(c.closures)
			o := mugOrder(at(c.placed))
			p := plan(n, o, o.PlacedAt)
			options := drain(p)
			equal(t, "options", briefs(options), c.want)
			if c.told != nil {
				equal(t, "candidates", told(p, MaxCandidates), c.told)
			}
			if c.reasons != nil {
				equal(t, "reasons", p.Reasons(), c.reasons)
			}
			for _, o := range options {
				equal(t, "revision of an option", o.Body.ConfigRevision, n.Revision)
			}
			equal(t, "options of the network itself", len(drain(plan(base, mugOrder(at("2026-08-04 09:00")), at("2026-08-04 09:00")))) > 0, true)
		})
	}
}

// The goods are made at the site, so a day on which it is closed is no day to
// make them.
func TestClosedSiteMakesNothing(t *testing.T) {
	t.Parallel()
	base := network(t, edited(t, town, `stocks: ["mug-*"]`, `makes: {kiln: {skus: ["mug-*"], unitsPerDay: 5, lead: 2h, cost: {perUnit: 1}}}`, "kind: micro_hub", "kind: microfactory"))
	n := base.WithClosures([]Closure{closed(t, "hub", "2026-08-04", "2026-08-04")})
	o := mugOrder(at("2026-08-04 09:00"))
	equal(t, "options", briefs(drain(plan(n, o, o.PlacedAt))), []string{"hub/post Wed 05 17:30 kiln:05"})
	for _, s := range n.Slots(date(t, "2026-08-04")) {
		equal(t, "closed "+s.ID, s.Closed, true)
	}
	for _, s := range base.Slots(date(t, "2026-08-04")) {
		equal(t, "closed "+s.ID+" in the config", s.Closed, false)
	}
	ids := func(list []SlotInfo) (ids []string) {
		for _, s := range list {
			ids = append(ids, s.ID)
		}
		return ids
	}
	equal(t, "slots", ids(n.Slots(date(t, "2026-08-04"))), ids(base.Slots(date(t, "2026-08-04"))))
}

func TestRevisionTellsClosuresApart(t *testing.T) {
	t.Parallel()
	n := network(t, town)
	one := closed(t, "hub/bike", "2026-08-04", "2026-08-04")
	other := one
	other.Reason, other.By, other.At = "a burst pipe", "ada@desk", at("2026-08-04 08:00")
	longer := one
	longer.Until++
	site := closed(t, "hub", "2026-08-04", "2026-08-04")
	seen := map[string][]Closure{}
	for _, list := range [][]Closure{nil, {one}, {longer}, {site}, {one, site}} {
		got := n.WithClosures(list).Revision
		if before, twice := seen[got]; twice || !strings.HasPrefix(got, n.Revision) {
			t.Errorf("%v and %v: both are %s", before, list, got)
		}
		seen[got] = list
	}
	equal(t, "revision with the reason", n.WithClosures([]Closure{other}).Revision, n.WithClosures([]Closure{one}).Revision)
	equal(t, "revision in another order", n.WithClosures([]Closure{site, one}).Revision, n.WithClosures([]Closure{one, site}).Revision)
	if n.WithClosures(nil) != n || n.WithClosures([]Closure{closed(t, "hut", "2026-08-04", "2026-08-04")}) != n {
		t.Error("with nothing closed, it is another network")
	}
}

func TestLasting(t *testing.T) {
	t.Parallel()
	n := network(t, town)
	list := []Closure{closed(t, "gone", "2026-08-04", "2026-08-04"), closed(t, "hub", "2026-08-04", "2026-08-04"), closed(t, "hub", "2026-08-06", "2026-08-07")}
	for instant, want := range map[string]int{"2026-08-04 23:59:59": 3, "2026-08-05 00:00": 2, "2026-08-05 14:59:59": 2, "2026-08-05 15:00": 1, "2026-08-07 23:59": 1, "2026-08-08 00:00": 0} {
		if got := n.Lasting(list, at(instant)); len(got) != want {
			t.Errorf("%s: got %d, want %d", instant, len(got), want)
		}
	}
	equal(t, "today", n.Today("hub", at("2026-08-05 00:00")).String(), "2026-08-05")
}

func TestEncodeClosures(t *testing.T) {
	t.Parallel()
	list := []Closure{
		{Site: "hub", From: date(t, "2026-08-04"), Until: date(t, "2026-08-05"), Reason: "a burst pipe", By: "ada@desk", At: time.Unix(1785000000, 0).UTC()},
		closed(t, "hub/bike", "2026-08-04", "2026-08-04"),
	}
	data, err := EncodeClosures([]Closure{list[1], list[0]})
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeClosures(data)
	if diff := cmp.Diff(list, got); err != nil || diff != "" {
		t.Errorf("%v; (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"{", `[{"site":"","from":"2026-08-04","until":"2026-08-04"}]`, `[{"site":"a","from":"2026-08-04","until":"2026-08-03"}]`, `[{"site":"a","from":"2026-02-30","until":"2026-08-03"}]`} {
		if got, err := DecodeClosures([]byte(bad)); err == nil {
			t.Errorf("%s: got %v, want an error", bad, got)
		}
	}
	if got, err := DecodeClosures(nil); len(got) != 0 || err != nil {
		t.Errorf("nothing: got %v, %v", got, err)
	}
}
