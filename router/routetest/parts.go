package routetest

import (
	"errors"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

// parts reads the keys of an order. It is false if one of them was refused.
func (l *loader) parts(f fields, base time.Time) (*event.Order, bool) {
	r := reader{loader: l, base: base, whole: true}
	o := &event.Order{}
	o.ShipTo = r.address(f["to"])
	o.ShipTo.AddressCountry = take(&r, f["country"], country)
	o.ShipTo.LockerID = take(&r, f["lockerId"], config.Reference("a locker", l.names.banks))
	o.Lines = r.lines(f["lines"])
	o.ServiceLevel = take(&r, f["serviceLevel"], config.Reference("a service level", l.names.levels))
	o.DeliveryMethods = r.all(f["deliveryMethods"], "[locker, courier]", config.Word("a delivery method", event.MethodCourier, event.MethodLocker))
	o.Constraints.ExcludedSites = r.all(f["excludedSites"], "[pasila]", config.Reference("a site", l.names.sites))
	o.RequestedWindow = r.window(f["window"])
	if word := take(&r, f["fallback"], config.Word("an answer", "true", "false")); word != "" {
		allowed := word == "true"
		o.Constraints.AllowServiceLevelFallback = &allowed
	}
	return o, r.whole
}

// reader reads one order, and notes whether all of it was right.
type reader struct {
	*loader
	base  time.Time
	whole bool
}

// take is the value of a scalar, or nothing.
func take[T any](r *reader, v config.Node, f config.Field[T]) T {
	out, ok := config.Read(v, f)
	if !ok && !v.Absent() {
		r.whole = false
	}
	return out
}

var country = config.Field[string]{What: "a country", Hint: "two capital letters, ISO 3166-1, such as FI", Parse: func(text string) (string, error) {
	if len(text) != 2 || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z' {
		return "", errors.New("it is not two capital letters")
	}
	return text, nil
}}

// address reads where the order ships to: one of three ways to say it.
func (r *reader) address(v config.Node) event.Address {
	const hint = `one of {lat: 60.1842, lng: 24.9497}, {postalCode: "00530"} and {cell: 891126d0613ffff}`
	var a event.Address
	if v.Absent() {
		return a
	}
	m := v.Mapping(hint)
	lat, lng, code, cell := m.Get("lat"), m.Get("lng"), m.Get("postalCode"), m.Get("cell")
	m.Done()
	given := 0
	for _, there := range []bool{!lat.Absent() || !lng.Absent(), !code.Absent(), !cell.Absent()} {
		if there {
			given++
		}
	}
	if !v.IsMapping() || given != 1 {
		r.whole = false
		if v.IsMapping() {
			v.Fail(config.CodeConflict, hint, "an address is exactly one of lat and lng, postalCode and cell; here are %d", given)
		}
		return a
	}
	a.PostalCode = take(r, code, config.Text("a postcode"))
	switch {
	case !cell.Absent():
		c := take(r, cell, config.Field[geo.Cell]{What: "a cell", Hint: "15 hexadecimal digits, such as 891126d0613ffff", Parse: geo.ParseCell})
		if c != 0 {
			p := c.Center()
			a.Geo = &event.Geo{Latitude: p.Lat, Longitude: p.Lng}
		}
	case code.Absent():
		lat, lng = m.Need("lat", hint), m.Need("lng", hint)
		r.whole = r.whole && !lat.Absent() && !lng.Absent()
		a.Geo = &event.Geo{
			Latitude:  take(r, lat, config.Decimal("a latitude", "decimal degrees, such as 60.1842", -90, 90)),
			Longitude: take(r, lng, config.Decimal("a longitude", "decimal degrees, such as 24.9497", -180, 180)),
		}
	}
	return a
}

func (r *reader) lines(v config.Node) []event.Line {
	const hint = "[mug-blue, {sku: figure-cat, quantity: 2, grams: 350, mm: [100, 80, 90]}]"
	if v.Absent() {
		return nil
	}
	r.whole = r.whole && v.IsList()
	var lines []event.Line
	for _, item := range v.List(hint) {
		if !item.IsMapping() {
			lines = append(lines, event.Line{SKU: take(r, item, config.Text("a sku")), Quantity: 1})
			continue
		}
		m := item.Mapping(hint)
		sku, quantity, grams, mm := m.Need("sku", "sku: mug-blue"), m.Get("quantity"), m.Get("grams"), m.Get("mm")
		m.Done()
		r.whole = r.whole && !sku.Absent()
		line := event.Line{SKU: take(r, sku, config.Text("a sku")), Quantity: 1,
			WeightGrams: take(r, grams, config.Whole("a weight in grams", 0, event.MaxGrams))}
		if !quantity.Absent() {
			line.Quantity = take(r, quantity, config.Whole("a quantity", 1, event.MaxQuantity))
		}
		if !mm.Absent() {
			box, ok := config.Box(mm)
			r.whole = r.whole && ok
			line.DimensionsMm = box[:]
		}
		lines = append(lines, line)
	}
	return lines
}

// all reads a list of scalars.
func (r *reader) all(v config.Node, hint string, f config.Field[string]) []string {
	if v.Absent() {
		return nil
	}
	r.whole = r.whole && v.IsList()
	var out []string
	for _, item := range v.List(hint) {
		out = append(out, take(r, item, f))
	}
	return out
}

func (r *reader) window(v config.Node) *event.Window {
	const hint = `{start: "10:00", end: "14:00"}`
	if v.Absent() {
		return nil
	}
	m := v.Mapping(hint)
	start, okStart := r.instant(m.Need("start", hint), r.base)
	end, okEnd := r.instant(m.Need("end", hint), r.base)
	m.Done()
	r.whole = r.whole && okStart && okEnd
	return &event.Window{Start: start, End: end}
}
