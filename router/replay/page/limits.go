package page

import (
	"fmt"
	"html/template"
	"strconv"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router/drawing"
	"github.com/nearlane/nearlane/router/replay"
)

// Amount writes units of a slot, weight in kilograms.
func Amount(n int64, unit string) string {
	if unit == lanes.UnitGrams {
		return fixed(float64(n)/1000, 0) + " kg"
	}
	return strconv.FormatInt(n, 10)
}

// capacity is what each limit of the config was used for.
func (p *Page) capacity() table {
	t := table{Head: []string{"", "parcels or units", "weight", "share", "full slots", "turned away"}}
	for list := p.Report.Lanes; len(list) > 0; {
		n := 1
		if len(list) > 1 && list[0].Kind == list[1].Kind && list[0].Place == list[1].Place && list[0].Name == list[1].Name {
			n = 2 // limits of the same lane, on parcels and on weight
		}
		t.Rows = append(t.Rows, limitRow(list[:n]))
		list = list[n:]
	}
	return t
}

// limitRow is the use of one lane, production cell or compartment size.
func limitRow(list []replay.Filled) []string {
	first := &list[0]
	name := first.Place + "/" + first.Name
	if first.Kind != lanes.KindLane {
		name = first.Kind + " " + name
	}
	pieces, weight, use, full, refused := "", "", 0.0, 0, 0
	for _, f := range list {
		text := Amount(f.Used, f.Unit) + " of " + Amount(f.Limit, f.Unit)
		if f.Unit == lanes.UnitGrams {
			weight = text
		} else {
			pieces = text
		}
		use, full, refused = max(use, f.Use), max(full, f.Full), max(refused, f.Refused)
	}
	return []string{name, pieces, weight, percent(use), fmt.Sprintf("%d of %d", full, first.Slots), strconv.Itoa(refused)}
}

// mostFullest is how many of the fullest slots are told.
const mostFullest = 12

func (p *Page) fullest() table {
	t := table{Head: []string{"", "starts", "taken", "of", "turned away"}}
	for _, f := range p.Report.Fullest[:min(len(p.Report.Fullest), mostFullest)] {
		slot, err := lanes.ParseSlot(f.Slot)
		if err != nil {
			continue
		}
		name, layout := slot.Place+"/"+slot.Name, "Mon 2 Jan 15:04"
		if slot.Kind != lanes.KindLane {
			name, layout = slot.Kind+" "+name, "Mon 2 Jan"
		}
		t.Rows = append(t.Rows, []string{name, f.Start.Format(layout), Amount(f.Used, slot.Unit), Amount(f.Limit, slot.Unit), strconv.Itoa(f.Refused)})
	}
	return t
}

// mostFlows is how many of the ways that orders moved are told.
const mostFlows = 20

func (p *Page) flows() table {
	t := table{Head: []string{"from → to", "orders", "share"}}
	list := p.Comparison.Flows
	for _, f := range list[:min(len(list), mostFlows)] {
		t.Rows = append(t.Rows, []string{f.From + " → " + f.To, strconv.Itoa(f.Orders), percent(p.Report.Share(f.Orders))})
	}
	if more := len(list) - mostFlows; more > 0 {
		t.Note = fmt.Sprintf("and %d more ways", more)
	}
	return t
}

// sweepPart is one sweep, drawn and listed.
type sweepPart struct {
	*replay.Swept
	Plot  template.HTML
	Table table
	Says  string
}

func (p *Page) sweep(i int, s *replay.Swept) sweepPart {
	part := sweepPart{Swept: s, Says: s.Says()}
	curve := drawing.Curve{ID: fmt.Sprintf("sweep%d", i), Title: "Orders by " + s.Path, Unit: "orders", Caption: s.Path, Marked: s.Knee, Mark: "knee",
		Lines: []drawing.Line{{Label: "dispatched", Dashed: true}, {Label: "in time"}}}
	part.Table.Head = []string{"value", "dispatched", "in time", "in time per unit", "late", "unroutable", p.Report.Currency + " each"}
	for k, point := range s.Points {
		curve.X = append(curve.X, float64(point.Value))
		curve.Lines[0].Values = append(curve.Lines[0].Values, float64(point.Dispatched))
		curve.Lines[1].Values = append(curve.Lines[1].Values, float64(point.InTime))
		value, gain := strconv.FormatInt(point.Value, 10), "–"
		if k > 0 {
			gain = fmt.Sprintf("%+.1f", point.GainInTime)
		}
		if k == s.Knee {
			value += " ◂ knee"
		}
		part.Table.Rows = append(part.Table.Rows, []string{value, strconv.Itoa(point.Dispatched), strconv.Itoa(point.InTime), gain,
			strconv.Itoa(point.Late), strconv.Itoa(point.Unroutable), lanes.FormatMoney(int64(point.PerOrder+0.5), p.Report.Cost.Decimals)})
	}
	part.Plot = svg(curve.SVG())
	return part
}
