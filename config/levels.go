package config

import (
	"slices"
	"strings"

	"github.com/nearlane/nearlane/lanes"
)

// levels reads the service levels. Their ids may hold underscores: they are
// no part of a subject or a key.
func (l *loader) levels(v value) []entry {
	if v.absent() {
		return nil
	}
	entries := v.byID(`{same_day: {promise: {sameDayBy: "21:00"}}}`, "_")
	ids := names(entries)
	fallbacks := map[string]value{}
	for _, e := range entries {
		m := e.mapping(`{promise: {sameDayBy: "21:00"}}`)
		level := Level{ID: e.name, WhenFull: Reject}
		level.Cutoffs = l.cutoffs(m.get("cutoff"))
		l.promises[e.name] = m.need("promise", "promise: "+promiseHint)
		level.Promise = l.promise(l.promises[e.name])
		fallback := m.get("fallback")
		if id, ok := read(fallback, idOf(kindLevel, ids)); ok {
			level.Fallback = id
			fallbacks[e.name] = fallback
		}
		level.WhenFull = l.whenFull(m.get("whenFull"), fallback)
		m.done()
		l.config.Levels = append(l.config.Levels, level)
	}
	l.checkFallbacks(fallbacks)
	return entries
}

func (l *loader) cutoffs(v value) lanes.Cutoffs {
	if v.absent() {
		return nil
	}
	cutoffs, _ := readList(v.some(`["Mo-Fr 17:00", "Sa 14:00"]`), cutoff, "a weekday has one cut-off: take it out of one of the two")
	return cutoffs
}

// readList reads a list of blocks, collections or cut-offs, of which no two
// may clash, and where each of them stands.
func readList[T interface {
	lanes.Block | lanes.Collection | lanes.Cutoff
}](items []value, f field[T], hint string) (list []T, at []value) {
	for _, item := range items {
		one, ok := read(item, f)
		if !ok {
			continue
		}
		if list = append(list, one); clash(list) {
			item.fail(CodeDuplicate, hint, "this clashes with an entry before it")
			list = list[:len(list)-1]
			continue
		}
		at = append(at, item)
	}
	return list, at
}

// clash reports whether the last of a list clashes with one before it.
func clash[T any](list []T) bool {
	var found bool
	switch list := any(list).(type) {
	case []lanes.Block:
		_, _, found = lanes.Clash(list)
	case []lanes.Collection:
		_, _, found = lanes.Clash(list)
	case []lanes.Cutoff:
		_, _, found = lanes.Clash(list)
	}
	return found
}

const promiseHint = `one of {sameDayBy: "21:00"}, {elapsed: 48h} and {workingDays: 2, by: "21:00"}`

// promise reads exactly one of the three ways to promise.
func (l *loader) promise(v value) lanes.Promise {
	if v.absent() {
		return lanes.Promise{}
	}
	m := v.mapping(promiseHint)
	sameDay, elapsed, working, by := m.get("sameDayBy"), m.get("elapsed"), m.get("workingDays"), m.get("by")
	m.done()
	given := 0
	for _, one := range []value{sameDay, elapsed, working} {
		if !one.absent() {
			given++
		}
	}
	if given != 1 {
		if m.isMapping() {
			v.failAtKey(CodeConflict, promiseHint, "a promise is exactly one of sameDayBy, elapsed and workingDays; here are %d", given)
		}
		return lanes.Promise{}
	}
	var p lanes.Promise
	switch {
	case !sameDay.absent():
		p.Kind = lanes.SameDay
		p.By, _ = read(sameDay, clock)
	case !elapsed.absent():
		p.Kind = lanes.Elapsed
		p.Within, _ = read(elapsed, longer)
	default:
		p.Kind = lanes.WorkingDays
		n, _ := read(working, whole("a number of working days", 0, 60))
		p.Days = int(n)
		p.By, _ = read(by, clock)
		return p
	}
	if !by.absent() {
		by.failAtKey(CodeConflict, `write {sameDayBy: "21:00"} or {workingDays: 2, by: "21:00"}`, "by goes with workingDays alone")
	}
	return p
}

// whenFull reads what happens at the end of a chain of fallbacks.
func (l *loader) whenFull(v, fallback value) WhenFull {
	word, ok := read(v, oneOf("what to do when all is full", "reject", "wait"))
	switch {
	case !ok:
	case !fallback.absent():
		v.failAtKey(CodeConflict, "say it on the last level of the chain", "a level with a fallback is never the last: whenFull has no effect")
	case word == string(Wait):
		return Wait
	}
	return Reject
}

// checkFallbacks reports each cycle once, at its first level by id.
func (l *loader) checkFallbacks(at map[string]value) {
	next := map[string]string{}
	for _, level := range l.config.Levels {
		next[level.ID] = level.Fallback
	}
	for _, level := range l.config.Levels {
		chain := []string{level.ID}
		for id := level.Fallback; id != "" && !slices.Contains(chain, id); id = next[id] {
			chain = append(chain, id)
		}
		if next[chain[len(chain)-1]] == level.ID && slices.Min(chain) == level.ID {
			at[level.ID].fail(CodeCycle, "let one of them end the chain: delete its fallback",
				"the fallbacks go round in a circle: %s", strings.Join(append(chain, level.ID), " -> "))
		}
	}
}
