package reproduce

import (
	"fmt"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
)

// How values are told: in UTC and in the units of the wire, nothing as nothing.

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func optional(t *time.Time) string {
	if t == nil {
		return ""
	}
	return instant(*t)
}

func span(start, end time.Time) string {
	if start.IsZero() {
		return ""
	}
	return instant(start) + "/" + instant(end)
}

func locker(l *event.Locker) string {
	if l == nil {
		return ""
	}
	return fmt.Sprintf("%s (%s) %s", l.BankID, l.Size, span(l.From, l.Until))
}

func money(m event.Money) string {
	if m.Currency == "" {
		return ""
	}
	return fmt.Sprintf("%d %s", m.Amount, m.Currency)
}

func place(s event.Site) string {
	if s.SiteID == "" {
		return ""
	}
	return fmt.Sprintf("%s at %v, %v in %s", s.Kind, s.Geo.Latitude, s.Geo.Longitude, s.TimeZone)
}

func packages(list []event.Package) string {
	var texts []string
	for _, p := range list {
		texts = append(texts, fmt.Sprintf("%d g %v lines %v", p.Grams, p.DimensionsMm, p.Lines))
	}
	return strings.Join(texts, "; ")
}
