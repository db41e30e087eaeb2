package event

import "time"

// date is the last day that a writer wrote. Most times of an event are of a
// few days, and the calendar is what makes writing a time slow.
type date struct {
	day  int64 // the first of 1970 is 1; 0: none yet
	text [len("2006-01-02T")]byte
}

const daySeconds = 24 * 60 * 60

func (w *writer) time(name string, t time.Time) {
	w.b = append(w.b, name...)
	sec := t.Unix()
	day := 1 + sec/daySeconds
	simple := t.Location() == time.UTC && t.Nanosecond() == 0 && sec >= 0
	if simple && day == w.date.day {
		w.b = append(w.b, '"')
		w.b = append(w.b, w.date.text[:]...)
		w.clock(int(sec % daySeconds))
		w.b = append(w.b, `Z",`...)
		return
	}
	text, err := t.AppendText(append(w.b, '"'))
	if err != nil {
		w.fail(err)
		return
	}
	if simple {
		w.date = date{day, [len(w.date.text)]byte(text[len(w.b)+1:])}
	}
	w.b = append(text, '"', ',')
}

// optTime leaves out a time that says of itself that it is zero, too.
func (w *writer) optTime(name string, t *time.Time) {
	if t != nil && !t.IsZero() {
		w.time(name, *t)
	}
}

// clock appends a second of the day as hh:mm:ss.
func (w *writer) clock(sec int) {
	h, m, s := byte(sec/3600), byte(sec/60%60), byte(sec%60)
	w.b = append(w.b, '0'+h/10, '0'+h%10, ':', '0'+m/10, '0'+m%10, ':', '0'+s/10, '0'+s%10)
}
