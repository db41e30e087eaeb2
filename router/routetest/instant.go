package routetest

import (
	"errors"
	"strings"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

const instantHint = "write it as 2026-08-04 09:30, local, or 2026-08-04T09:30:00+03:00"

// instant reads a time. A time of day alone is on the local day of base, if
// there is one.
func (l *loader) instant(v config.Node, base time.Time) (time.Time, bool) {
	return config.Read(v, config.Field[time.Time]{What: "a time", Hint: instantHint,
		Parse: func(text string) (time.Time, error) { return l.parseInstant(text, base) }})
}

func (l *loader) parseInstant(text string, base time.Time) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return l.local(at), nil
	}
	if l.zone == nil {
		return time.Time{}, errors.New("the regions have several zones; give the time an offset, or the file a zone")
	}
	day, wall, dated := strings.Cut(strings.Replace(text, "T", " ", 1), " ")
	if !dated {
		day, wall = "", text
	}
	clock, err := lanes.ParseClock(strings.TrimSpace(wall))
	switch {
	case err != nil:
		return time.Time{}, err
	case !dated && base.IsZero():
		return time.Time{}, errors.New("there is no day in it, and no default to take it from")
	case !dated:
		return time.Unix(lanes.At(lanes.DateOf(base.Unix(), l.zone), clock, l.zone), 0).In(l.zone), nil
	}
	date, err := lanes.ParseDate(day)
	if err != nil {
		return time.Time{}, err
	}
	return time.Unix(lanes.At(date, clock, l.zone), 0).In(l.zone), nil
}

// baseOf is the day that times of day are on: that of at if it is given, else
// that of otherwise. One that was refused is some day, so that what depends on
// it is not refused as well.
func (l *loader) baseOf(at config.Node, otherwise time.Time) time.Time {
	if at.Absent() {
		return otherwise
	}
	if t, ok := l.instant(at, otherwise); ok {
		return t
	}
	return time.Date(2026, time.January, 5, 12, 0, 0, 0, time.UTC)
}

// local is an instant as the file tells times.
func (l *loader) local(at time.Time) time.Time {
	if l.zone == nil {
		return at
	}
	return at.In(l.zone)
}

// zoneName is an IANA name.
var zoneName = config.Field[*time.Location]{What: "a time zone", Hint: "an IANA name, such as Europe/Helsinki",
	Parse: func(text string) (*time.Location, error) {
		zone, err := time.LoadLocation(text)
		if err != nil || text == "Local" {
			return nil, errors.New("there is no such zone")
		}
		return zone, nil
	}}

// sharedZone is the zone of all regions, if they have only one.
func sharedZone(c *config.Config) *time.Location {
	var zone *time.Location
	for _, r := range c.Regions {
		if zone != nil && zone.String() != r.Zone.String() {
			return nil
		}
		zone = r.Zone
	}
	return zone
}
