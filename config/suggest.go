package config

import (
	"fmt"
	"slices"
	"strings"
)

// didYouMean is a hint that names the candidate nearest to name, or lists the
// candidates if none is near.
func didYouMean(name string, candidates []string) string {
	switch best := nearest(name, candidates); {
	case best != "":
		return fmt.Sprintf("did you mean %q?", best)
	case len(candidates) == 0:
		return "none is defined"
	case len(candidates) == 1:
		return fmt.Sprintf("there is only %q", candidates[0])
	}
	return "one of " + enumerate(candidates)
}

// nearest is the candidate that name was probably meant to be, or empty.
func nearest(name string, candidates []string) string {
	best, least := "", len(name)/3+2
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if d := editDistance(strings.ToLower(name), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	return best
}

// enumerate lists names, sorted, at most a dozen of them.
func enumerate(names []string) string {
	const most = 12
	names = slices.Sorted(slices.Values(names))
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b. Long names are not worth the time.
func editDistance(a, b string) int {
	const longest = 64
	if len(a) > longest || len(b) > longest {
		return longest
	}
	rows := [3][longest + 1]int{}
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			replace := last[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			now[j] = min(replace, last[j]+1, now[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
