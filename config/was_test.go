package config

import (
	"strings"
	"testing"
)

// A renamed thing keeps its first name as its key, whatever it is called in
// the file, and a lane keeps its own under a renamed site.
func TestKeysAreFirstNames(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer(
		"  lake: {timezone", "  pond: {was: lake, timezone", "region: lake", "region: pond",
		"  kallio:\n", "  harju:\n    was: kallio\n",
		"      resin: {", "      cast: {was: resin, ",
		"      post:\n", "      mail:\n        was: post\n",
	).Replace(readTestdata(t, "base.yaml")) + "retired: [town, pond/lane/works/van/17:00]\n"
	text = strings.Replace(text, "retired: [town, ", "retired: [old, ", 1)
	c, found := loadText(text)
	if c == nil {
		t.Fatal(found.Format())
	}
	var got []string
	for i := range c.Regions {
		got = append(got, c.Regions[i].ID+"="+c.Regions[i].Key())
	}
	for i := range c.Sites {
		s := &c.Sites[i]
		got = append(got, s.ID+"="+s.Key())
		for j := range s.Lanes {
			got = append(got, s.Lanes[j].ID+"="+s.Lanes[j].Key())
		}
		for j := range s.Makes {
			got = append(got, s.Makes[j].ID+"="+s.Makes[j].Key())
		}
	}
	want := "pond=lake town=town harju=kallio bike=bike mail=post works=works van=van cast=resin"
	if strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, " "), want)
	}
	if len(c.Retired) != 2 || c.Retired[0] != "old" {
		t.Errorf("got retired %q", c.Retired)
	}
}
