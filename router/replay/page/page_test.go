package page_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/examples"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/replay"
	"github.com/nearlane/nearlane/router/replay/page"
)

// helsinki is the example network.
func helsinki(t *testing.T) (*config.Config, *router.Network) {
	t.Helper()
	c, findings := config.Load(examples.HelsinkiConfig, config.Options{ReadFile: examples.Helsinki.ReadFile})
	if c == nil {
		t.Fatal(findings.Format())
	}
	n, err := router.Build(c)
	if err != nil {
		t.Fatal(err)
	}
	return c, n
}

// orders go to places all over the town, through three weeks.
func orders(n int) []replay.Input {
	var inputs []replay.Input
	start := time.Date(2026, 8, 3, 5, 0, 0, 0, time.UTC)
	for i := range n {
		inputs = append(inputs, replay.Input{Order: &event.Order{
			OrderID: fmt.Sprint(i), Channel: "web", PlacedAt: start.Add(time.Duration(i) * 30 * time.Minute),
			ShipTo: event.Address{Geo: &event.Geo{Latitude: 60.16 + float64(i%37)*0.001, Longitude: 24.92 + float64(i%53)*0.001}, AddressCountry: "FI"},
			Lines:  []event.Line{{SKU: "mug-blue", Quantity: 1, WeightGrams: 300}},
		}})
	}
	return inputs
}

func report(t *testing.T) *page.Page {
	t.Helper()
	c, n := helsinki(t)
	inputs := orders(600)
	before, _ := n.WithLimit(router.Limit{Kind: "lane", Place: "*", Name: "bike", Unit: "parcels"}, 1)
	after, was := replay.Run(n, inputs, nil), replay.Run(before, inputs, nil)
	sweep := replay.NewSwept("lanes.bike.parcels", 5, []replay.Point{{Value: 1}, {Value: 5, InTime: 9, Dispatched: 9}, {Value: 9, InTime: 9, Dispatched: 10}})
	return &page.Page{Config: `new "<b>".yaml`, Report: after.Report(), Against: "old.yaml", Before: was.Report(), Comparison: replay.Compare(was, after),
		Sweeps: []*replay.Swept{sweep}, Verdicts: []replay.Verdict{{Threshold: "late>2%", Value: "3.00%", Failed: true}},
		Sites: c.Sites, Lockers: c.Lockers}
}

func TestPage(t *testing.T) {
	t.Parallel()
	html, err := report(t).HTML()
	if err != nil {
		t.Fatal(err)
	}
	if most := 1 << 20; len(html) > most {
		t.Errorf("got %d bytes, want at most %d", len(html), most)
	}
	for _, want := range []string{"helsinki: 600 orders, Mon 3 August 2026 to", "new &#34;&lt;b&gt;&#34;.yaml", "What moved", "What more would buy: lanes.bike.parcels",
		"✗ failed", "5 ◂ knee", "micro-hub", "@media print"} {
		if !bytes.Contains(html, []byte(want)) {
			t.Errorf("%q is not in the page", want)
		}
	}
	if got, want := bytes.Count(html, []byte("<svg")), 7; got != want {
		t.Errorf("got %d drawings, want %d", got, want)
	}
	again, err := report(t).HTML()
	if err != nil || !bytes.Equal(html, again) {
		t.Errorf("the same report gave other bytes (%v)", err)
	}
}

// The page is well formed and asks nobody for anything.
func TestPageStandsAlone(t *testing.T) {
	t.Parallel()
	html, err := report(t).HTML()
	if err != nil {
		t.Fatal(err)
	}
	outside := regexp.MustCompile(`(?i)(src|href|@import|<script|<link|https?:)[^\n]{0,40}`)
	for _, found := range outside.FindAllString(string(html), -1) {
		if !strings.HasPrefix(found, "http://www.w3.org/2000/svg") {
			t.Errorf("got %q, want nothing from outside", found)
		}
	}
	d := xml.NewDecoder(bytes.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, []string{"meta"}, xml.HTMLEntity
	ids := map[string]bool{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range element.Attr {
			if a.Name.Local == "id" && ids[a.Value] {
				t.Errorf("the id %q is there twice", a.Value)
			}
			if a.Name.Local == "id" {
				ids[a.Value] = true
			}
		}
	}
}

// A report of nothing but refusals is a page, too.
func TestPageOfLittle(t *testing.T) {
	t.Parallel()
	_, n := helsinki(t)
	inputs := orders(1)
	inputs[0].Order.ShipTo = event.Address{PostalCode: "1", AddressCountry: "XX"}
	p := &page.Page{Report: replay.Run(n, inputs, nil).Report()}
	html, err := p.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(html, []byte("NaN")) || bytes.Contains(html, []byte("Inf")) {
		t.Error("there is a number in it that is none")
	}
}
