package lanes

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSum(t *testing.T) {
	t.Parallel()
	got := Sum(nil, []Line{
		{SKU: "mug", Quantity: 2, Grams: 350, Box: Box{100, 80, 90}},
		{SKU: "print", Quantity: 1, Grams: 120},
		{SKU: "mug", Quantity: 1, Grams: 400}, // takes the sides of the other mugs
		{SKU: "mug", Quantity: 1, Grams: 350, Box: Box{70, 110, 85}},
	})
	want := []Lot{
		{SKU: "mug", Quantity: 4, Grams: 1450, Box: Box{80, 90, 110}},
		{SKU: "print", Quantity: 1, Grams: 120},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSumOfManySkus(t *testing.T) {
	t.Parallel()
	var lines []Line
	for i := range 5000 {
		lines = append(lines, Line{SKU: fmt.Sprint("sku-", i%100), Quantity: 1, Grams: 1})
	}
	before := Lot{SKU: "sku-1", Quantity: 7}
	got := Sum([]Lot{before}, lines)
	if len(got) != 101 || got[0] != before {
		t.Fatalf("got %d lots, the first %v", len(got), got[0])
	}
	for i, lot := range got[1:] {
		if want := (Lot{SKU: fmt.Sprint("sku-", i), Quantity: 50, Grams: 50}); lot != want {
			t.Errorf("got %v, want %v", lot, want)
		}
	}
}

func TestStack(t *testing.T) {
	t.Parallel()
	fallback := Box{300, 200, 150}
	for _, tc := range []struct {
		name     string
		lines    []Line
		fallback Box
		want     Parcel
	}{
		{"one piece", []Line{{SKU: "a", Quantity: 1, Grams: 5, Box: Box{30, 10, 20}}}, fallback, Parcel{Box{10, 20, 30}, 5}},
		{"pieces lie on their largest side", []Line{{SKU: "a", Quantity: 3, Grams: 5, Box: Box{30, 10, 20}}}, fallback, Parcel{Box{20, 30, 30}, 15}},
		{"the longest and the widest piece", []Line{
			{SKU: "a", Quantity: 1, Grams: 120, Box: Box{60, 60, 450}},
			{SKU: "b", Quantity: 2, Grams: 300, Box: Box{150, 210, 20}},
		}, fallback, Parcel{Box{100, 150, 450}, 720}},
		{"without sides", []Line{{SKU: "a", Quantity: 2, Grams: 5}}, fallback, Parcel{Box{200, 300, 300}, 10}},
		{"without sides or fallback", []Line{
			{SKU: "a", Quantity: 2, Grams: 5},
			{SKU: "b", Quantity: 1, Grams: 5, Box: Box{1, 2, 3}},
		}, Box{}, Parcel{Box{}, 15}},
		{"nothing", nil, fallback, Parcel{}},
		{"more than there is", []Line{
			{SKU: "a", Quantity: math.MaxInt64, Grams: math.MaxInt64, Box: Box{math.MaxInt64, 2, 3}},
			{SKU: "b", Quantity: math.MaxInt64, Grams: 1, Box: Box{2, 2, 2}},
		}, fallback, Parcel{Box{3, math.MaxInt64, math.MaxInt64}, math.MaxInt64}},
		{"a product that would come round to nothing", []Line{
			{SKU: "a", Quantity: 4, Grams: 1 << 62, Box: Box{1, 2, 3}},
		}, fallback, Parcel{Box{2, 3, 4}, math.MaxInt64}},
	} {
		if got := Stack(Sum(nil, tc.lines), tc.fallback); got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestRoomFit(t *testing.T) {
	t.Parallel()
	locker := Room{Box: Box{80, 400, 600}, Grams: 10000}
	for _, tc := range []struct {
		name   string
		room   Room
		parcel Parcel
		want   Fit
	}{
		{"exactly", locker, Parcel{Box{80, 400, 600}, 10000}, Fits},
		{"rotated", locker, Parcel{Box{600, 80, 400}, 1}, Fits},
		{"rotated the other way", locker, Parcel{Box{400, 600, 80}, 1}, Fits},
		{"one mm too high", locker, Parcel{Box{81, 81, 81}, 1}, TooBig},
		{"one mm too long", locker, Parcel{Box{10, 10, 601}, 1}, TooBig},
		{"a gram too much", locker, Parcel{Box{10, 10, 10}, 10001}, TooHeavy},
		{"too big comes first", locker, Parcel{Box{700, 10, 10}, 10001}, TooBig},
		{"no sides", locker, Parcel{Grams: 1}, Unmeasured},
		{"no sides, too heavy anyway", locker, Parcel{Grams: 10001}, TooHeavy},
		{"no limit on sides", Room{Grams: 10}, Parcel{Grams: 10}, Fits},
		{"no limit", Room{}, Parcel{Box{math.MaxInt64, 1, 1}, math.MaxInt64}, Fits},
	} {
		if got := tc.room.Fit(tc.parcel); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

// FitsIn agrees with trying all six rotations.
func TestFitsInAnyRotation(t *testing.T) {
	t.Parallel()
	rotations := [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
	var boxes []Box
	for i := range 64 {
		boxes = append(boxes, Box{int64(1 + i%4), int64(1 + i/4%4), int64(1 + i/16)})
	}
	for _, b := range boxes {
		for _, o := range boxes {
			want := false
			for _, r := range rotations {
				want = want || b[r[0]] <= o[0] && b[r[1]] <= o[1] && b[r[2]] <= o[2]
			}
			if got := b.FitsIn(o); got != want {
				t.Fatalf("%v in %v: got %v", b, o, got)
			}
		}
	}
}
