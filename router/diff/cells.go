package diff

import (
	"cmp"
	"maps"
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
)

// Level is how a service level's cells and areas differ. Cells are counted at
// the finer of the two configs' resolutions.
type Level struct {
	ID              string   `json:"serviceLevel"`
	Gained          uint64   `json:"gained"` // cells that no site served, and one does now
	Lost            uint64   `json:"lost"`   // the other way round
	Moved           uint64   `json:"moved"`  // cells whose first site is another one
	Moves           []Move   `json:"moves"`  // all of these by site, most cells first
	CountriesGained []string `json:"countriesGained,omitempty"`
	CountriesLost   []string `json:"countriesLost,omitempty"`
	PostcodesGained []string `json:"postcodesGained,omitempty"` // "FI 021"
	PostcodesLost   []string `json:"postcodesLost,omitempty"`

	gained, lost, moved geo.Set
}

// Move is the cells that went from one site to another. An empty From or To is
// nobody.
type Move struct {
	From      string  `json:"from,omitzero"`
	To        string  `json:"to,omitzero"`
	Cells     uint64  `json:"cells"`
	SquareKm  float64 `json:"squareKm"` // about
	cellsHeld geo.Set
}

// Reach is how many cells a lane's catchment gained and lost.
type Reach struct {
	Lane   string `json:"lane"` // site/lane
	Was    uint64 `json:"was"`
	Is     uint64 `json:"is"`
	Gained uint64 `json:"gained"`
	Lost   uint64 `json:"lost"`
}

// side is one of the two configs, as far as cells go.
type side struct {
	lanes []lanePlace // sorted by site, as the config is
}

type lanePlace struct {
	path   string
	site   string
	at     geo.Vec
	levels []string
}

func sideOf(c *config.Config, sets []geo.Set) (side, []geo.Set) {
	var s side
	for i := range c.Sites {
		site := &c.Sites[i]
		for j := range site.Lanes {
			lane := &site.Lanes[j]
			s.lanes = append(s.lanes, lanePlace{path: site.ID + "/" + lane.ID, site: site.ID, at: site.At.Vec(), levels: lane.Levels})
			minus := geo.Set{}
			if lane.Area.Minus != nil {
				minus = lane.Area.Minus.Cells
			}
			sets = append(sets, lane.Area.Cells, minus)
		}
	}
	return s, sets
}

// holding are the lanes whose catchment holds a cell. In are the numbers of the
// sets that do, ascending; the side's begin with first, two per lane: its
// cells, then its minus.
func (s *side) holding(in []int, first int) (held []*lanePlace) {
	for i, n := range in {
		set := n - first
		if set < 0 || set >= 2*len(s.lanes) || set%2 == 1 {
			continue
		}
		if minus := i+1 < len(in) && in[i+1] == n+1; !minus {
			held = append(held, &s.lanes[set/2])
		}
	}
	return held
}

// sitesAt are the sites among lanes that have a level, by id, each once.
func sitesAt(held []*lanePlace, level string) (sites []*lanePlace) {
	for _, l := range held {
		known := len(sites) > 0 && sites[len(sites)-1].site == l.site
		if !known && slices.Contains(l.levels, level) {
			sites = append(sites, l)
		}
	}
	return sites
}

type way struct{ level, from, to string }

// tally collects what the walk over all catchments finds.
type tally struct {
	res   int
	ways  map[way][]geo.Cell
	reach map[string]*Reach
}

// cells compares who serves what.
func (r *Report) cells() error {
	was, sets := sideOf(r.old, nil)
	second := len(sets)
	is, sets := sideOf(r.new, sets)
	t := tally{res: max(r.old.Resolution, r.new.Resolution), ways: map[way][]geo.Cell{}, reach: map[string]*Reach{}}
	levels := levelsOf(r.old, r.new)
	geo.Walk(sets, func(c geo.Cell, in []int) {
		before, after := was.holding(in, 0), is.holding(in, second)
		t.reaches(c, before, after)
		for _, level := range levels {
			t.compare(c, level, sitesAt(before, level), sitesAt(after, level))
		}
	})
	for _, path := range slices.Sorted(maps.Keys(t.reach)) {
		if one := t.reach[path]; one.Gained+one.Lost > 0 {
			r.Lanes = append(r.Lanes, *one)
		}
	}
	return r.fill(&t, levels)
}

