package config

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// TestManyMistakes wants all mistakes of one file in one run.
func TestManyMistakes(t *testing.T) {
	t.Parallel()
	c, found := loadText(readTestdata(t, "many.yaml"))
	if c != nil {
		t.Error("got a config from a file full of mistakes")
	}
	if got := found.Errors(); got < 60 {
		t.Errorf("got %d errors, want at least 60", got)
	}
	golden(t, "many.golden", found.String())
}

// TestWholeFiles covers what is wrong with a file as a whole.
func TestWholeFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		code       string
		at         position
	}{
		{"empty", "", CodeMissing, position{}},
		{"comments", "# nothing\n", CodeMissing, position{}},
		{"list", "- a\n", CodeType, position{1, 1}},
		{"text", "network", CodeType, position{1, 1}},
		{"two documents", "network: a\n---\nnetwork: b\n", CodeYAML, position{3, 1}},
		{"directive", "%YAML 1.2\n---\nnetwork: a\n", CodeYAML, position{1, 1}},
		{"not UTF-8", "network: a\ncurrency: \xff\n", CodeSyntax, position{2, 11}},
		{"NUL", "network: a\x00", CodeSyntax, position{1, 11}},
		{"lone carriage return", "network: a\rcurrency: EUR", CodeSyntax, position{1, 11}},
		{"too large", strings.Repeat("#", MaxFileBytes+1), CodeTooLarge, position{}},
		{"too deep", "a: " + strings.Repeat("[", 100_000), CodeTooLarge, position{1, 3 + maxDepth + 1}},
		{"too many items in items", strings.Repeat("- ", 20_000), CodeTooLarge, position{1, 2*maxDepth + 1}},
		{"open list", "network: [a\ncurrency: EUR\n", CodeSyntax, position{2, 1}},
		{"open quote", "network: \"a\n", CodeSyntax, position{1, 10}},
		{"open quote behind a secret", "nats: {url: nats://hunter2@a}\nnetwork: \"a\n", CodeSyntax, position{2, 10}},
		{"tab", "network:\n\tid: a\n", CodeSyntax, position{2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config, found := loadText(c.text)
			if config != nil || len(found) == 0 {
				t.Fatalf("got config %v and findings %v, want only findings", config != nil, found)
			}
			for _, got := range found {
				if got.Code == c.code && (position{got.Line, got.Column}) == c.at && got.Hint != "" {
					return
				}
			}
			t.Errorf("got %sbut no %s at %v", found, c.code, c.at)
		})
	}
}

func TestLineEndsAndMarks(t *testing.T) {
	t.Parallel()
	base := readTestdata(t, "base.yaml")
	want, _ := loadText(base)
	for name, text := range map[string]string{
		"byte order mark": "\ufeff" + base,
		"CRLF":            strings.ReplaceAll(base, "\n", "\r\n"),
	} {
		got, found := loadText(text)
		if got == nil || got.Revision != want.Revision {
			t.Errorf("%s: got another network:\n%s", name, found)
		}
	}
}

// laneFacts is what TestConfig wants to know of a lane.
type laneFacts struct {
	Key, Courier, Levels       string
	Kind                       LaneKind
	Parcels, Grams, Cost       int64
	ClosesBefore               time.Duration
	Transit                    lanes.Transit
	Countries                  int
	HasMinus, Fills            bool
	InTown, InHarbour, InKotka bool
}

func factsOf(t *testing.T, c *Config) (facts []laneFacts) {
	t.Helper()
	cellAt := func(lat, lng float64) geo.Cell {
		cell, err := geo.CellAt(geo.Point{Lat: lat, Lng: lng}, c.Resolution)
		if err != nil {
			t.Fatal(err)
		}
		return cell
	}
	town, harbour, kotka := cellAt(60.1842, 24.9497), cellAt(60.168, 24.965), cellAt(60.47, 26.94)
	for _, s := range c.Sites {
		for _, n := range s.Lanes {
			facts = append(facts, laneFacts{
				Key: s.ID + "/" + n.ID, Courier: n.Courier, Levels: strings.Join(n.Levels, " "), Kind: n.Kind,
				Parcels: n.Parcels, Grams: n.Grams, Cost: n.CostPerParcel, ClosesBefore: n.ClosesBefore, Transit: n.Transit,
				Countries: len(n.Area.Countries), HasMinus: n.Area.Minus != nil, Fills: len(n.Lockers) > 0,
				InTown:    n.Area.Contains(town, "FI", "00530"),
				InHarbour: n.Area.Contains(harbour, "FI", ""),
				InKotka:   n.Area.Contains(kotka, "SE", "12030"),
			})
		}
	}
	return facts
}

