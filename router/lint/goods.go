package lint

import (
	"slices"
	"strings"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// goods reports patterns that say nothing new, and things that are never made
// because something before has them.
func (l *linter) goods(s *config.Site, path string) {
	l.redundant(s.Stocks, path+".stocks")
	for i, c := range s.Makes {
		at := path + ".makes." + c.ID + ".skus"
		l.redundant(c.SKUs, at)
		for k, p := range c.SKUs {
			if by, in := covering(s.Stocks, p); in {
				l.report(item(at, k), NeverMade, "take it out of stocks, or do not make it",
					"%q is never made: the site stocks %q, and stock goes first", p, by)
				continue
			}
			for _, before := range s.Makes[:i] {
				if by, in := covering(before.SKUs, p); in {
					l.report(item(at, k), NeverMade, "give each sku to one cell; cells are asked in the order of their ids",
						"%q is never made here: the cell %q makes %q, and is asked first", p, before.ID, by)
					break
				}
			}
		}
	}
}

// stranded reports skus that nobody can ship: no site has them from which
// anything leaves in time. Of sites without a lane the config has spoken.
func (l *linter) stranded() {
	var dead []*config.Site
	var shipped []lanes.Pattern
	known := map[string]bool{}
	for i := range l.c.Sites {
		s := &l.c.Sites[i]
		if !l.ships(s) {
			if len(s.Lanes) > 0 {
				dead = append(dead, s)
			}
			continue
		}
		for _, p := range assortment(s) {
			if !known[p.String()] {
				known[p.String()] = true
				shipped = append(shipped, p)
			}
		}
	}
	for _, s := range dead {
		l.strandedAt(s, "$.sites."+s.ID, shipped)
	}
}

// ships reports whether anything leaves a site in time.
func (l *linter) ships(s *config.Site) bool {
	for i := range s.Lanes {
		if !l.dead(&s.Lanes[i]) {
			return true
		}
	}
	return false
}

func (l *linter) strandedAt(s *config.Site, path string, shipped []lanes.Pattern) {
	report := func(patterns []lanes.Pattern, path string) {
		for i, p := range patterns {
			if _, elsewhere := covering(shipped, p); !elsewhere {
				l.report(item(path, i), StrandedSKU, "mend the lanes of the site, or stock it at another one",
					"nobody can ship all of %q: nothing leaves site %q in time, and no other site has it", p, s.ID)
			}
		}
	}
	report(s.Stocks, path+".stocks")
	for _, c := range s.Makes {
		report(c.SKUs, path+".makes."+c.ID+".skus")
	}
}

// redundant reports patterns that others of the same list stand for.
func (l *linter) redundant(patterns []lanes.Pattern, path string) {
	for i, p := range patterns {
		for j, other := range patterns {
			if i != j && covers(other, p) && (j < i || !covers(p, other)) {
				l.report(item(path, i), RedundantSKU, "delete it", "%q is in %q already", p, other)
				break
			}
		}
	}
}

// covering is the pattern of a list that stands for all that p stands for.
func covering(patterns []lanes.Pattern, p lanes.Pattern) (lanes.Pattern, bool) {
	i := slices.IndexFunc(patterns, func(other lanes.Pattern) bool { return covers(other, p) })
	if i < 0 {
		return lanes.Pattern{}, false
	}
	return patterns[i], true
}

// covers reports whether a stands for all that b stands for. What b's stars
// are can be anything, so only a's stars can stand for it: a has to match b
// with a character in place of each star that no pattern holds.
func covers(a, b lanes.Pattern) bool {
	return a.Match(strings.ReplaceAll(b.String(), "*", "\x00"))
}
