package lint

import (
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// ties looks for lanes of a group that arrive at the same time with the same
// goods.
type ties struct {
	group  []way
	byTime bool // rank asks for the promise
	today  lanes.Date
	like   map[[2]int]bool // what twins has found
	winner map[int]int     // by loser
	common map[int]*tie    // by loser
	times  map[int][]int64 // arrivals, by lane
}

// note takes notice of a cell that two lanes of the group serve. Of several
// lanes that win against one, the first that is met is named.
func (t *ties) note(a, b int, c geo.Cell) {
	if w, known := t.winner[b]; known && w != a || !known && !t.twins(a, b) {
		return
	}
	t.winner[b] = a
	one := t.common[b]
	if one == nil {
		one = &tie{winner: t.group[a], loser: t.group[b]}
		t.common[b] = one
	}
	if c == 0 {
		return
	}
	res := t.group[b].lane.Area.Cells.Resolution()
	set, err := geo.NewSet(res, c)
	if err != nil {
		return
	}
	if one.cells += set.Count(); one.example == 0 {
		for first := range set.All() {
			one.example = first
			break
		}
	}
}

// countries takes notice of countries and postcodes that lanes have in common.
func (t *ties) countries() {
	const most = 16 // of those with the same country that a lane is compared with
	before := map[string][]int{}
	for i, w := range t.group {
		for _, name := range named(&w.lane.Area) {
			for _, first := range before[name] {
				t.note(first, i, 0)
			}
			if len(before[name]) < most {
				before[name] = append(before[name], i)
			}
		}
	}
}

// named are the countries and postcode prefixes of an area.
func named(a *geo.Area) []string {
	list := slices.Clone(a.Countries)
	for _, p := range a.Postcodes {
		list = append(list, p.Country+" "+p.Prefix)
	}
	return list
}

// twins reports whether two lanes can both have an option of the same promise
// for the same goods.
func (t *ties) twins(a, b int) bool {
	key := [2]int{a, b}
	like, known := t.like[key]
	if !known {
		like = t.sameGoods(a, b) && (!t.byTime || t.sameTime(a, b))
		t.like[key] = like
	}
	return like
}

// sameGoods reports whether an order can be served by either site.
func (t *ties) sameGoods(a, b int) bool {
	s, o := t.group[a].site, t.group[b].site
	if s == o {
		return true
	}
	for _, p := range assortment(s) {
		for _, q := range assortment(o) {
			if covers(p, q) || covers(q, p) {
				return true
			}
		}
	}
	return false
}

func assortment(s *config.Site) []lanes.Pattern {
	all := slices.Clone(s.Stocks)
	for _, c := range s.Makes {
		all = append(all, c.SKUs...)
	}
	return all
}

// sameTime reports whether two lanes ever arrive in the same minute.
func (t *ties) sameTime(a, b int) bool {
	for _, at := range t.arrivals(a) {
		if _, found := slices.BinarySearch(t.arrivals(b), at); found {
			return true
		}
	}
	return false
}

// arrivals are the minutes in which a lane arrives in the next weeks, sorted.
func (t *ties) arrivals(i int) []int64 {
	if list, known := t.times[i]; known {
		return list
	}
	w, list := t.group[i], []int64{}
	for d := t.today; d < t.today.Add(soonDays); d++ {
		leaves := w.lane.Timetable.On(d)
		for j := range leaves {
			list = append(list, w.arrival(&leaves[j])/60)
		}
	}
	slices.Sort(list)
	if t.times == nil {
		t.times = map[int][]int64{}
	}
	t.times[i] = list
	return list
}
