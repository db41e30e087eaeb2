package geo

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// selectFeatures returns the features that a selector of Polygons means.
func selectFeatures(features []feature, selector string) ([]feature, error) {
	if len(features) == 0 {
		return nil, fmt.Errorf("the FeatureCollection is empty")
	}
	if selector == "" {
		return features, nil
	}
	var found []feature
	for _, f := range features {
		if slices.Contains(f.names, selector) {
			found = append(found, f)
		}
	}
	key, value, isPair := strings.Cut(selector, "=")
	if len(found) == 0 && isPair {
		return selectProperty(features, key, value)
	}
	if len(found) == 0 {
		return nil, notFound(features, selector)
	}
	return found, nil
}

func selectProperty(features []feature, key, value string) ([]feature, error) {
	var found []feature
	keys, values := map[string]bool{}, map[string]bool{}
	for _, f := range features {
		if f.values[key] == value {
			found = append(found, f)
		}
		for k := range f.values {
			keys[k] = true
		}
		values[f.values[key]] = true
	}
	switch {
	case len(found) > 0:
		return found, nil
	case keys[key]:
		return nil, fmt.Errorf("no feature has %q as its property %q%s", value, key, offer(value, values))
	}
	return nil, fmt.Errorf("no feature has a property %q%s", key, offer(key, keys))
}

func notFound(features []feature, selector string) error {
	names, keys := map[string]bool{}, map[string]bool{}
	for _, f := range features {
		for _, name := range f.names {
			names[name] = true
		}
		for key, value := range f.values {
			if value == selector {
				keys[key] = true
			}
		}
	}
	if len(keys) > 0 {
		key := slices.Min(slices.Collect(maps.Keys(keys)))
		return fmt.Errorf("no feature has the id or name %q, but one has it as its property %q: write %q",
			selector, key, key+"="+selector)
	}
	if len(names) == 0 {
		return fmt.Errorf("no feature has the id or name %q: none has any, select by a property, as in \"district=harbour\"", selector)
	}
	return fmt.Errorf("no feature has the id or name %q%s", selector, offer(selector, names))
}

// offer is what to say behind an unknown word, when these are known: the one
// that was probably meant, or the first few.
func offer(word string, known map[string]bool) string {
	delete(known, "")
	words := slices.Sorted(maps.Keys(known))
	best, distance := "", 3
	for _, w := range words {
		if d := edits(strings.ToLower(word), strings.ToLower(w)); d < distance && d < len([]rune(w)) {
			best, distance = w, d
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf(": did you mean %q?", best)
	case len(words) == 0:
		return ""
	case len(words) > 5:
		words = append(words[:5], "...")
	}
	return ": there is " + strings.Join(words, ", ")
}

// edits is the number of letters to insert, delete or change (Levenshtein).
func edits(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range to {
			change := diagonal
			if x != y {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
