package stream

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Gap is a run of sequences of the journal without messages. Nobody may delete
// from the journal, and it forgets from its beginning, so a gap is a loss.
type Gap struct {
	From    uint64 `json:"from"`
	Through uint64 `json:"through"`
}

// Messages is how many there were.
func (g Gap) Messages() uint64 { return g.Through - g.From + 1 }

func (g Gap) String() string {
	if g.From == g.Through {
		return strconv.FormatUint(g.From, 10)
	}
	return fmt.Sprintf("%d to %d", g.From, g.Through)
}

// Missing is how many messages the gaps had.
func Missing(gaps []Gap) (n uint64) {
	for _, g := range gaps {
		n += g.Messages()
	}
	return n
}

// gapsOf are the gaps that the sequences make.
func gapsOf(sequences []uint64) (gaps []Gap) {
	for _, seq := range slices.Sorted(slices.Values(sequences)) {
		if n := len(gaps); n > 0 && gaps[n-1].Through+1 == seq {
			gaps[n-1].Through = seq
			continue
		}
		gaps = append(gaps, Gap{seq, seq})
	}
	return gaps
}

// Without are the parts of gaps that none of the known ones covers.
func Without(gaps, known []Gap) (rest []Gap) {
	known = slices.SortedFunc(slices.Values(known), func(a, b Gap) int { return cmp.Compare(a.From, b.From) })
	for _, g := range gaps {
		for _, k := range known {
			if k.Through < g.From || k.From > g.Through {
				continue
			}
			if k.From > g.From {
				rest = append(rest, Gap{g.From, k.From - 1})
			}
			g.From = k.Through + 1
		}
		if g.From <= g.Through {
			rest = append(rest, g)
		}
	}
	return rest
}

// listed writes gaps out, the first few of them.
func listed(gaps []Gap) string {
	const most = 10
	var b strings.Builder
	for i, g := range gaps {
		switch {
		case i == most:
			fmt.Fprintf(&b, " and %d more", len(gaps)-most)
			return b.String()
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(g.String())
	}
	return b.String()
}
