package routetest

import (
	"path/filepath"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
)

// Suite is one file of routing tests.
type Suite struct {
	File  string
	Cases []Case
}

// Case is one order, when it is planned, what is taken by then, and what has
// to come of it.
type Case struct {
	Name  string
	At    config.Position
	Order *event.Order
	Now   time.Time
	Taken Taken
	Wants []Want // in the order of the doc
}

// Load reads the routing tests at path, for the network of the config. The
// suite is nil if there is any finding.
func Load(path string, c *config.Config, options config.Options) (*Suite, config.Findings) {
	if options.ReadFile == nil {
		options.ReadFile = config.ReadFile
	}
	data, err := options.ReadFile(path)
	if err != nil {
		return nil, config.Findings{config.Unreadable(path, err)}
	}
	doc, root := config.ParseDocument(path, data)
	l := &loader{names: namesOf(c), readFile: options.ReadFile, dir: filepath.Dir(path), zone: sharedZone(c)}
	s := &Suite{File: path}
	if !root.Absent() {
		s.Cases = l.file(root)
	}
	if found := doc.Findings(); len(found) > 0 {
		return nil, found
	}
	return s, nil
}

// loader reads one file.
type loader struct {
	names    names
	readFile func(path string) ([]byte, error)
	dir      string
	zone     *time.Location // of times without an offset; nil: none is known
	defaults fields
	base     time.Time // the default's at
}

func (l *loader) file(root config.Node) []Case {
	const caseHint = "cases: [{name: ..., to: {lat: 60.1842, lng: 24.9497}, lines: [mug-blue], expect: {site: kallio}}]"
	m := root.Mapping(caseHint)
	if zone, ok := config.Read(m.Get("zone"), zoneName); ok {
		l.zone = zone
	}
	if v := m.Get("defaults"); !v.Absent() {
		l.readDefaults(v.Mapping("{at: 2026-08-04 09:30, country: FI, lines: [mug-blue]}"))
	}
	list := m.Need("cases", caseHint)
	m.Done()
	if list.Absent() {
		return nil
	}
	items := list.List(caseHint)
	if list.IsList() && len(items) == 0 {
		list.Fail(config.CodeMissing, caseHint, "the list is empty")
	}
	var cases []Case
	named := map[string]bool{}
	for i, item := range items {
		one := l.one(item, i)
		if one.Name != "" && named[one.Name] {
			item.Fail(config.CodeDuplicate, "give each case a name of its own", "there is a case %q already", one.Name)
		}
		named[one.Name] = true
		cases = append(cases, one)
	}
	return cases
}

// readDefaults also reads what no case may use, so that its mistakes are found.
func (l *loader) readDefaults(m *config.Mapping) {
	l.defaults = fieldsOf(m)
	m.Done()
	l.base = l.baseOf(l.defaults["at"], time.Time{})
	l.instant(l.defaults["placedAt"], l.base)
	l.parts(l.defaults, l.base)
}

// one reads a case.
func (l *loader) one(v config.Node, number int) Case {
	m := v.Mapping("{name: ..., to: ..., lines: [...], expect: {site: ...}}")
	c := Case{At: v.Position()}
	c.Name, _ = config.Read(m.Need("name", "name: what this case is about"), config.Text("a name"))
	file, own := m.Get("order"), fieldsOf(m)
	full, taken, expect := m.Get("full"), m.Get("taken"), m.Need("expect", "expect: {site: kallio}")
	m.Done()
	if !v.IsMapping() {
		return c
	}
	if file.Absent() {
		c.Order, c.Now = l.inline(v, own.or(l.defaults), number)
	} else {
		c.Order, c.Now = l.fromFile(file, own)
	}
	c.Taken = l.taken(full, taken)
	if !expect.Absent() {
		base := c.Now
		if base.IsZero() {
			base = l.baseOf(own["at"], l.base)
		}
		c.Wants = l.wants(expect, base)
	}
	return c
}