// TestConfig looks at what a file without mistakes says.
func TestConfig(t *testing.T) {
	t.Parallel()
	c, found := loadText(readTestdata(t, "base.yaml"))
	if c == nil {
		t.Fatal(found.Format())
	}
	want := []laneFacts{
		{Key: "kallio/bike", Courier: "pyora", Levels: "same_day", Kind: Blocks, Parcels: 25, Grams: 120_000, Cost: 420,
			ClosesBefore: 15 * time.Minute, HasMinus: true, Fills: true, InTown: true},
		{Key: "kallio/post", Courier: "posti", Levels: "national slow", Kind: Collections, Parcels: 400, Cost: 690,
			Transit: lanes.Transit{Min: 1, Max: 2, By: 17 * 60}, Countries: 2, InTown: true, InHarbour: true, InKotka: true},
		{Key: "works/van", Courier: "posti", Levels: "same_day", Kind: Blocks, Grams: 90_000},
	}
	if diff := cmp.Diff(want, factsOf(t, c)); diff != "" {
		t.Errorf("lanes differ (-want +got):\n%s", diff)
	}
	if got := c.Lockers[0].Sizes; len(got) != 2 || got[0].ID != "S" || got[0].Room.Grams != 10_000 || got[1].Room.Grams != 0 {
		t.Errorf("got sizes %+v", got)
	}
	if got := c.Sites[1].Makes[0]; got.CostPerUnit != 180 || got.Lead != 2*time.Hour || got.UnitsPerDay != 120 {
		t.Errorf("got cell %+v", got)
	}
	if got := c.OrderDigestKey.Reveal(); got != "0123456789abcdef0123456789abcdef" {
		t.Errorf("got order digest key %q", got)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, found := loadText(`{network: a, currency: JPY, regions: {r: {timezone: UTC}}, couriers: {c: {}},
 serviceLevels: {l: {promise: {elapsed: 1h}}}, sites: {s: {kind: micro_hub, region: r, at: {lat: 1, lng: 1}, hours: "24/7", stocks: ["*"],
 lanes: {n: {courier: c, serviceLevels: [l], catchment: {countries: [NO]}, blocks: ["10:00-12:00"], capacity: {parcels: 1}, cost: {perParcel: 420}}}}}}`)
	if c == nil || len(found) > 0 {
		t.Fatal(found.Format())
	}
	if !c.NATS.URL.Empty() || !c.Redis.URL.Empty() || c.NATS.Replicas != 1 || c.Resolution != 9 || c.Containment != geo.Center {
		t.Errorf("got %+v, want the embedded default", c)
	}
	if c.HTTP.Listen != "127.0.0.1:8480" || c.DataDir != "nearlane-data" || len(c.Rank) != 4 {
		t.Errorf("got listen %q, dataDir %q, rank %v", c.HTTP.Listen, c.DataDir, c.Rank)
	}
	if got := c.Sites[0].Lanes[0].CostPerParcel; c.Decimals != 0 || got != 420 {
		t.Errorf("got cost %d with %d decimals, want 420 yen", got, c.Decimals)
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	base := readTestdata(t, "base.yaml")
	with := func(hosts string) (*Config, Findings) {
		return loadText(strings.Replace(base, `http: {listen`, `http: {hosts: `+hosts+`, listen`, 1))
	}
	c, found := with("[router.example.com, Router_1, 10.0.0.5, 'fd00::1']")
	if c == nil || len(c.HTTP.Hosts) != 4 {
		t.Fatal(found.Format())
	}
	for _, wrong := range []string{"[]", "router.example.com", "['router.example.com:8480']", "['*.example.com']", "['http://a']", "['[::1]']", "[a..b]", "['']", "['a b']"} {
		if c, found := with(wrong); c != nil || !strings.Contains(found.Format(), "$.http.hosts") {
			t.Errorf("%s: got a config: %t, and %s", wrong, c != nil, found.Format())
		}
	}
}

func TestPathsAreRelativeToTheFile(t *testing.T) {
	t.Parallel()
	c, found := Load(filepath.Join("testdata", "base.yaml"), Options{Getenv: environment})
	if c == nil {
		t.Fatal(found.Format())
	}
	want := []string{filepath.Join("testdata", "FI.tsv"), filepath.Join("testdata", "areas.geojson")}
	if diff := cmp.Diff(want, c.Files); diff != "" || c.DataDir != filepath.Join("testdata", "data") {
		t.Errorf("got dataDir %q and files (-want +got):\n%s", c.DataDir, diff)
	}
}

func TestExampleLoads(t *testing.T) {
	t.Parallel()
	c, found := Load(filepath.Join("..", "examples", "helsinki", "nearlane.yaml"), Options{})
	if c == nil || len(found) > 0 {
		t.Fatal(found.Format())
	}
}

func TestNoSuchFile(t *testing.T) {
	t.Parallel()
	c, found := Load(filepath.Join("testdata", "none.yaml"), Options{})
	if c != nil || len(found) != 1 || found[0].Code != CodeFile {
		t.Errorf("got %v, want one finding of code %s", found, CodeFile)
	}
	if err := found.Err(); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("got error %v, want one that names the file", err)
	}
}

// TestRevision wants a revision that follows what the network is, and nothing
// else.
func TestRevision(t *testing.T) {
	t.Parallel()
	base, shapes := readTestdata(t, "base.yaml"), readTestdata(t, "areas.geojson")
	revision := func(net, areas string) string {
		t.Helper()
		c, found := loadFiles(map[string]string{"net.yaml": net, "areas.geojson": areas})
		if c == nil {
			t.Fatal(found.Format())
		}
		return c.Revision
	}
	want := revision(base, shapes)
	if len(want) != 12 {
		t.Errorf("got revision %q, want 12 digits", want)
	}
	if got := revision(base, shapes+"\n"); got == want {
		t.Error("another areas.geojson does not change the revision")
	}
	for _, c := range []struct {
		old, new string
		changes  bool
	}{
		{"network: town\n", "# a comment\nnetwork:   'town'\n", false},
		{"  lake: {timezone", "  'lake':  {timezone", false},
		{"{resolution: 9, containment: center}", "{containment: center, resolution: 9}", false},
		{`redis: {url: "",`, `redis: {url: "${REDIS_URL}",`, false},
		{`"${DIGEST_KEY}"`, `"${DIGEST_KEY}${DIGEST_KEY}"`, false},
		{"dataDir: ./data\n", "", false},
		{"parcels: 25", "parcels: 26", true},
		{"[promise, method,", "[method, promise,", true},
		{"    closed: [2026-12-23]\n", "", true},
		{"{withinKm: 3,", "{withinKm: 3.5,", true},
	} {
		if !strings.Contains(base, c.old) {
			t.Fatalf("base.yaml has no %q", c.old)
		}
		got := revision(strings.Replace(base, c.old, c.new, 1), shapes)
		if (got != want) != c.changes {
			t.Errorf("%q instead of %q: revision changed: %v, want %v", c.new, c.old, got != want, c.changes)
		}
	}
}

// TestSecretsDoNotPrint prints a config in all ways there are.
func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	servers := strings.NewReplacer("  url: \"\"", `  url: "${NATS_URL}"`, "redis: {url: \"\"", `redis: {url: "${REDIS_URL}"`)
	c, found := loadText(servers.Replace(readTestdata(t, "base.yaml")))
	if c == nil {
		t.Fatal(found.Format())
	}
	if !strings.Contains(c.NATS.URL.Reveal(), "hunter2") {
		t.Fatalf("got URL %q, want the one of the environment", c.NATS.URL.Reveal())
	}
	encoded, err := json.Marshal(struct{ URL, Key Secret }{c.NATS.URL, c.OrderDigestKey})
	if err != nil {
		t.Fatal(err)
	}
	printed := string(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed += fmt.Sprintf(verb, c.NATS) + fmt.Sprintf(verb, c.OrderDigestKey) + fmt.Sprintf(verb, &c.Redis)
	}
	for _, secret := range []string{"hunter2", "0123456789abcdef", "68756e74657232"} {
		if strings.Contains(printed, secret) {
			t.Errorf("a secret is printed: %s", printed)
		}
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`nats: {url: "nats://a:pw@b", replicas: 3}`: `nats: {url: "*************", replicas: 3}`,
		`  url: nats://a:p,w@b # x`:                 `  url: ******************`,
		`url: "${NATS_URL}"`:                        `url: "${NATS_URL}"`,
		`url: ${A}pw`:                               `url: ******`,
		`url: file:/run/secrets/nats`:               `url: file:/run/secrets/nats`,
		`nats: {url: "", replicas: 1}`:              `nats: {url: "", replicas: 1}`,
		"orderDigest: |\n  geheim\nx: 1":            "orderDigest: *\n********\nx: 1",
		"orderDigest:\n  geheim\nx: 1":              "orderDigest:\n  ******\nx: 1",
	} {
		if got := mask(text); got != want {
			t.Errorf("mask(%q): got %q, want %q", text, got, want)
		}
	}
}

