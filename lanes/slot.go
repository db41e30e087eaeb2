package lanes

import (
	"fmt"
	"strings"
)

// Kinds of slots, the first part of a slot id.
const (
	KindLane   = "lane"   // a departure of a lane
	KindMake   = "make"   // a production cell on one day
	KindLocker = "locker" // the compartments of one size of a locker bank on one day
)

// Units that a slot counts.
const (
	UnitParcels = "parcels"
	UnitGrams   = "grams"
	UnitUnits   = "units" // pieces made
)

// LaneSlot returns the id of what a departure of a lane counts in unit:
// "lane/<site>/<lane>:2026-08-04T10:00:parcels". The start is the configured
// wall time, so that an edited end keeps its usage.
func LaneSlot(site, lane string, d Date, start Clock, unit string) string {
	b := slotOn(make([]byte, 0, 96), KindLane, site, lane, d)
	b = start.append(append(b, 'T'))
	return string(append(append(b, ':'), unit...))
}

// MakeSlot returns the id of a production cell's day:
// "make/<site>/<cell>:2026-08-04:units".
func MakeSlot(site, cell string, d Date) string {
	b := slotOn(make([]byte, 0, 96), KindMake, site, cell, d)
	return string(append(b, ":"+UnitUnits...))
}

// LockerSlot returns the id of a bank's compartments of one size on one day:
// "locker/<bank>/<size>:2026-08-04:parcels".
func LockerSlot(bank, size string, d Date) string {
	b := slotOn(make([]byte, 0, 96), KindLocker, bank, size, d)
	return string(append(b, ":"+UnitParcels...))
}

// slotOn writes what all slot ids begin with behind b.
func slotOn(b []byte, kind, place, name string, d Date) []byte {
	b = append(append(b, kind...), '/')
	b = append(append(b, place...), '/')
	b = append(append(b, name...), ':')
	return d.append(b)
}

// Slot is a slot id taken apart.
type Slot struct {
	Kind  string // KindLane, KindMake or KindLocker
	Place string // the site, or the locker bank
	Name  string // the lane, the production cell or the locker size
	Date  Date   // local
	Start Clock  // KindLane only
	Unit  string
}

// ParseSlot takes a slot id apart. Places and names hold no "/" and no ":".
func ParseSlot(id string) (Slot, error) {
	head, tail, ok := strings.Cut(id, ":")
	parts := strings.Split(head, "/")
	if !ok || len(parts) != 3 || parts[1] == "" || parts[2] == "" {
		return Slot{}, notASlot(id)
	}
	slot := Slot{Kind: parts[0], Place: parts[1], Name: parts[2]}
	i := strings.LastIndexByte(tail, ':')
	if i < 0 {
		return Slot{}, notASlot(id)
	}
	day, start, timed := strings.Cut(tail[:i], "T")
	slot.Unit = tail[i+1:]
	var err error
	if slot.Date, err = ParseDate(day); err != nil {
		return Slot{}, notASlot(id)
	}
	if timed {
		if slot.Start, err = ParseClock(start); err != nil {
			return Slot{}, notASlot(id)
		}
	}
	if slot.String() != id {
		return Slot{}, notASlot(id)
	}
	return slot, nil
}

// String returns the slot's id, empty for a slot that there cannot be.
func (s Slot) String() string {
	switch {
	case s.Kind == KindLane && (s.Unit == UnitParcels || s.Unit == UnitGrams):
		return LaneSlot(s.Place, s.Name, s.Date, s.Start, s.Unit)
	case s.Kind == KindMake && s.Unit == UnitUnits:
		return MakeSlot(s.Place, s.Name, s.Date)
	case s.Kind == KindLocker && s.Unit == UnitParcels:
		return LockerSlot(s.Place, s.Name, s.Date)
	}
	return ""
}

func notASlot(id string) error { return fmt.Errorf("parse slot: %q is not a slot id", id) }