// reaches counts a cell for every lane that holds it on either side.
func (t *tally) reaches(c geo.Cell, before, after []*lanePlace) {
	n := c.Count(t.res)
	of := func(l *lanePlace) *Reach {
		if t.reach[l.path] == nil {
			t.reach[l.path] = &Reach{Lane: l.path}
		}
		return t.reach[l.path]
	}
	same := func(all []*lanePlace, path string) bool {
		return slices.ContainsFunc(all, func(l *lanePlace) bool { return l.path == path })
	}
	for _, l := range before {
		of(l).Was += n
		if !same(after, l.path) {
			of(l).Lost += n
		}
	}
	for _, l := range after {
		of(l).Is += n
		if !same(before, l.path) {
			of(l).Gained += n
		}
	}
}

// compare notes how the first site of all cells in c differs. Where a cell is
// so large that its parts may have different ones, they are asked.
func (t *tally) compare(c geo.Cell, level string, before, after []*lanePlace) {
	if slices.EqualFunc(before, after, func(a, b *lanePlace) bool { return a.site == b.site && a.at == b.at }) {
		return
	}
	from, clear := t.first(c, before)
	to, clearToo := t.first(c, after)
	switch {
	case !clear || !clearToo:
		for _, child := range c.Children() {
			t.compare(child, level, before, after)
		}
	case from != to:
		w := way{level, from, to}
		t.ways[w] = append(t.ways[w], c)
	}
}

// first is the nearest site of all cells in c, unless they have different ones.
func (t *tally) first(c geo.Cell, sites []*lanePlace) (site string, clear bool) {
	switch len(sites) {
	case 0:
		return "", true
	case 1:
		return sites[0].site, true
	}
	at := c.Center().Vec()
	best, next := -1, 0.0
	nearest := 0.0
	for i, s := range sites {
		d := s.at.Distance(at)
		switch {
		case best < 0:
			best, nearest, next = i, d, d+1e9
		case d < nearest:
			best, nearest, next = i, d, nearest
		default:
			next = min(next, d)
		}
	}
	leaf := c.Resolution() >= t.res
	return sites[best].site, leaf || next-nearest > 2*c.Reach(t.res)
}

// fill turns cells into sets and counts.
func (r *Report) fill(t *tally, levels []string) error {
	keys := slices.SortedFunc(maps.Keys(t.ways), func(a, b way) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for _, id := range levels {
		l := Level{ID: id, Moves: []Move{}}
		for _, w := range keys {
			if w.level != id {
				continue
			}
			set, err := geo.NewSet(t.res, t.ways[w]...)
			if err != nil {
				return err
			}
			l.add(Move{From: w.from, To: w.to, Cells: set.Count(), SquareKm: squareKm(set), cellsHeld: set})
		}
		slices.SortStableFunc(l.Moves, func(a, b Move) int { return cmp.Compare(b.Cells, a.Cells) })
		r.Levels = append(r.Levels, l)
	}
	return nil
}

func (l *Level) add(m Move) {
	l.Moves = append(l.Moves, m)
	switch {
	case m.From == "":
		l.Gained += m.Cells
		l.gained = geo.Union(l.gained, m.cellsHeld)
	case m.To == "":
		l.Lost += m.Cells
		l.lost = geo.Union(l.lost, m.cellsHeld)
	default:
		l.Moved += m.Cells
		l.moved = geo.Union(l.moved, m.cellsHeld)
	}
}

// levelsOf are the levels of either config, sorted.
func levelsOf(configs ...*config.Config) (ids []string) {
	for _, c := range configs {
		for i := range c.Levels {
			ids = append(ids, c.Levels[i].ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
