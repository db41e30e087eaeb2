package geo

import "fmt"

// knownCells are cells of points as every release of H3 has had them; the first
// is that of its manual.
var knownCells = []struct {
	at   Point
	cell Cell
}{
	{Point{Lat: 37.775938728915946, Lng: -122.41795063018799}, 0x8928308280fffff},
	{Point{Lat: 60.1842, Lng: 24.9497}, 0x8009fffffffffff},
	{Point{Lat: 60.1842, Lng: 24.9497}, 0x851126d3fffffff},
	{Point{Lat: 60.1842, Lng: 24.9497}, 0x871126d06ffffff},
	{Point{Lat: 60.1842, Lng: 24.9497}, 0x891126d06d7ffff},
	{Point{Lat: 60.1842, Lng: 24.9497}, 0x8a1126d06d4ffff},
	{Point{Lat: 60.1842, Lng: 24.9497}, 0x8f1126d06d4e11b},
}

// SelfTest finds cells that are known, and their parents, and says what is wrong
// with them: a build for another machine or against another H3 would send
// orders elsewhere.
func SelfTest() error {
	for _, known := range knownCells {
		res := known.cell.Resolution()
		got, err := CellAt(known.at, res)
		if err != nil {
			return err
		}
		if got != known.cell || !got.Valid() {
			return fmt.Errorf("cell of %v at resolution %d: got %s, want %s", known.at, res, got, known.cell)
		}
		for cell := got; res > 0; { // a parent is the same, however it is reached
			res--
			cell = cell.Parent(res)
			if cell != got.Parent(res) || cell.Resolution() != res || !cell.Valid() {
				return fmt.Errorf("parent of %s at resolution %d: got %s and %s", got, res, cell, got.Parent(res))
			}
		}
	}
	return nil
}
