package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// TestExplainAgrees routes orders one by one with a running router. What
// explain says of each with what is taken just before has to be what becomes of
// it; and what explain --id says of it afterwards has to be what explain says
// of the order in a file at that instant.
func TestExplainAgrees(t *testing.T) {
	t.Parallel()
	b := startBox(t)
	random := rand.New(rand.NewPCG(4, 5))
	full := 0
	for i := range 14 {
		file := filepath.Join(b.dir, "order.json")
		id := fmt.Sprintf("W%d", i)
		if err := os.WriteFile(file, anOrder(t, random, id), 0o600); err != nil {
			t.Fatal(err)
		}
		var before explanation
		b.get(&before, "explain", "--live", "--at", "2026-08-04T09:00:20+03:00", "--json", file)
		b.get(nil, "publish", file)
		var story []struct {
			Decision     event.Decision
			Reproduction struct{ Status string }
			Explanation  explanation
		}
		b.eventually(func() error { return b.try(&story, "explain", "--id", "web/"+id, "--json") })
		d, stored := &story[0].Decision, &story[0].Explanation
		if story[0].Reproduction.Status != "reproduced" {
			t.Errorf("%s: got %q, want it reproduced", id, story[0].Reproduction.Status)
		}
		if diff := cmp.Diff([]any{d.Outcome, wayOfDecision(d)}, []any{before.Outcome, wayOfChosen(&before)}); diff != "" {
			t.Errorf("%s: -decided +explained before:\n%s", id, diff)
		}
		var plain explanation
		b.get(&plain, "explain", "--at", d.DecidedAt.Format(time.RFC3339Nano), "--json", file)
		for _, c := range stored.Candidates {
			if c.Reason == router.SlotFull.String() {
				full++
			}
		}
		if diff := cmp.Diff(onEmptyCapacity(plain), onEmptyCapacity(*stored), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: -from the file +from the journal:\n%s", id, diff)
		}
	}
	if full == 0 {
		t.Error("nothing was ever full: this tests little")
	}
}

// onEmptyCapacity leaves out what an explanation says of capacity.
func onEmptyCapacity(e explanation) explanation {
	e.Capacity, e.Outcome, e.Reasons = "", "", nil
	for i := range e.Options {
		o := &e.Options[i]
		o.Room, o.Fallback = "", nil
	}
	for i := range e.Candidates {
		if c := &e.Candidates[i]; c.Reason == router.SlotFull.String() {
			c.Reason = ""
		}
	}
	return e
}

func wayOfDecision(d *event.Decision) string {
	if len(d.Consignments) == 0 {
		return ""
	}
	return wayOf(&d.Consignments[0].Body) + d.Consignments[0].Slot.Start.String()
}

func wayOfChosen(e *explanation) string {
	if o := e.chosen(); o != nil {
		return wayOf(&o.Body) + o.Slot.Start.String()
	}
	return ""
}

