package config

import "slices"

func (l *loader) lockers(v value) []entry {
	if v.absent() {
		return nil
	}
	entries := v.byID("{sornainen: {region: ..., at: ..., offer: {withinKm: 1.2}, dwell: 2d, sizes: [...]}}", "")
	renamed := renamed{kind: "bank of lockers"}
	for _, e := range entries {
		l.config.Lockers = append(l.config.Lockers, l.bank(e, &renamed))
	}
	renamed.check()
	l.lockerIDs = names(entries)
	return entries
}

func (l *loader) bank(e entry, renamed *renamed) Bank {
	m := e.mapping("{region: ..., at: ..., offer: {withinKm: 1.2}, dwell: 2d, sizes: [...]}")
	b := Bank{ID: e.name, Was: renamed.read(m, e.name, identifier)}
	region, _ := l.regionOf(m)
	b.Region = region.ID
	if at := m.need("at", "at: {lat: 60.187, lng: 24.960}"); !at.absent() {
		b.At, _ = l.at(at, "locker "+e.name, b.Region)
	}
	if v := m.need("offer", "how far from the address it is offered: offer: {withinKm: 1.2}"); !v.absent() {
		offer := v.mapping("{withinKm: 1.2}")
		b.OfferWithinKm, _ = read(offer.need("withinKm", "withinKm: 1.2"), kilometres)
		offer.done()
	}
	b.DwellDays, _ = read(m.need("dwell", "how long a parcel may stay: dwell: 2d"), days)
	b.CostPerParcel, _ = read(m.get("costPerParcel"), l.amount)
	const hint = "[{size: S, count: 20, mm: [80, 400, 600], maxGrams: 10000}], smallest first"
	if v := m.need("sizes", hint); !v.absent() {
		b.Sizes = l.sizes(v.some(hint))
	}
	m.done()
	return b
}

func (l *loader) sizes(items []value) []Size {
	var sizes []Size
	renamed := renamed{kind: "size"}
	for _, item := range items {
		m := item.mapping("{size: S, count: 20, mm: [80, 400, 600]}")
		var s Size
		name := m.need("size", "size: S")
		s.ID, _ = read(name, sizeName)
		s.Was = renamed.read(m, s.ID, sizeName)
		s.Count, _ = read(m.need("count", "how many compartments of this size: count: 20"), whole("a number of compartments", 1, maxCount))
		if sides := m.need("mm", "the inside of a compartment: mm: [80, 400, 600]"); !sides.absent() {
			s.Room.Box, _ = box(sides)
		}
		s.Room.Grams, _ = read(m.get("maxGrams"), grams)
		m.done()
		if s.ID != "" && slices.ContainsFunc(sizes, func(other Size) bool { return other.ID == s.ID }) {
			name.fail(CodeDuplicate, "add up the counts, or rename one", "the size %q is there already", s.ID)
		}
		sizes = append(sizes, s)
	}
	renamed.check()
	return sizes
}

// sizeName is the id of a size, which may be upper-case: S, M, XL.
var sizeName = field[string]{what: "a size", hint: "letters, digits and hyphens, such as S or XL", parse: func(text string) (string, error) {
	const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if message, offset := checkID(text, upper); message != "" {
		return "", &problem{code: CodeID, message: message, offset: offset}
	}
	return text, nil
}}
