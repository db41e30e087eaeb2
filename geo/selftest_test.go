package geo

import "testing"

func TestSelfTest(t *testing.T) {
	if err := SelfTest(); err != nil {
		t.Error(err)
	}
	was := knownCells[2].cell
	knownCells[2].cell++
	defer func() { knownCells[2].cell = was }()
	if err := SelfTest(); err == nil {
		t.Error("a wrong cell was not noticed")
	}
}
