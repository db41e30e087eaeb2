package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
)

// maxTies bounds the findings of one level: whoever has a hundred has one
// mistake, not a hundred.
const maxTies = 20

// overlaps reports lanes of one level that serve the same addresses and that
// the ranking has no way to tell apart, so that ids decide.
func (l *linter) overlaps() {
	for i := range l.c.Levels {
		var ties []tie
		for _, same := range l.alike(&l.c.Levels[i]) {
			ties = append(ties, l.tied(same)...)
		}
		slices.SortFunc(ties, func(a, b tie) int { return strings.Compare(a.loser.name(), b.loser.name()) })
		for n, t := range ties {
			if n == maxTies {
				l.report("$.rank", Overlap, l.tieHint(), "%d more lanes of %s tie with others like this", len(ties)-n, l.c.Levels[i].ID)
				break
			}
			l.report(l.catchmentPath(t.loser.site, t.loser.lane), Overlap, l.tieHint(),
				"%s serves the same addresses as %s at %s%s, and nothing in rank tells them apart: %s goes first, by its id",
				t.loser.name(), t.winner.name(), l.c.Levels[i].ID, t.where(), t.winner.name())
		}
	}
}

// tieHint is what to do about a tie.
func (l *linter) tieHint() string {
	if !slices.Contains(l.c.Rank, config.RankDistance) {
		return "add distance to rank, give the two different costs, or take the one's cells out of the other's by minus"
	}
	return "give the two different costs or times, or take the one's cells out of the other's by minus"
}

func (w way) name() string { return w.site.ID + "/" + w.lane.ID }

// tie is two lanes between which ids decide.
type tie struct {
	winner, loser way
	cells         uint64 // in common; 0: countries or postcodes
	example       geo.Cell
}

func (t tie) where() string {
	if t.cells == 0 {
		return ""
	}
	return fmt.Sprintf(" in %s, such as %s", count(t.cells, "cell"), place(t.example))
}

// alike groups the lanes of a level that cost and distance cannot tell apart,
// as far as these are in rank, in the order of their ids.
func (l *linter) alike(v *config.Level) [][]way {
	groups := map[string][]way{}
	var keys []string
	for i := range l.c.Sites {
		s := &l.c.Sites[i]
		for j := range s.Lanes {
			n := &s.Lanes[j]
			if !slices.Contains(n.Levels, v.ID) {
				continue
			}
			key := l.likeness(s, n)
			if groups[key] == nil {
				keys = append(keys, key)
			}
			groups[key] = append(groups[key], way{site: s, lane: n, level: v})
		}
	}
	var out [][]way
	for _, key := range keys {
		if len(groups[key]) > 1 {
			out = append(out, groups[key])
		}
	}
	return out
}

// likeness is equal for lanes that cost and distance cannot tell apart.
func (l *linter) likeness(s *config.Site, n *config.Lane) string {
	var b strings.Builder
	for _, key := range l.c.Rank {
		switch key {
		case config.RankCost:
			fmt.Fprintf(&b, "cost %d ", s.Handling.CostPerOrder+n.CostPerParcel)
		case config.RankDistance:
			fmt.Fprintf(&b, "at %v ", s.At)
		}
	}
	return b.String()
}

// tied are the lanes of a group that lose to another one by id alone, each
// with one that it loses to.
func (l *linter) tied(group []way) []tie {
	t := ties{group: group, byTime: slices.Contains(l.c.Rank, config.RankPromise), today: l.today(group[0].site.Calendar.Zone),
		like: map[[2]int]bool{}, winner: map[int]int{}, common: map[int]*tie{}}
	sets := make([]geo.Set, len(group))
	for i, w := range group {
		sets[i] = served(w.lane)
	}
	geo.Overlaps(sets, func(a, b int, c geo.Cell) { t.note(a, b, c) })
	t.countries()
	var out []tie
	for loser := range group {
		if one := t.common[loser]; one != nil {
			out = append(out, *one)
		}
	}
	return out
}

// count is a number of things in words.
func count[N int | uint64](n N, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// place is a cell and where it is.
func place(c geo.Cell) string {
	at := c.Center()
	return fmt.Sprintf("%v at %.4f %.4f", c, at.Lat, at.Lng)
}
