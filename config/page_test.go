package config

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestPosition asks for paths that the file has, and for some that it has not:
// those stand where their nearest parent does.
func TestPosition(t *testing.T) {
	t.Parallel()
	text := readTestdata(t, "base.yaml")
	c, found := loadText(text)
	if c == nil {
		t.Fatal(found.Format())
	}
	lines := strings.Split(text, "\n")
	for _, want := range []struct {
		path, at string // at begins at the position
		has      bool
	}{
		{"$", "network: town", true},
		{"$.network", "network: town", true},
		{"$.sites.kallio", "kallio:", true},
		{"$.sites.kallio.lanes.bike.catchment", "catchment: {withinKm: 3,", true},
		{"$.sites.kallio.lanes.bike.catchment.minus[0].geojson", `geojson: "areas`, true},
		{"$.sites.kallio.lanes.bike.blocks[1]", `"Mo-Sa 16:00-18:00"`, true},
		{"$.geocoding.gazetteers[0]", "{country: FI", true},
		{"$.holidays.fi[1]", "2026-12-24..", true},
		{"$.lockers.corner.sizes[1].count", "count: 4", true},
		{"$.'sites'.kallio", "kallio:", true},
		{"$.sites.kallio.lanes.bike.blocks[2]", "blocks:", false},
		{"$.sites.kallio.lanes.bike.blocks.x", "blocks:", false},
		{"$.sites.kallio.lanes.post.blocks[0]", "post:", false},
		{"$.sites.works.catchment", "works:", false},
		{"$.sites.nowhere.lanes.bike", "sites:", false},
		{"$.sites[0]", "sites:", false},
		{"$.sites.kallio[", "kallio:", false},
		{"$.sites.'kallio", "sites:", false},
		{"sites.kallio", "network: town", false},
	} {
		got := c.Position(want.path)
		if got.File != "net.yaml" || got.Line < 1 || got.Line > len(lines) {
			t.Errorf("%s: got %v", want.path, got)
			continue
		}
		if rest := lines[got.Line-1][got.Column-1:]; !strings.HasPrefix(rest, want.at) {
			t.Errorf("%s: got %v, where %q stands, want %q", want.path, got, rest, want.at)
		}
		if has := c.Has(want.path); has != want.has {
			t.Errorf("%s: got has %v, want %v", want.path, has, want.has)
		}
	}
	if got, want := c.Position("$.network").String(), "net.yaml:1:1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := Default().Position("$.network"); got != (Position{}) || Default().Has("$") {
		t.Errorf("got %v of a config without a file", got)
	}
}

// TestEveryPath finds every key and item of a file by its own path.
func TestEveryPath(t *testing.T) {
	t.Parallel()
	c, found := Load(filepath.Join("..", "examples", "helsinki", "nearlane.yaml"), Options{})
	if c == nil {
		t.Fatal(found.Format())
	}
	paths := 0
	var walk func(m spot, path string)
	walk = func(m spot, path string) {
		paths++
		if got := c.Position(path); got.Line != m.at.line || got.Column != m.at.column || !c.Has(path) {
			t.Errorf("%s: got %v, want line %d, column %d", path, got, m.at.line, m.at.column)
		}
		for i, below := range m.below {
			if m.list {
				walk(below, fmt.Sprintf("%s[%d]", path, i))
			} else {
				walk(below, child(path, below.key))
			}
		}
	}
	walk(c.page.root, "$")
	if paths < 500 {
		t.Errorf("got %d paths, want all of the file", paths)
	}
}

// TestStrangeKeys finds keys that a path has to quote.
func TestStrangeKeys(t *testing.T) {
	t.Parallel()
	doc, root := parse("net.yaml", []byte("a:\n  \"b.c\": 1\n  \"it's\": [1, 2]\n  \"\": 3\n"))
	c := &Config{page: newPage(doc, root)}
	for path, want := range map[string]string{
		child("$.a", "b.c"):          "net.yaml:2:3",
		child("$.a", "it's") + "[1]": "net.yaml:3:15",
		child("$.a", ""):             "net.yaml:4:3",
		child("$.a", "b"):            "net.yaml:1:1",
	} {
		if got := c.Position(path).String(); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// TestLocate shows the lines around a finding, without the secrets in them.
func TestLocate(t *testing.T) {
	t.Parallel()
	c, found := loadText(strings.NewReplacer("  url: \"\"\n", "  url: nats://router:hunter2@nats:4222\n",
		"redis: {url: \"\"", `redis: {url: "${REDIS_URL}"`).Replace(readTestdata(t, "base.yaml")))
	if c == nil {
		t.Fatal(found.Format())
	}
	got := c.Locate(Finding{Path: "$.nats.replicas", Code: CodeRange})
	if got.File != "net.yaml" || got.Line != 10 || got.Column != 3 || got.Code != CodeRange {
		t.Errorf("got %+v", got)
	}
	if strings.Contains(got.Excerpt, "hunter2") || !strings.Contains(got.Excerpt, "> 10 |   replicas: 1\n     |   ^") {
		t.Errorf("got the excerpt\n%s", got.Excerpt)
	}
}
