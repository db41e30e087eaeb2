package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	_, was := bundled(t)
	is := *was
	is.Text = strings.NewReplacer("currency: EUR", "currency: EUR # of all", "grace: 24h", "grace: 48h", `["Mo-Fr 17:00", "Sa 14:00"]`, `["Mo-Fr 17:30"]`,
		"    fallback: national\n", "    fallback: national\n    whenFull: wait\n", "${DIGEST_KEY}", "${OTHER_KEY}").Replace(was.Text)
	is.Files = []BundledFile{{Name: was.Files[0].Name, Text: "{}"}}
	want := []string{
		`$.redis.grace: "24h" -> "48h"`,
		`$.serviceLevels.same_day.cutoff[0]: "Mo-Fr 17:00" -> "Mo-Fr 17:30"`,
		`$.serviceLevels.same_day.whenFull: "wait", new`,
		`areas.geojson: ` + digestOf([]byte(was.Files[0].Text))[:12] + ` -> 44136fa355b3`,
		`$.serviceLevels.same_day.cutoff[1]: "Sa 14:00", gone`,
	}
	var got []string
	for _, c := range Changes(was, &is) {
		got = append(got, c.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if got := Changes(was, was); len(got) > 0 {
		t.Errorf("of nothing: got %v", got)
	}
}
