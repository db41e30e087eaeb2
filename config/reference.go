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

// idOf is the id of something that the file defines.
func idOf(kind string, ids []string) field[string] {
	return field[string]{what: "a " + kind, hint: "an id from this file", parse: func(text string) (string, error) {
		if slices.Contains(ids, text) {
			return text, nil
		}
		return "", &problem{code: CodeReference, message: "nothing of that name is defined", hint: didYouMean(text, ids)}
	}}
}

// reference is a name that puts the thing to use. Misspelling it does so too:
// that is one mistake, not two.
func (l *loader) reference(kind string, ids []string) field[string] {
	f := idOf(kind, ids)
	find := f.parse
	f.parse = func(text string) (string, error) {
		id, err := find(text)
		if err != nil {
			id = nearest(text, ids)
		}
		l.used[kind+"/"+id] = true
		return id, err
	}
	return f
}

// unused warns about the entries that nothing refers to. Those whose id is
// wrong have a finding already.
func (l *loader) unused(kind string, entries []entry, hint string) {
	for _, e := range entries {
		if message, _ := checkID(e.name, "_"); message == "" && !l.used[kind+"/"+e.name] {
			e.warn(CodeUnused, hint, "nothing uses the %s %q", kind, e.name)
		}
	}
}
