package config

import "slices"

// Kinds of things that refer to each other, as findings call them.
const (
	kindHolidays = "list of holidays"
	kindRegion   = "region"
	kindLevel    = "service level"
	kindCourier  = "courier"
	kindLocker   = "locker"
)

// reference is the id of something that the file defines. Referring to it is
// using it, and so is misspelling it: that is one mistake, not two.
func (l *loader) reference(kind string, ids []string) field[string] {
	return field[string]{what: "a " + kind, hint: "an id from this file", parse: func(text string) (string, error) {
		if slices.Contains(ids, text) {
			l.use(kind, text)
			return text, nil
		}
		l.use(kind, nearest(text, ids))
		return "", &problem{code: CodeReference, message: "nothing of that name is defined", hint: didYouMean(text, ids)}
	}}
}

// use notes that something refers to a thing.
func (l *loader) use(kind, id string) { l.used[kind+"/"+id] = true }

// unused warns about the entries that nothing refers to. Those whose id is
// wrong have a finding already.
func (l *loader) unused(kind string, entries []entry, hint string) {
	for _, e := range entries {
		if message, _ := checkID(e.name, "_"); message == "" && !l.used[kind+"/"+e.name] {
			e.warn(CodeUnused, hint, "nothing uses the %s %q", kind, e.name)
		}
	}
}
