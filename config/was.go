package config

// renamed are the things of one kind that stand beside each other, each with the
// name that it had first.
type renamed struct {
	kind string // as findings call it
	list []earlier
}

// earlier is a thing and its earlier name.
type earlier struct {
	id, was string
	at      value // of was
}

// read reads the earlier name of a thing, empty if there is none.
func (r *renamed) read(m *mapping, id string, f field[string]) string {
	at := m.get("was")
	was, _ := read(at, f)
	r.list = append(r.list, earlier{id, was, at})
	return was
}

// check reports earlier names that would have two things share one slot, or
// that say nothing. A chain is no way around it: of a thing that was renamed
// twice, `was` is the first name, which no other thing may have.
func (r *renamed) check() {
	for i, one := range r.list {
		if one.was == "" {
			continue
		}
		for j, other := range r.list {
			switch {
			case i == j && one.was == one.id:
				one.at.failAtKey(CodeConflict, "delete it", "the %s %q was not called anything else", r.kind, one.id)
			case i != j && one.was == other.id:
				one.at.fail(CodeDuplicate, "give the new "+r.kind+" another name: its slots would be those of the renamed one",
					"a %s of this file is called %q", r.kind, one.was)
			case j < i && one.was == other.was:
				one.at.fail(CodeDuplicate, "delete one of the two: only one thing can go on with what was promised",
					"the %s %q was called %q as well", r.kind, other.id, one.was)
			}
		}
	}
}
