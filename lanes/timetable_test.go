package lanes

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// departuresText writes departures as the wall shows them.
func departuresText(deps []Departure, zone *time.Location) []string {
	var texts []string
	for _, d := range deps {
		start, end := time.Unix(d.Start, 0).In(zone), time.Unix(d.End, 0).In(zone)
		texts = append(texts, fmt.Sprintf("%s %s: %s-%s", d.Date, d.Wall, start.Format("15:04-07"), end.Format("15:04-07")))
	}
	return texts
}

func TestTimetable(t *testing.T) {
	t.Parallel()
	const hours = "Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off"
	for _, tc := range []struct {
		name, zone, hours, day string
		blocks, collections    []string
		open, shut             []string
	}{
		{
			name: "blocks by start", zone: "Europe/Helsinki", hours: hours, day: "2026-08-04",
			blocks: []string{"Mo-Fr 18:00-20:30", "Mo-Sa 10:00-12:00", "Sa 16:00-18:00"},
			open:   []string{"2026-08-04 10:00: 10:00+03-12:00+03", "2026-08-04 18:00: 18:00+03-20:30+03"},
		},
		{
			name: "blocks begin while the site is open", zone: "Europe/Helsinki", hours: hours, day: "2026-08-04",
			blocks: []string{"07:59-09:00", "08:00-09:00", "19:59-22:00", "20:00-22:00"},
			open:   []string{"2026-08-04 08:00: 08:00+03-09:00+03", "2026-08-04 19:59: 19:59+03-22:00+03"},
			shut:   []string{"2026-08-04 07:59: 07:59+03-09:00+03", "2026-08-04 20:00: 20:00+03-22:00+03"},
		},
		{
			name: "a collection may come as the site closes", zone: "Europe/Helsinki", hours: hours, day: "2026-08-04",
			collections: []string{"20:00", "07:59", "20:01", "08:00"},
			open:        []string{"2026-08-04 08:00: 08:00+03-08:00+03", "2026-08-04 20:00: 20:00+03-20:00+03"},
			shut:        []string{"2026-08-04 07:59: 07:59+03-07:59+03", "2026-08-04 20:01: 20:01+03-20:01+03"},
		},
		{
			name: "holiday", zone: "Europe/Helsinki", hours: hours, day: "2026-12-24",
			blocks: []string{"Mo-Fr 10:00-12:00"},
			shut:   []string{"2026-12-24 10:00: 10:00+02-12:00+02"},
		},
		{
			name: "closed day", zone: "Europe/Helsinki", hours: hours, day: "2026-12-23",
			blocks: []string{"Mo-Fr 10:00-12:00", "Sa 10:00-12:00"},
			shut:   []string{"2026-12-23 10:00: 10:00+02-12:00+02"},
		},
		{
			name: "a start that is skipped, and a block that is", zone: "Europe/Helsinki", hours: "24/7", day: "2026-03-29",
			blocks: []string{"03:30-06:00", "03:00-04:00", "02:00-03:30"},
			open:   []string{"2026-03-29 02:00: 02:00+02-04:00+03", "2026-03-29 03:30: 04:00+03-06:00+03"},
			shut:   []string{"2026-03-29 03:00: 04:00+03-04:00+03"},
		},
		{
			name: "a start that comes twice", zone: "America/New_York", hours: "24/7", day: "2026-11-01",
			blocks: []string{"01:30-03:00"},
			open:   []string{"2026-11-01 01:30: 01:30-04-03:00-05"},
		},
		{
			name: "a collection that is skipped", zone: "America/New_York", hours: "24/7", day: "2026-03-08",
			collections: []string{"02:30", "24:00"},
			open:        []string{"2026-03-08 02:30: 03:00-04-03:00-04", "2026-03-08 24:00: 00:00-04-00:00-04"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			cal := calendar(t, tc.zone, tc.hours, "2026-12-24..2026-12-26")
			cal.Closed = dateSet(t, "2026-12-23")
			table := NewBlocks(cal, blocks(t, tc.blocks...))
			if tc.collections != nil {
				table = NewCollections(cal, collections(t, tc.collections...))
			}
			d := date(t, tc.day)
			for range 2 { // worked out, then remembered
				if diff := cmp.Diff(tc.open, departuresText(table.On(d), cal.Zone)); diff != "" {
					t.Errorf("On (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tc.shut, departuresText(table.Shut(d), cal.Zone)); diff != "" {
					t.Errorf("Shut (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestParseBlocksAndMomentsRefuse(t *testing.T) {
	t.Parallel()
	block := func(s string) error { _, err := ParseBlock(s); return err }
	collection := func(s string) error { _, err := ParseCollection(s); return err }
	cutoff := func(s string) error { _, err := ParseCutoff(s); return err }
	for _, tc := range []struct {
		parse  func(string) error
		text   string
		offset int
		msg    string
	}{
		{block, "", 0, "expected a weekday such as Mo, found the end"},
		{block, "Mo-Sa", 5, "expected a blank and a time, found the end"},
		{block, "Mo-Sa 10:00", 11, `expected "-" and an end, found the end`},
		{block, "Mo-Sa 10:00-9:00", 12, `"9:00" is not a time of day`},
		{block, "Mo-Sa 22:00-01:00", 12, "01:00 is before 22:00"},
		{block, "Mo-Sa 10:00-12:00,14:00-16:00", 17, "more than one block"},
		{block, "Mo-Sa 10:00-12:00; Su 10:00-12:00", 17, "more than one block"},
		{block, "PH 10:00-12:00", 0, "PH has no place here"},
		{block, "Mo,PH 10:00-12:00", 3, "PH has no place here"},
		{block, "Mo-Xx 10:00-12:00", 3, `"Xx" is not a weekday`},
		{collection, "Mo-Fr 17:30-18:00", 11, "a collection is a moment, not a span"},
		{collection, "Mo-Fr 17:30 18:30", 12, `expected the end, found "18:30"`},
		{collection, "Mo-Fr 00:00", 6, "a collection at 00:00 is the end of the day before"},
		{cutoff, "Mo-Fr 17:00,18:00", 11, "more than one cut-off"},
		{cutoff, "Mo-Fr 5pm", 6, `"5" is not a time of day`},
	} {
		refused(t, tc.parse(tc.text), tc.offset, tc.msg)
	}
}

func TestClash(t *testing.T) {
	t.Parallel()
	if i, j, found := Clash(blocks(t, "Mo-Fr 10:00-12:00", "Sa 10:00-12:00", "Fr 10:00-11:00")); !found || i != 0 || j != 2 {
		t.Errorf("blocks of one start: got %d, %d, %v, want 0, 2, true", i, j, found)
	}
	if _, _, found := Clash(blocks(t, "Mo-Fr 10:00-12:00", "Mo-Fr 11:00-12:00")); found {
		t.Error("blocks of different starts clash")
	}
	if _, _, found := Clash(collections(t, "Mo 10:00", "Tu 10:00")); found {
		t.Error("collections of different days clash")
	}
	if i, j, found := Clash([]Cutoff{{Days: only(time.Monday), At: 600}, {Days: EveryDay, At: 700}}); !found || i != 0 || j != 1 {
		t.Errorf("cut-offs of one day: got %d, %d, %v, want 0, 1, true", i, j, found)
	}
}
