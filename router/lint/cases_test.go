package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/lanes"
)

// plain is a network with nothing to find.
const plain = `network: plain
currency: EUR
defaults: {serviceLevel: day, parcel: {mm: [300, 200, 150]}}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels:
  day: {cutoff: ["Mo-Fr 13:00"], promise: {sameDayBy: "21:00"}}
couriers: {pyora: {maxParcel: {grams: 15000}}}
sites:
  kallio:
    kind: micro_hub
    region: town
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    lanes:
      bike:
        courier: pyora
        serviceLevels: [day]
        catchment: {withinKm: 3}
        blocks: ["Mo-Fr 14:00-16:00"]
        capacity: {parcels: 10, grams: 60000}
        cost: {perParcel: 4.20}
        lockers: [corner]
lockers:
  corner:
    region: town
    at: {lat: 60.187, lng: 24.960}
    offer: {withinKm: 1}
    dwell: 2d
    sizes: [{size: M, count: 20, mm: [190, 400, 600]}]
`

// TestEdits changes one thing of the plain network and wants what it makes of
// it, or nothing: where a rule ends matters as much as where it begins.
func TestEdits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"nothing", "", "", nil},
		{"no default parcel", ", parcel: {mm: [300, 200, 150]}", "", []string{NoDefaultParcel}},
		{"the very last cut-off", "Mo-Fr 13:00", "Mo-Fr 14:00", nil},
		{"a minute later", "Mo-Fr 13:00", "Mo-Fr 14:01", []string{CutoffLate}},
		{"handling counts", "stocks:", "handling: {time: 61m}\n    stocks:", []string{CutoffLate}},
		{"so does closing", "capacity:", "closesBefore: 61m\n        capacity:", []string{CutoffLate}},
		{"promised to the minute", `"21:00"`, `"16:00"`, nil},
		{"a minute short", `"21:00"`, `"15:59"`, []string{NeverInTime, NeverServed, StrandedSKU, LockerUnserved}},
		{"more work than a morning", "stocks:", "handling: {time: 7h}\n    stocks:", []string{NeverInTime, NeverServed, StrandedSKU, LockerUnserved}},
		{"more work than a morning, promised for tomorrow", `{sameDayBy: "21:00"}}`, `{workingDays: 1, by: "21:00"}}`, nil},
		{"an elapsed promise is counted from the order", `{sameDayBy: "21:00"}}`, `{elapsed: 2h}}`, []string{NeverInTime, NeverServed, StrandedSKU, LockerUnserved}},
		{"and cut off before", `["Mo-Fr 13:00"], promise: {sameDayBy: "21:00"}}`, `["Mo-Fr 13:00"], promise: {elapsed: 3h}}`, nil},
		{"a lane without a cut-off that day", `"Mo-Fr 13:00"`, `"Mo-We 13:00"`, nil},
		{"two hours of Saturday", `["Mo-Fr 14:00-16:00"]`, `["Mo-Sa 14:00-16:00"]`, []string{ClosedWeekday}},
		{"a block after the promise", `["Mo-Fr 14:00-16:00"]`, `["Mo-Fr 14:00-16:00", "Mo-Fr 19:00-21:01"]`, []string{UselessDeparture}},
		{"stars in stars", `["mug-*"]`, `["mug-*-*", "mug-*"]`, []string{RedundantSKU}},
		{"twice the same", `["mug-*"]`, `["mug-*", "mug-*"]`, []string{RedundantSKU}},
		{"stars beside stars", `["mug-*"]`, `["mug-*", "*-blue"]`, nil},
		{"an equal size", "[190, 400, 600]}]", "[190, 400, 600]}, {size: N, count: 2, mm: [600, 190, 400]}]", []string{SizeOrder}},
		{"a lighter size before", "mm: [190, 400, 600]}]", "mm: [190, 400, 600], maxGrams: 5000}, {size: N, count: 2, mm: [190, 400, 600]}]", nil},
		{"a courier with small boxes", "{grams: 15000}", "{grams: 15000, mm: [400, 300, 140]}", []string{DefaultTooBig}},
		{"a bank of letter boxes", "[190, 400, 600]", "[40, 400, 600]", []string{DefaultTooBig}},
		{"an offer as far as the catchment", "lat: 60.187, lng: 24.960", "lat: 60.216, lng: 24.9497", nil},
		{"an offer beyond", "lat: 60.187, lng: 24.960", "lat: 60.224, lng: 24.9497", []string{LockerApart}},
		{"a limit at the limit", "grams: 60000", "grams: 149999", nil},
		{"a limit at the very limit", "grams: 60000", "grams: 150000", []string{IdleLimit}},
		{"a ring around a hole", "{withinKm: 3}", `{geojson: "areas.geojson#ring"}`, []string{Gap, LockerApart}},
		{"a ring around a hole that is meant", "{withinKm: 3}", `{geojson: "areas.geojson#ring", minus: [{geojson: "areas.geojson#hole"}]}`, []string{LockerApart}},
		{"a hole that is meant", "{withinKm: 3}", `{withinKm: 3, minus: [{cells: [891126d335bffff]}]}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if n := strings.Count(plain, c.old); n != 1 && c.old != "" {
				t.Fatalf("the plain network has %q %d times", c.old, n)
			}
			found := Lint(loadText(t, strings.Replace(plain, c.old, c.new, 1)), november)
			var got []string
			for _, f := range found {
				got = append(got, f.Code)
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(c.want))
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v\n%s", got, want, found.Format())
			}
		})
	}
}

// TestTies adds a twin of the bike and takes away, one by one, what tells them
// apart.
func TestTies(t *testing.T) {
	t.Parallel()
	twin := `      twin:
        courier: pyora
        serviceLevels: [day]
        catchment: {withinKm: 1}
        blocks: ["Mo-Fr 14:00-16:00"]
        capacity: {parcels: 10}
        cost: {perParcel: 4.20}
lockers:
`
	for _, c := range []struct {
		name, old, new string
		ties           int
	}{
		{"the same in all", "", "", 1},
		{"cheaper", "perParcel: 4.20}\nlockers", "perParcel: 4.10}\nlockers", 0},
		{"cheaper, and nobody asks", "perParcel: 4.20}\nlockers:", "perParcel: 4.10}\nrank: [promise, distance]\nlockers:", 1},
		{"at another time", "14:00-16:00\"]\n        capacity: {parcels: 10}\n", "14:00-16:10\"]\n        capacity: {parcels: 10}\n", 0},
		{"at one more time", "14:00-16:00\"]\n        capacity: {parcels: 10}\n", "14:00-16:00\", \"Mo-Fr 15:00-17:00\"]\n        capacity: {parcels: 10}\n", 1},
		{"elsewhere", "{withinKm: 1}", `{geojson: "areas.geojson#ring"}`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(plain, "lockers:\n", twin, 1)
			if !strings.Contains(text, c.old) {
				t.Fatalf("there is no %q", c.old)
			}
			ties := 0
			for _, f := range Lint(loadText(t, strings.Replace(text, c.old, c.new, 1)), november) {
				if f.Code == Overlap {
					ties++
				}
			}
			if ties != c.ties {
				t.Errorf("got %d ties, want %d", ties, c.ties)
			}
		})
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"*", "mug-*", true}, {"mug-*", "*", false}, {"mug-*", "mug-blue", true}, {"mug-blue", "mug-*", false},
		{"mug-*", "mug-*", true}, {"*-*", "mug-*", true}, {"m*g", "m*-*g", true}, {"m*-*g", "m*g", false}, {"a*", "*a", false},
	} {
		a, errA := lanes.ParsePattern(c.a)
		b, errB := lanes.ParsePattern(c.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := covers(a, b); got != c.want {
			t.Errorf("%s covers %s: got %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
