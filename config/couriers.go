package config

import (
	"slices"

	"github.com/nearlane/nearlane/lanes"
)

func (l *loader) couriers(v value) []entry {
	if v.absent() {
		return nil
	}
	entries := v.byID("{pyora: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}}", "")
	for _, e := range entries {
		m := e.mapping("{maxParcel: {grams: 15000, mm: [600, 400, 400]}}, or {} for one that takes anything")
		courier := Courier{ID: e.name, MaxParcel: l.room(m.get("maxParcel"))}
		courier.AcceptWithin = readOr(m.get("acceptWithin"), longer, 0)
		m.done()
		l.config.Couriers = append(l.config.Couriers, courier)
	}
	return entries
}

// room reads what a courier carries.
func (l *loader) room(v value) lanes.Room {
	if v.absent() {
		return lanes.Room{}
	}
	m := v.mapping("{grams: 15000, mm: [600, 400, 400]}")
	var room lanes.Room
	if sides := m.get("mm"); !sides.absent() {
		room.Box, _ = box(sides)
	}
	room.Grams, _ = read(m.get("grams"), grams)
	m.done()
	return room
}

// defaults reads what stands in for what orders do not say.
func (l *loader) defaults(v value) {
	if v.absent() {
		return
	}
	c := &l.config.Defaults
	m := v.mapping("{serviceLevel: same_day, deliveryMethods: [courier]}")
	level := m.get("serviceLevel")
	c.ServiceLevel, _ = read(level, idOf(kindLevel, l.levelIDs()))
	if methods := m.get("deliveryMethods"); !methods.absent() {
		c.DeliveryMethods = distinct(methods.some("[courier, locker], the preferred first"), oneOf("a delivery method", "courier", "locker"))
	}
	if parcel := m.get("parcel"); !parcel.absent() {
		p := parcel.mapping("{mm: [300, 200, 150]}")
		c.Parcel, _ = box(p.need("mm", "mm: [300, 200, 150]"))
		p.done()
	}
	m.done()
}

func (l *loader) levelIDs() []string {
	ids := make([]string, len(l.config.Levels))
	for i, level := range l.config.Levels {
		ids[i] = level.ID
	}
	return ids
}

// distinct reads a list in which nothing may stand twice.
func distinct(items []value, f field[string]) []string {
	var out []string
	for _, item := range items {
		one, ok := read(item, f)
		switch {
		case !ok:
		case slices.Contains(out, one):
			item.fail(CodeDuplicate, "delete one of the two", "%q is there already", one)
		default:
			out = append(out, one)
		}
	}
	return out
}
