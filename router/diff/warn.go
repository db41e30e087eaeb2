package diff

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// warn names slots that live claims may lie on and that the new config no
// longer has. A slot is known by its first names and its start: without them
// it is another slot, which counts from nothing, while what was promised
// before still has to be kept.
func (r *Report) warn() {
	if r.old.Resolution != r.new.Resolution {
		r.warning("the grid's resolution goes from %d to %d: a coarser cell is compared as the cells that descend from it", r.old.Resolution, r.new.Resolution)
	}
	for i := range r.old.Sites {
		was := &r.old.Sites[i]
		is := find(r.new.Sites, func(s *config.Site) bool { return s.Key() == was.Key() })
		if is == nil {
			r.warning("sites.%s is gone: parcels already promised from it still have to leave it", was.ID)
			continue
		}
		if r.old.RegionKey(was.Region) != r.new.RegionKey(is.Region) {
			r.warning("sites.%s moves from region %s to %s: claims of live orders stay with %s", was.ID, was.Region, is.Region, was.Region)
		}
		for j := range was.Lanes {
			r.warnLane(was, is, &was.Lanes[j])
		}
		for _, cell := range was.Makes {
			if find(is.Makes, func(c *config.Cell) bool { return c.Key() == cell.Key() }) == nil {
				r.warning("sites.%s.makes.%s is gone: under another name it counts from nothing, whatever it has promised to make", was.ID, cell.ID)
			}
		}
	}
	r.warnLockers()
}

func (r *Report) warning(format string, args ...any) {
	r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
}

func (r *Report) warnLane(was, is *config.Site, lane *config.Lane) {
	path := "sites." + was.ID + ".lanes." + lane.ID
	now := find(is.Lanes, func(l *config.Lane) bool { return l.Key() == lane.Key() })
	if now == nil {
		renamed := ""
		if heir := r.heir(was, is, lane); heir != "" {
			renamed = fmt.Sprintf(" (renamed to %s?)", heir)
		}
		r.warning("%s is gone%s: a lane of another name counts from nothing, though claims of live orders still fill the old one", path, renamed)
		return
	}
	for at, days := range startsOf(lane).all() {
		if gone := days &^ startsOf(now)[at]; gone != 0 {
			r.warning("%s: nothing leaves on %v %v any more: claims of live orders on it stay, and a departure at another time counts from nothing", path, gone, at)
		}
	}
}

// heir is a new lane that may be the old one under another name.
func (r *Report) heir(was, is *config.Site, lane *config.Lane) string {
	for i := range is.Lanes {
		l := &is.Lanes[i]
		known := find(was.Lanes, func(o *config.Lane) bool { return o.Key() == l.Key() }) != nil
		if !known && l.Courier == lane.Courier && l.Kind == lane.Kind {
			return l.ID
		}
	}
	return ""
}

// starts are the days on which a lane's departures start at a time of day.
type starts map[lanes.Clock]lanes.Weekdays

func startsOf(l *config.Lane) starts {
	week := starts{}
	for _, b := range l.Blocks {
		week[b.Start] |= b.Days
	}
	for _, c := range l.Collections {
		week[c.At] |= c.Days
	}
	return week
}

// all goes over the times of day in order.
func (s starts) all() iter.Seq2[lanes.Clock, lanes.Weekdays] {
	return func(yield func(lanes.Clock, lanes.Weekdays) bool) {
		for _, at := range slices.Sorted(maps.Keys(s)) {
			if !yield(at, s[at]) {
				return
			}
		}
	}
}

func (r *Report) warnLockers() {
	for i := range r.old.Lockers {
		was := &r.old.Lockers[i]
		is := find(r.new.Lockers, func(b *config.Bank) bool { return b.Key() == was.Key() })
		if is == nil {
			r.warning("lockers.%s is gone: parcels may lie in it", was.ID)
			continue
		}
		for _, size := range was.Sizes {
			if find(is.Sizes, func(s *config.Size) bool { return s.Key() == size.Key() }) == nil {
				r.warning("lockers.%s: size %s is gone: parcels may lie in it", was.ID, size.ID)
			}
		}
	}
}

// find is the first item that is meant, or nil.
func find[T any](list []T, is func(*T) bool) *T {
	for i := range list {
		if is(&list[i]) {
			return &list[i]
		}
	}
	return nil
}
