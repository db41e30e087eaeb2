package config

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/nearlane/nearlane/geo"
)

const catchmentHint = `{withinKm: 3}, or cells, geojson, countries or postcodes`

// laneArea reads a lane's catchment, or takes the site's.
func (o *outlet) laneArea(m *mapping) geo.Area {
	v := m.get("catchment")
	if !v.absent() {
		return o.area(v)
	}
	if m.isMapping() && o.catchmentAt.absent() {
		m.failAtKey(CodeMissing, "catchment: {withinKm: 3}, here or for the whole site", "the lane has no catchment, nor has its site")
	}
	return o.catchment
}

// area reads a catchment: the union of its parts, without minus.
func (o *outlet) area(v value) geo.Area {
	if v.absent() {
		return geo.Area{}
	}
	m := v.mapping(catchmentHint)
	area := o.shape(m)
	if minus := m.get("minus"); !minus.absent() {
		area.Minus = o.minus(minus)
		o.checkRest(minus, area)
	}
	m.done()
	return area
}

// minus reads what is taken out of a catchment.
func (o *outlet) minus(v value) *geo.Area {
	const hint = `[{geojson: "areas.geojson#harbour"}]`
	all := &geo.Area{}
	for _, item := range v.some(hint) {
		m := item.mapping(`{geojson: "areas.geojson#harbour"}`)
		one := o.shape(m)
		if nested := m.get("minus"); !nested.absent() {
			nested.failAtKey(CodeUnsupported, "list what is left of it under cells, or draw it as GeoJSON", "a minus in a minus is not supported")
		}
		m.done()
		all.Cells = geo.Union(all.Cells, one.Cells)
		all.Countries = append(all.Countries, one.Countries...)
		all.Postcodes = append(all.Postcodes, one.Postcodes...)
	}
	return all
}

// checkRest reports a minus that leaves nothing.
func (o *outlet) checkRest(v value, area geo.Area) {
	if area.Cells.Empty() || len(area.Countries)+len(area.Postcodes) > 0 {
		return
	}
	for _, c := range area.Cells.Compact() {
		if !area.Minus.Cells.Contains(c) {
			return
		}
	}
	v.failAtKey(CodeCatchment, "make the catchment larger or minus smaller", "minus takes away the whole catchment")
}

// shape reads all of a catchment but minus.
func (o *outlet) shape(m *mapping) geo.Area {
	within, cells, geojson := m.get("withinKm"), m.get("cells"), m.get("geojson")
	countries, postcodes := m.get("countries"), m.get("postcodes")
	var area geo.Area
	if m.isMapping() && within.absent() && cells.absent() && geojson.absent() && countries.absent() && postcodes.absent() && !m.misspelt("minus") {
		m.failAtKey(CodeMissing, catchmentHint, "the catchment is empty")
		return area
	}
	area.Cells = geo.Union(o.within(within), o.cells(cells), o.polygons(geojson))
	if !countries.absent() {
		area.Countries = distinct(countries.some("[FI]"), country)
	}
	area.Postcodes = o.postcodes(postcodes)
	return area
}

func (o *outlet) within(v value) geo.Set {
	km, ok := read(v, kilometres)
	if !ok || !o.atKnown {
		return geo.Set{}
	}
	o.options.breathe()
	set, err := geo.Within(o.site.At, km, o.config.Resolution)
	if err != nil {
		v.fail(CodeCatchment, "make it larger, or the grid's resolution finer", "the circle cannot be used: %v", err)
	}
	return set
}

func (o *outlet) cells(v value) geo.Set {
	if v.absent() {
		return geo.Set{}
	}
	res := o.config.Resolution
	cell := field[geo.Cell]{what: "an H3 cell", hint: fmt.Sprintf("15 hexadecimal digits, of resolution %d or coarser", res),
		parse: func(text string) (geo.Cell, error) {
			c, err := geo.ParseCell(text)
			if err == nil && c.Resolution() > res {
				return 0, &problem{code: CodeRange, message: fmt.Sprintf("its resolution %d is finer than the grid's %d", c.Resolution(), res),
					hint: fmt.Sprintf("list its parent %v", c.Parent(res))}
			}
			return c, err
		}}
	list := readAll(v.some("[89113476b6bffff]"), cell)
	if len(list) == 0 {
		return geo.Set{}
	}
	set, err := geo.NewSet(res, list...)
	if err != nil {
		v.fail(CodeCatchment, cell.hint, "the cells cannot be used: %v", err)
	}
	o.checkSwapped(v, set)
	return set
}

// polygons reads FILE#FEATURE, or a list of these.
func (o *outlet) polygons(v value) geo.Set {
	if v.absent() {
		return geo.Set{}
	}
	items := []value{v}
	if v.kind() == "a list" {
		items = v.some(`["areas.geojson#harbour"]`)
	}
	var sets []geo.Set
	for _, item := range items {
		if name, ok := read(item, text("a shape")); ok {
			set := o.polygon(item, name)
			o.checkSwapped(item, set)
			sets = append(sets, set)
		}
	}
	return geo.Union(sets...)
}

// polygon compiles one feature, once however many lanes name it.
func (o *outlet) polygon(v value, name string) geo.Set {
	if set, known := o.shapes[name]; known {
		return set
	}
	path, feature, selects := strings.Cut(name, "#")
	data, ok := o.open(v, path, MaxShapesBytes)
	if !ok {
		return geo.Set{}
	}
	o.options.breathe()
	set, coverage, err := geo.Cover(bytes.NewReader(data), feature, o.config.Resolution, o.config.Containment)
	if err != nil {
		at := v.at
		if selects {
			at = v.atByte(name, len(path)+1)
		}
		v.doc.add(at, v.path, CodeCatchment,
			"write FILE#FEATURE, where FEATURE is an id or a name; GeoJSON writes longitude first", "%s: %v", path, err)
		return geo.Set{}
	}
	o.shapes[name] = set
	o.config.Shapes = append(o.config.Shapes, Shape{Name: name, Path: v.path, Coverage: coverage})
	return set
}

// postcodes reads prefixes by country: {FI: ["00", "0212"]}.
func (o *outlet) postcodes(v value) []geo.Prefix {
	if v.absent() {
		return nil
	}
	const hint = `{FI: ["00", "0212"]}`
	entries := v.entriesOf(hint)
	if len(entries) == 0 && v.isMapping() {
		v.fail(CodeMissing, hint, "there is no postcode in it")
	}
	var prefixes []geo.Prefix
	for _, e := range entries {
		code, err := country.parse(e.name)
		if err != nil {
			e.failAtKey(CodeValue, country.hint, "%v", err)
			continue
		}
		prefix := field[geo.Prefix]{what: "a postcode prefix", hint: `letters and digits, such as "00" or "SW1A"`,
			parse: func(text string) (geo.Prefix, error) { return geo.ParsePrefix(code, text) }}
		prefixes = append(prefixes, readAll(e.some(`["00", "0212"]`), prefix)...)
	}
	return prefixes
}
