package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nearlane/nearlane/lanes"
)

// retired reads what is gone on purpose: live claims may stand there.
func (l *loader) retired(v value) {
	if v.absent() {
		return
	}
	for _, item := range v.list("[helsinki/lane/kallio/bike]") {
		path, ok := read(item, retiredPath)
		if !ok {
			continue
		}
		if there := l.standing(path); there != "" {
			item.fail(CodeConflict, "delete the entry, or the thing", "%s is still there: %s", path, there)
			continue
		}
		l.config.Retired = append(l.config.Retired, path)
	}
}

var retiredPath = field[string]{what: "something that is gone",
	hint:  "write REGION, or as slots are called: REGION/lane/SITE/LANE/10:00, REGION/make/SITE/CELL, REGION/locker/BANK/SIZE, or the beginning of that",
	parse: parseRetired}

func parseRetired(text string) (string, error) {
	parts := strings.Split(text, "/")
	for i, part := range parts {
		switch {
		case part == "":
			return "", errors.New("a part of it is empty")
		case i == 1 && part != lanes.KindLane && part != lanes.KindMake && part != lanes.KindLocker:
			return "", fmt.Errorf("%q is neither lane nor make nor locker", part)
		case i == 4 && parts[1] == lanes.KindLane:
			if _, err := lanes.ParseClock(part); err != nil {
				return "", err
			}
		case i >= 4:
			return "", errors.New("it has more parts than a slot")
		}
	}
	if len(parts) == 2 {
		return "", errors.New("it does not say which")
	}
	return text, nil
}

// standing is what the file still has at or below a path of slots; empty:
// nothing.
func (l *loader) standing(path string) (there string) {
	look := func(what string, slot ...string) {
		if strings.HasPrefix(strings.Join(slot, "/")+"/", path+"/") {
			there = what
		}
	}
	keys := map[string]string{}
	for i := range l.config.Regions {
		r := &l.config.Regions[i]
		keys[r.ID] = r.Key()
		look("regions."+r.ID, r.Key())
	}
	for i := range l.config.Sites {
		s := &l.config.Sites[i]
		region := keys[s.Region]
		for j := range s.Makes {
			look("sites."+s.ID+".makes."+s.Makes[j].ID, region, lanes.KindMake, s.Key(), s.Makes[j].Key())
		}
		for j := range s.Lanes {
			at := "sites." + s.ID + ".lanes." + s.Lanes[j].ID
			look(at, region, lanes.KindLane, s.Key(), s.Lanes[j].Key())
			for _, start := range s.Lanes[j].starts() {
				look(at, region, lanes.KindLane, s.Key(), s.Lanes[j].Key(), start.String())
			}
		}
	}
	for i := range l.config.Lockers {
		b := &l.config.Lockers[i]
		for j := range b.Sizes {
			look("lockers."+b.ID, keys[b.Region], lanes.KindLocker, b.Key(), b.Sizes[j].Key())
		}
	}
	return there
}

// starts are the times of day at which the lane leaves.
func (l *Lane) starts() (list []lanes.Clock) {
	for _, b := range l.Blocks {
		list = append(list, b.Start)
	}
	for _, c := range l.Collections {
		list = append(list, c.At)
	}
	return list
}
