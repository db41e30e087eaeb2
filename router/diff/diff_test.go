package diff

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// load reads the test's network with some of its text replaced: pairs of what
// it was and what it is.
func load(t *testing.T, edits ...string) *config.Config {
	t.Helper()
	data, err := os.ReadFile("testdata/network.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(edits); i += 2 {
		if !bytes.Contains(data, []byte(edits[i])) {
			t.Fatalf("the network has no %q", edits[i])
		}
		data = bytes.ReplaceAll(data, []byte(edits[i]), []byte(edits[i+1]))
	}
	c, findings := config.Load("network.yaml", config.Options{ReadFile: func(string) ([]byte, error) { return data, nil }})
	if c == nil {
		t.Fatal(findings)
	}
	return c
}

func compare(t *testing.T, was, is *config.Config) *Report {
	t.Helper()
	r, err := Compare(was, is)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSameDoesNotDiffer(t *testing.T) {
	t.Parallel()
	r := compare(t, load(t), load(t, "    kind: micro_hub", "    # a remark\n    kind:   micro_hub"))
	if r.Differs() || len(r.Warnings) > 0 {
		t.Errorf("comments and layout count: %+v", r)
	}
}

// The counts are those of asking every cell by itself.
func TestCellsAgreeWithAskingEachCell(t *testing.T) {
	t.Parallel()
	was := load(t)
	is := load(t, "catchment: {withinKm: 3}", "catchment: {withinKm: 2.2, minus: [{cells: [881126d06dfffff]}]}", "withinKm: 2.5", "withinKm: 3.1", "60.1990, lng: 24.9335", "60.1970, lng: 24.9400")
	first := func(c *config.Config, cell geo.Cell) string {
		best, nearest := "", 0.0
		for i := range c.Sites {
			s := &c.Sites[i]
			for j := range s.Lanes {
				if l := &s.Lanes[j]; l.Levels[0] == "same_day" && l.Area.Contains(cell, "", "") {
					if d := geo.Distance(s.At, cell.Center()); best == "" || d < nearest {
						best, nearest = s.ID, d
					}
				}
			}
		}
		return best
	}
	want := map[[2]string]uint64{}
	all, err := geo.Within(geo.Point{Lat: 60.19, Lng: 24.94}, 8, 9)
	if err != nil {
		t.Fatal(err)
	}
	for cell := range all.All() {
		if m := [2]string{first(was, cell), first(is, cell)}; m[0] != m[1] {
			want[m]++
		}
	}
	r := compare(t, was, is)
	got := map[[2]string]uint64{}
	for _, l := range r.Levels {
		for _, m := range l.Moves {
			got[[2]string{m.From, m.To}] += m.Cells
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 3 {
		t.Errorf("%d kinds of moves, -want +got:\n%s", len(want), diff)
	}
}

func TestSettingsFilesAndWarnings(t *testing.T) {
	t.Parallel()
	r := compare(t, load(t), load(t,
		"{parcels: 2, grams: 9000}", "{parcels: 4, grams: 9000}",
		`["Mo-Sa 10:00-12:00", "Mo-Sa 16:00-18:00"]`, `["Mo-Sa 10:00-12:00", "Mo-Fr 16:00-18:00"]`,
		"countries: [FI]", "countries: [FI, SE]",
		"      post:", "      mail:",
		"listen: \"127.0.0.1:8480\"", "listen: \"127.0.0.1:8481\"",
		`cutoff: ["Mo-Sa 17:00"]`, `cutoff: ["Mo-Sa 16:00"]`))
	want := []Setting{
		{Of: "serviceLevels.same_day", Key: "cutoff", Was: "Mo-Sa 17:00", Is: "Mo-Sa 16:00", List: true},
		{Of: "sites.kallio.lanes.bike", Key: "blocks", Was: "Mo-Sa 16:00-18:00", Is: "Mo-Fr 16:00-18:00", List: true},
		{Of: "sites.kallio.lanes.bike", Key: "capacity.parcels", Was: "2", Is: "4"},
		{Of: "sites.pasila", Key: "catchment.countries", Is: "SE", List: true},
	}
	got := r.Settings[:0:0]
	for _, s := range r.Settings {
		if s.Key != "lanes.mail" && s.Key != "lanes.post" {
			got = append(got, s)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"http"}, r.Restart); diff != "" {
		t.Errorf("restart -want +got:\n%s", diff)
	}
	if len(r.Levels) != 1 || !cmp.Equal(r.Levels[0].CountriesGained, []string{"SE"}) {
		t.Errorf("levels: got %+v, want SE gained", r.Levels)
	}
	warnings := strings.Join(r.Warnings, "\n")
	for _, part := range []string{"sites.kallio.lanes.bike: nothing leaves on Sa 16:00", "sites.pasila.lanes.post is gone (renamed to mail?)"} {
		if !strings.Contains(warnings, part) {
			t.Errorf("no warning says %q:\n%s", part, warnings)
		}
	}
}

func TestSecretsAreNotTold(t *testing.T) {
	t.Parallel()
	r := compare(t, load(t), load(t, "dataDir: data", "dataDir: data\nredis: {url: \"redis://me:hush@127.0.0.1/\"}"))
	if diff := cmp.Diff([]string{"redis"}, r.Restart); diff != "" || len(r.Settings) > 0 {
		t.Errorf("settings %v, restart -want +got:\n%s", r.Settings, diff)
	}
}

// What a running router sends has its secrets blanked.
func TestBlankedSecretsDoNotDiffer(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"redis: {url: \"redis://me:hush@127.0.0.1/\"}", "secrets: {orderDigest: \"hushhushhushhushhushhushhushhush\"}"} {
		file := load(t, "dataDir: data", "dataDir: data\n"+secret)
		live, findings := config.LoadBundle(file.Bundle().Blanked(), config.Options{})
		if live == nil {
			t.Fatal(findings)
		}
		if r := compare(t, live, file); r.Differs() {
			t.Errorf("%s: settings %v, restart %v", secret, r.Settings, r.Restart)
		}
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	r := compare(t, load(t), load(t, "withinKm: 3", "withinKm: 2.2", "withinKm: 2.5", "withinKm: 3.1"))
	got, err := r.SVG(r.Busiest())
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/moved.svg"
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func BenchmarkCompare(b *testing.B) {
	data, err := os.ReadFile("testdata/network.yaml")
	if err != nil {
		b.Fatal(err)
	}
	at := func(km string) *config.Config {
		text := bytes.ReplaceAll(data, []byte("withinKm: 3"), []byte("withinKm: "+km))
		c, findings := config.Load("network.yaml", config.Options{ReadFile: func(string) ([]byte, error) { return text, nil }})
		if c == nil {
			b.Fatal(findings)
		}
		return c
	}
	was, is := at("60"), at("65")
	b.ResetTimer()
	for b.Loop() {
		if _, err := Compare(was, is); err != nil {
			b.Fatal(err)
		}
	}
}
