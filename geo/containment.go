package geo

import "fmt"

// Containment says which cells along its border belong to a polygon.
type Containment string

const (
	// Center takes the cells whose centre is inside. Polygons that tile the
	// plane get sets that do, too: no cell in two, none in between.
	Center Containment = "center"
	// Full takes the cells that are inside with their whole area.
	Full Containment = "full"
	// Overlapping takes every cell that any part of is inside. Neighbours
	// both claim the cells along their common border.
	Overlapping Containment = "overlapping"
)

// Check refuses what is none of the three.
func (m Containment) Check() error {
	switch m {
	case Center, Full, Overlapping:
		return nil
	}
	return fmt.Errorf("containment %q is none of center, full, overlapping", string(m))
}
