package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/legible"
)

// tailLine writes one line per event, within the width where ids are short,
// and a line with the date before the first event of a day.
type tailLine struct {
	w      io.Writer
	zone   *time.Location // of the time in front
	day    string
	colour bool
	asJSON bool
}

func newTailLine(w io.Writer, zone *time.Location, asJSON bool) *tailLine {
	return &tailLine{w: w, zone: zone, colour: colour(w), asJSON: asJSON}
}

// show writes one event.
func (l *tailLine) show(o occurrence) error {
	switch {
	case l.asJSON && o.rejected != nil:
		return l.rejectedJSON(o)
	case l.asJSON:
		_, err := l.w.Write(append(o.data, '\n'))
		return err
	case o.rejected != nil:
		return l.refused(o)
	case strings.HasPrefix(o.subject, "decision."):
		d, err := event.DecodeDecision(o.data)
		if err != nil {
			return fmt.Errorf("read %s: %w", o.subject, err)
		}
		return l.decision(d)
	}
	d, err := event.DecodeDispatch(o.data)
	if err != nil {
		return fmt.Errorf("read %s: %w", o.subject, err)
	}
	var envelope struct{ Time time.Time }
	if err := json.Unmarshal(o.data, &envelope); err != nil {
		return fmt.Errorf("read %s: %w", o.subject, err)
	}
	return l.dispatch(d, envelope.Time)
}

func (l *tailLine) decision(d *event.Decision) error {
	reasons := joinWithin(d.Reasons, reasonsWidth)
	if len(d.Consignments) == 0 {
		return l.line(d.DecidedAt, d.Key(), string(d.Outcome), reasons)
	}
	b := &d.Consignments[0].Body
	text := wayOf(b)
	switch {
	case d.Outcome != event.Dispatched:
		text, reasons = text+"  "+reasons, ""
	case d.AcceptedAt != nil:
		text, reasons = text+"  accepted by "+b.CourierID, "" // told before
	default:
		text += "  " + promised(b.Site, b.Slot, b.PromiseDate)
	}
	if err := l.line(d.DecidedAt, d.Key(), string(d.Outcome), text); err != nil || reasons == "" {
		return err
	}
	// Why it is not where it asked to go, or not where it was to go before.
	_, err := fmt.Fprintf(l.w, "%24sbecause %s\n", "", cell(reasons, lastWidth))
	return err
}

// reasonsWidth is what the columns in front leave of the width.
const reasonsWidth = width - len("15:04:05 channel/order... dispatched ")

// joinWithin joins texts as far as they fit, and says how many did not.
func joinWithin(texts []string, most int) string {
	for n := len(texts); n > 1; n-- {
		joined := strings.Join(texts[:n], ", ")
		if n < len(texts) {
			joined += fmt.Sprintf(", %d more", len(texts)-n)
		}
		if len(joined) <= most {
			return joined
		}
	}
	return strings.Join(texts, ", ")
}

func (l *tailLine) dispatch(d *event.Dispatch, at time.Time) error {
	return l.line(at, d.Key(), d.Status, d.CourierID+" at "+d.Site.SiteID+"/"+d.Lane+"  "+promised(d.Site, d.Slot, d.PromiseDate))
}

func (l *tailLine) refused(o occurrence) error {
	r := o.rejected
	key, _ := event.Identify(r.Data)
	key = event.Key{Channel: cmp.Or(r.Channel, key.Channel, "?"), Order: cmp.Or(key.Order, "?")} // as far as they are readable
	refusal := event.Refusal{Code: r.Reason, Pointer: r.Pointer, Detail: r.Detail}
	return l.line(r.StoredAt, key, "refused", refusal.Error())
}

// promised tells slot and promise, which for a courier's block are one.
func promised(site event.Site, slot event.Span, promise time.Time) string {
	zone := zoneOf(site.TimeZone)
	text := slot.Start.In(zone).Format("Mon 15:04")
	if !slot.End.Equal(slot.Start) {
		text += slot.End.In(zone).Format("-15:04")
	}
	if !promise.Equal(slot.End) {
		text += promise.In(zone).Format(", by Mon 15:04")
	}
	return text
}

// Colours of what a line says, as terminals number them.
var outcomeColours = map[string]string{
	string(event.Dispatched): "32", event.Requested: "32",
	string(event.Unroutable): "33", event.Withdrawn: "33", "refused": "31",
}

func (l *tailLine) line(at time.Time, key event.Key, what, text string) error {
	at = at.In(l.zone)
	if day := at.Format(fullDay); day != l.day {
		l.day = day
		zone := l.zone.String()
		if l.zone == time.Local {
			zone = at.Format("MST")
		}
		fmt.Fprintf(l.w, "# %s (%s)\n", day, zone)
	}
	what = legible.Pad(cell(what, codeWidth), 10)
	if code := outcomeColours[strings.TrimSpace(what)]; l.colour && code != "" {
		what = "\033[" + code + "m" + what + "\033[0m"
	}
	_, err := fmt.Fprintf(l.w, "%s %s %s %s\n", at.Format(time.TimeOnly), legible.Pad(cell(key.String(), idWidth), 14), what, cell(text, lastWidth))
	return err
}

// rejectedJSON writes a refused message as one object: its bytes may be
// anything, so they are in base64.
func (l *tailLine) rejectedJSON(o occurrence) error {
	r := o.rejected
	return json.NewEncoder(l.w).Encode(struct {
		Reason   string    `json:"reason"`
		Pointer  string    `json:"pointer"`
		Detail   string    `json:"detail"`
		Channel  string    `json:"channel"`
		Subject  string    `json:"subject"`
		Sequence uint64    `json:"sequence"`
		StoredAt time.Time `json:"storedAt"`
		Size     int       `json:"size"`
		Data     []byte    `json:"data"`
	}{r.Reason, r.Pointer, r.Detail, r.Channel, r.Subject, r.Sequence, r.StoredAt, r.Size, r.Data})
}
