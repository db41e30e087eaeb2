package lanes

// Dates is a run of civil days, both ends included.
type Dates struct{ From, To Date }

// ParseDates reads "2026-12-06" or "2026-12-24..2026-12-26".
func ParseDates(text string) (Dates, error) {
	s := &scanner{text: text}
	from, err := s.date()
	if err != nil {
		return Dates{}, err
	}
	dates := Dates{From: from, To: from}
	if s.eat('.') {
		if !s.eat('.') {
			s.at--
			return Dates{}, s.fail(s.at, `a range is written 2026-12-24..2026-12-26`, `expected ".."`)
		}
		at := s.at
		if dates.To, err = s.date(); err != nil {
			return Dates{}, err
		}
		if dates.To < dates.From {
			return Dates{}, s.fail(at, "", "%s is before %s", dates.To, dates.From)
		}
	}
	if err := s.end(); err != nil {
		return Dates{}, err
	}
	return dates, nil
}

// String returns what [ParseDates] reads.
func (r Dates) String() string {
	if r.From == r.To {
		return r.From.String()
	}
	return r.From.String() + ".." + r.To.String()
}

// DateSet is a set of civil days; asking it costs the same however many it
// holds. The zero value is empty. A DateSet does not change.
type DateSet struct {
	first Date
	bits  []uint64 // bit i stands for first+i
}

// NewDateSet returns the set of all days in the given runs, each of which ends
// no earlier than it begins. Its memory is one bit for each day from the first
// to the last.
func NewDateSet(runs ...Dates) DateSet {
	if len(runs) == 0 {
		return DateSet{}
	}
	first, last := runs[0].From, runs[0].To
	for _, r := range runs[1:] {
		first, last = min(first, r.From), max(last, r.To)
	}
	set := DateSet{first: first, bits: make([]uint64, (last-first)/64+1)}
	for _, r := range runs {
		for d := r.From; d <= r.To; d++ {
			i := d - first
			set.bits[i/64] |= 1 << (i % 64)
		}
	}
	return set
}

// Has reports whether d is in the set.
func (s DateSet) Has(d Date) bool {
	i := int64(d) - int64(s.first)
	if i < 0 || i >= int64(len(s.bits))*64 {
		return false
	}
	return s.bits[i/64]&(1<<(i%64)) != 0
}
