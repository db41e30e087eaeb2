package app

import "slices"

// peaks remembers, for every slot, the most that was ever taken from it from a
// sequence of the journal on. Whether an order was turned away for nothing is
// judged by that: what was freed later does not count, and what others held
// at the time without having stored it yet does.
type peaks map[string][]level

// level is what was taken from a slot as of a sequence; once risen, the most
// that was taken from then on.
type level struct {
	seq   uint64
	units int64
}

// note adds what is taken from the slot as of seq, in the order of sequences.
func (p peaks) note(slot string, seq uint64, units int64) {
	p[slot] = append(p[slot], level{seq, units})
}

// rise turns levels into peaks, once all are noted.
func (p peaks) rise() {
	for _, levels := range p {
		for i := len(levels) - 2; i >= 0; i-- {
			levels[i].units = max(levels[i].units, levels[i+1].units)
		}
	}
}

// since is the most that was taken from the slot at seq or later.
func (p peaks) since(slot string, seq uint64) int64 {
	levels := p[slot]
	i, found := slices.BinarySearchFunc(levels, seq, func(l level, seq uint64) int {
		switch {
		case l.seq < seq:
			return -1
		case l.seq > seq:
			return 1
		}
		return 0
	})
	if !found {
		i-- // what was taken already
	}
	if i < 0 {
		if len(levels) == 0 {
			return 0
		}
		return levels[0].units
	}
	return levels[i].units
}
