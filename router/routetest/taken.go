package routetest

import (
	"errors"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// Taken says how much of the slots is gone before the order comes.
type Taken struct {
	Full  []string         // beginnings of slot ids, up to a "/", a "T" or a ":"
	Units map[string]int64 // by slot id
}

// everything is more than any limit, and far from overflowing.
const everything = 1 << 60

// of is how many units of a slot are taken.
func (t Taken) of(slot string) int64 {
	for _, beginning := range t.Full {
		rest, found := strings.CutPrefix(slot, beginning)
		if found && (rest == "" || strings.ContainsRune("/T:", rune(rest[0]))) {
			return everything
		}
	}
	return t.Units[slot]
}

func (l *loader) taken(full, taken config.Node) Taken {
	t := Taken{Units: map[string]int64{}}
	if !full.Absent() {
		for _, item := range full.List("[kallio/bike, locker/sornainen]") {
			if beginning, ok := config.Read(item, l.places()); ok {
				t.Full = append(t.Full, beginning)
			}
		}
	}
	if !taken.Absent() {
		for _, e := range taken.Entries(`{"lane/kallio/bike:2026-08-04T10:00:parcels": 8}`) {
			id, ok := config.ReadKey(e, l.slotID())
			units, counted := config.Read(e.Node, config.Whole("a number of units", 0, 1_000_000_000))
			if ok && counted {
				t.Units[id] = units
			}
		}
	}
	return t
}

// places is the beginning of slot ids, as a person names what is full.
func (l *loader) places() config.Field[string] {
	return config.Field[string]{What: "a lane, production cell or locker",
		Hint: "write kallio/bike, make/vallila-works/resin or locker/sornainen", Parse: l.parsePlace}
}

func (l *loader) parsePlace(text string) (string, error) {
	head, day, dated := strings.Cut(text, ":")
	known := slices.Concat(l.names.lanes, l.names.sites)
	id := lanes.KindLane + "/" + head
	switch kind, _, _ := strings.Cut(head, "/"); kind {
	case lanes.KindLane:
		id, known = head, below(kind, l.names.lanes, l.names.sites)
	case lanes.KindMake:
		id, known = head, below(kind, l.names.cells, l.names.sites)
	case lanes.KindLocker:
		id, known = head, below(kind, l.names.sizes, l.names.banks)
	}
	if !slices.Contains(known, head) {
		return "", config.Unknown(head, known)
	}
	id = l.names.kept(id)
	if !dated {
		return id, nil
	}
	id += ":" + day
	for _, end := range []string{"", ":parcels", ":units", "T00:00:parcels"} {
		if _, err := lanes.ParseSlot(id + end); err == nil {
			return id, nil
		}
	}
	return "", errors.New("what follows the colon is no day, and no day with a start such as 2026-08-04T10:00")
}

// below are names as the slots of a kind begin.
func below(kind string, names ...[]string) []string {
	var all []string
	for _, name := range slices.Concat(names...) {
		all = append(all, kind+"/"+name)
	}
	return all
}

// slotID is the id of one slot, as decisions write it.
func (l *loader) slotID() config.Field[string] {
	return config.Field[string]{What: "a slot id", Hint: "write it as in a decision's claims: lane/kallio/bike:2026-08-04T10:00:parcels",
		Parse: func(text string) (string, error) {
			if _, err := lanes.ParseSlot(text); err != nil {
				return "", errors.New("it lacks a part")
			}
			return l.parsePlace(text)
		}}
}

// split takes "site/lane" apart; of a name without a slash it is the last part.
func split(path string) (site, id string) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i], path[i+1:]
	}
	return "", path
}