// anOrder is somewhere around the small network, for one thing or another.
func anOrder(t *testing.T, random *rand.Rand, id string) []byte {
	t.Helper()
	o := event.Order{OrderID: id, Channel: "web", PlacedAt: time.Date(2026, 8, 4, 5, 0, 0, 0, time.UTC),
		ShipTo: event.Address{Geo: &event.Geo{Latitude: 60.17 + random.Float64()*0.04, Longitude: 24.93 + random.Float64()*0.05}, AddressCountry: "FI"},
		Lines:  []event.Line{{SKU: "mug-blue", Quantity: 1, WeightGrams: 300, DimensionsMm: []int64{100, 80, 90}}}}
	switch random.IntN(4) {
	case 0:
		o.DeliveryMethods = []string{event.MethodLocker, event.MethodCourier}
	case 1:
		o.Lines[0].SKU = "lamp-arc"
	case 2:
		o.Constraints.ExcludedSites = []string{"kallio"}
	}
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// box is a router that runs in a folder of its own.
type box struct {
	testing.TB
	dir, file string
}

func startBox(t *testing.T) *box {
	t.Helper()
	network, err := os.ReadFile("testdata/network.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b := &box{TB: t, dir: t.TempDir()}
	b.file = filepath.Join(b.dir, "nearlane.yaml")
	text, web := string(network), ""
	for _, port := range []string{"127.0.0.1:4222", "127.0.0.1:8480"} {
		if web, err = freeAddress(); err != nil {
			t.Fatal(err)
		}
		text = strings.ReplaceAll(text, port, web)
	}
	if err := os.WriteFile(b.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	var log bytes.Buffer
	go func() {
		ended <- run(ctx, []string{"run", "-c", b.file, "--clock", "2026-08-04T09:00:00+03:00"}, strings.NewReader(""), &log, &log)
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitOK {
			t.Errorf("run: exit code %d\n%s", code, &log)
		}
	})
	b.eventually(func() error {
		answer, err := http.Get("http://" + web + "/readyz")
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("/readyz: %s", answer.Status)
		}
		return nil
	})
	return b
}

// get runs a command that has to work, and decodes what it prints.
func (b *box) get(into any, args ...string) {
	b.Helper()
	if err := b.try(into, args...); err != nil {
		b.Fatal(err)
	}
}

func (b *box) try(into any, args ...string) error {
	var out, talk bytes.Buffer
	code := run(context.Background(), append(args, "-c", b.file), strings.NewReader(""), &out, &talk)
	if code != exitOK {
		return fmt.Errorf("%v: exit code %d: %s", args, code, &talk)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(out.Bytes(), into)
}

// eventually asks until the answer is nil.
func (b *box) eventually(ask func() error) {
	b.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for err := ask(); err != nil; err = ask() {
		select {
		case <-deadline.C:
			b.Fatal(err)
		case <-ticker.C:
		}
	}
}

// Every part of a catchment is told with the line that has it.
func TestReach(t *testing.T) {
	t.Parallel()
	const file = `network: town
currency: EUR
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}}}
couriers: {pyora: {}}
sites:
  hub:
    kind: micro_hub
    region: town
    at: {lat: 60.17, lng: 24.94}
    hours: "Mo-Sa 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {withinKm: 2}
    lanes:
      by-cells: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Sa 10:00-12:00"], capacity: {parcels: 2}, catchment: {cells: [CELL], withinKm: 1}}
      by-code: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Sa 10:00-12:00"], capacity: {parcels: 2}, catchment: {postcodes: {FI: ["005"]}}}
      by-land: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Sa 10:00-12:00"], capacity: {parcels: 2}, catchment: {countries: [FI]}}
      by-site: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Sa 10:00-12:00"], capacity: {parcels: 2}}
      not-here: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Sa 10:00-12:00"], capacity: {parcels: 2}, catchment: {countries: [FI], minus: [{withinKm: 1}]}}
      nowhere: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Sa 10:00-12:00"], capacity: {parcels: 2}, catchment: {countries: [SE]}}
  shop: {kind: micro_hub, region: town, at: {lat: 60.17, lng: 24.94}, hours: "Mo-Sa 08:00-20:00", stocks: ["mug-*"]}
`
	order := &event.Order{ShipTo: event.Address{Geo: &event.Geo{Latitude: 60.17, Longitude: 24.94}, PostalCode: "00530", AddressCountry: "FI"},
		ServiceLevel: "same_day", Lines: []event.Line{{SKU: "mug-1", Quantity: 1}}}
	load := func(text string) (*config.Config, *router.Network) {
		c, found := config.Load("town.yaml", config.Options{ReadFile: func(string) ([]byte, error) { return []byte(text), nil }})
		if c == nil {
			t.Fatal(found.Format())
		}
		n, err := router.Build(c)
		if err != nil {
			t.Fatal(err)
		}
		return c, n
	}
	_, n := load(strings.Replace(file, "[CELL]", "[85112483fffffff]", 1))
	c, n := load(strings.Replace(file, "[CELL]", "["+n.Locate(order).Cell.Parent(6).String()+"]", 1))
	e := explain(view{config: c, network: n, order: order, place: n.Locate(order), now: time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC)})
	var got []string
	for _, l := range e.Lanes {
		text := l.Lane + ": " + l.Reason
		if l.Matched != nil {
			text += l.Matched.At.Path + fmt.Sprintf(":%d ", l.Matched.At.Line) + l.Matched.Country + l.Matched.Postcode
		}
		if l.Minus != nil {
			text += " minus " + l.Minus.At.Path
		}
		got = append(got, text)
	}
	want := []string{
		"by-cells: $.sites.hub.lanes.by-cells.catchment:15 ",
		"by-code: $.sites.hub.lanes.by-code.catchment.postcodes:16 005",
		"by-land: $.sites.hub.lanes.by-land.catchment.countries:17 FI",
		"by-site: $.sites.hub.catchment.withinKm:13 ",
		"not-here: outside_catchment$.sites.hub.lanes.not-here.catchment.countries:19 FI minus $.sites.hub.lanes.not-here.catchment.minus",
		"nowhere: outside_catchment",
		": ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := len(e.Place.Parents); got != 3 {
		t.Errorf("got %d parents, want those of resolutions 8 to 6", got)
	}
}
