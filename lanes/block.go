package lanes

// Block is a courier's span of time on certain weekdays: pick-up from Start,
// promised by End.
type Block struct {
	Days       Weekdays
	Start, End Clock
}

// ParseBlock reads "Mo-Sa 10:00-12:00"; without days it is every day. A block
// may not pass midnight.
func ParseBlock(text string) (Block, error) {
	s := &scanner{text: text}
	days, err := s.weekdays()
	if err != nil {
		return Block{}, err
	}
	span, err := s.clockSpan()
	if err != nil {
		return Block{}, err
	}
	if err := s.single("block"); err != nil {
		return Block{}, err
	}
	return Block{Days: days, Start: span.start, End: span.end}, nil
}

// String returns what [ParseBlock] reads.
func (b Block) String() string { return b.Days.String() + " " + clockSpan{b.Start, b.End}.String() }

// Collection is a carrier's visit on certain weekdays: it leaves once, At.
type Collection struct {
	Days Weekdays
	At   Clock
}

// ParseCollection reads "Mo-Fr 17:30"; without days it is every day.
func ParseCollection(text string) (Collection, error) {
	days, clock, err := parseMoment(text, "collection")
	return Collection{Days: days, At: clock}, err
}

// String returns what [ParseCollection] reads.
func (c Collection) String() string { return c.Days.String() + " " + c.At.String() }

// parseMoment reads "Mo-Fr 17:30".
func parseMoment(text, what string) (Weekdays, Clock, error) {
	s := &scanner{text: text}
	days, err := s.weekdays()
	if err != nil {
		return 0, 0, err
	}
	at := s.at
	clock, err := s.clock()
	if err != nil {
		return 0, 0, err
	}
	if clock == 0 {
		return 0, 0, s.fail(at, "write 24:00 of the day before", "a %s at 00:00 is the end of the day before", what)
	}
	if s.peek() == '-' {
		return 0, 0, s.fail(s.at, "write one time", "a %s is a moment, not a span", what)
	}
	if err := s.single(what); err != nil {
		return 0, 0, err
	}
	return days, clock, nil
}

// single refuses a second entry behind the first.
func (s *scanner) single(what string) error {
	s.spaces()
	if b := s.peek(); b == ',' || b == ';' {
		return s.fail(s.at, "write each as an entry of its own in the list", "more than one %s", what)
	}
	return s.end()
}

// weekly is what comes back every week. Two entries of one list clash if they
// have a weekday and a place in the day in common: blocks and collections of
// one start would share a slot, and a day has one cut-off.
type weekly interface {
	place() (Weekdays, Clock)
}

func (b Block) place() (Weekdays, Clock)      { return b.Days, b.Start }
func (c Collection) place() (Weekdays, Clock) { return c.Days, c.At }
func (c Cutoff) place() (Weekdays, Clock)     { return c.Days, 0 }

// Clash returns the places of the first two entries of a list of blocks,
// collections or cut-offs that cannot stand in it together.
func Clash[T weekly](list []T) (i, j int, found bool) {
	for j := range list {
		days, at := list[j].place()
		for i := range j {
			if d, a := list[i].place(); a == at && d&days != 0 {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}
