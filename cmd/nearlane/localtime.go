package main

import (
	"fmt"
	"time"
)

// Times are told in the zone where they happen, with the weekday: people plan
// in weekdays.
const (
	dayAndTime = "Mon 2 Jan 15:04"
	fullDay    = "Monday 2 January 2006"
)

// spanIn tells a span in zone: "Tue 4 Aug 10:00-12:00". A collection, which
// leaves once, is one time.
func spanIn(zone *time.Location, start, end time.Time) string {
	start, end = start.In(zone), end.In(zone)
	if start.Equal(end) {
		return start.Format(dayAndTime)
	}
	return start.Format(dayAndTime) + "-" + nearby(start, end)
}

// nearby tells a time, without its day if that is the day of what was told
// before. Both are in one zone.
func nearby(before, at time.Time) string {
	if before.Format(time.DateOnly) == at.Format(time.DateOnly) {
		return at.Format("15:04")
	}
	return at.Format(dayAndTime)
}

// zoneOf loads a zone by its IANA name; one that this machine does not know is
// told in UTC.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// instant reads a time that a flag gives.
func instant(flag, text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, usageError{fmt.Errorf("%s %q is not an instant such as 2026-08-04T09:00:00+03:00", flag, text)}
	}
	return at, nil
}