// BenchmarkLoad loads a network of 1,000 sites with two lanes each.
func BenchmarkLoad(b *testing.B) {
	var text strings.Builder
	text.WriteString("{network: a, currency: EUR, regions: {r: {timezone: Europe/Helsinki}}, couriers: {c: {}},\n" +
		"serviceLevels: {l: {promise: {elapsed: 24h}}}, sites: {\n")
	for i := range 1000 {
		fmt.Fprintf(&text, `s-%d: {kind: micro_hub, region: r, at: {lat: %f, lng: %f}, hours: "Mo-Fr 08:00-20:00", stocks: ["*"], lanes: {
 a: {courier: c, serviceLevels: [l], catchment: {withinKm: 3}, blocks: ["Mo-Fr 10:00-12:00", "Mo-Fr 12:00-14:00"], capacity: {parcels: 10}},
 b: {courier: c, serviceLevels: [l], catchment: {countries: [FI]}, collections: ["Mo-Fr 17:30"], transit: {workingDays: [1, 2]}, capacity: {parcels: 10}}}},
`, i, 60+float64(i%40)*0.01, 24+float64(i/40)*0.01)
	}
	text.WriteString("}}\n")
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if c, found := loadText(text.String()); c == nil {
			b.Fatal(found.Format())
		}
	}
}

// TestWaitingAndAcceptance: what an operator says about full lanes and silent
// couriers arrives in the config.
func TestWaitingAndAcceptance(t *testing.T) {
	t.Parallel()
	c, found := loadText(`{network: a, currency: EUR, regions: {r: {timezone: UTC}}, couriers: {c: {acceptWithin: 10m}},
 serviceLevels: {l: {promise: {elapsed: 1h}, whenFull: wait}}, sites: {s: {kind: micro_hub, region: r, at: {lat: 1, lng: 1}, hours: "24/7", stocks: ["*"],
 lanes: {n: {courier: c, serviceLevels: [l], catchment: {countries: [NO]}, blocks: ["10:00-12:00"], capacity: {parcels: 1}, cost: {perParcel: 4}}}}}}`)
	if c == nil || len(found) > 0 {
		t.Fatal(found.Format())
	}
	if c.Levels[0].WhenFull != Wait || c.Couriers[0].AcceptWithin != 10*time.Minute {
		t.Errorf("got %q and %v, want an order to wait and a courier to accept within ten minutes", c.Levels[0].WhenFull, c.Couriers[0].AcceptWithin)
	}
}
