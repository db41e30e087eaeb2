package lanes

import "time"

// DateOf returns the civil day that the wall shows in zone at the instant t.
// A nil zone is UTC.
func DateOf(t int64, zone *time.Location) Date {
	return Date(floorDiv(t+offsetAt(t, zone), daySeconds))
}

// At returns the instant at which the wall in zone shows clock on the day.
// Where the clocks skip it, At is the first instant after the gap; where they
// show it twice, the first. A nil zone is UTC.
func At(d Date, clock Clock, zone *time.Location) int64 {
	if zone == nil {
		zone = time.UTC
	}
	wall := int64(d)*daySeconds + int64(clock)*60
	// Offsets are far below a day, so what we look for lies in the zone period
	// of this instant or in one that follows.
	t := time.Unix(wall-daySeconds, 0).In(zone)
	for {
		_, offset := t.Zone()
		start, end := t.ZoneBounds()
		at := wall - int64(offset)
		if !start.IsZero() && at < start.Unix() {
			return start.Unix() // the clocks were put forward over it
		}
		if end.IsZero() || at < end.Unix() {
			return at
		}
		t = end
	}
}

// offsetAt returns the seconds east of UTC that zone has at t.
func offsetAt(t int64, zone *time.Location) int64 {
	if zone == nil {
		return 0
	}
	_, offset := time.Unix(t, 0).In(zone).Zone()
	return int64(offset)
}
