package lanes

import (
	"encoding/json"
	"testing"
)

func TestShut(t *testing.T) {
	t.Parallel()
	hours, err := ParseHours("Mo-Su 08:00-20:00")
	if err != nil {
		t.Fatal(err)
	}
	block, err := ParseBlock("Mo-Su 10:00-12:00")
	if err != nil {
		t.Fatal(err)
	}
	day := func(text string) Date {
		d, err := ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	open := &Calendar{Hours: hours, Closed: NewDateSet(Dates{day("2026-01-01"), day("2026-01-02")}, Dates{day("2026-08-10"), day("2026-08-10")})}
	table := NewBlocks(open, []Block{block})
	shut := open.Shut(Dates{day("2026-08-04"), day("2026-08-05")})
	moved := table.At(shut)
	for text, want := range map[string][2]bool{
		"2026-01-01": {false, false}, "2026-01-02": {false, false}, "2026-01-03": {true, true}, "2026-08-03": {true, true},
		"2026-08-04": {true, false}, "2026-08-05": {true, false}, "2026-08-06": {true, true}, "2026-08-10": {false, false},
	} {
		d := day(text)
		if was, is := len(table.On(d)) == 1, len(moved.On(d)) == 1; was != want[0] || is != want[1] {
			t.Errorf("%s: leaves %t, and %t once shut, want %v", text, was, is, want)
		}
		if is := len(shut.Open(d)) == 1; is != want[1] || shut.WorkingDay(d) != open.WorkingDay(d) {
			t.Errorf("%s: open %t, want %t, and as much a working day as before", text, is, want[1])
		}
	}
}

func TestDateText(t *testing.T) {
	t.Parallel()
	want := DateIn(2026, 8, 4)
	data, err := json.Marshal(want)
	if err != nil || string(data) != `"2026-08-04"` {
		t.Fatalf("got %s, %v", data, err)
	}
	var got Date
	if err := json.Unmarshal(data, &got); err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if err := json.Unmarshal([]byte(`"2026-02-30"`), &got); err == nil {
		t.Error("got no error for the 30th of February")
	}
}
