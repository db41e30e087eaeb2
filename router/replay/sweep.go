package replay

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// Sweep is one limit of a network, and values to try for it.
type Sweep struct {
	Path   string // as it was written
	Limit  router.Limit
	Values []int64 // ascending
}

const (
	// mostValues is how many values a sweep tries: each of them is a replay.
	mostValues = 60
	// usualValues is about how many it tries if no step is given.
	usualValues = 8
	// mostUnits is the largest value.
	mostUnits = 1_000_000_000
)

// ParseSweep reads a path and a range such as "lanes.bike.parcels=10..60" or
// "sites.kallio.lanes.bike.capacity.parcels=10..60:10".
func ParseSweep(text string) (*Sweep, error) {
	path, values, ok := strings.Cut(text, "=")
	if !ok {
		return nil, fmt.Errorf("%q has no range: want PATH=FROM..TO[:STEP], such as lanes.bike.parcels=10..60:10", text)
	}
	s := &Sweep{Path: strings.TrimSpace(path)}
	var err error
	if s.Limit, err = parseLimit(s.Path); err != nil {
		return nil, err
	}
	s.Values, err = parseRange(strings.TrimSpace(values))
	return s, err
}

// parseLimit reads a path of the config, or the short form of one.
func parseLimit(path string) (l router.Limit, _ error) {
	p := strings.Split(path, ".")
	if slices.Contains(p, "") {
		return l, unknownPath(path)
	}
	if p[0] == "lanes" || p[0] == "makes" { // at any site
		p = append([]string{"sites", router.Anywhere}, p...)
	}
	at := func(i int, words ...string) bool { return i < len(p) && slices.Contains(words, p[i]) }
	switch {
	case at(0, "sites") && at(2, "lanes") && (len(p) == 5 || len(p) == 6 && at(4, "capacity")) && at(len(p)-1, lanes.UnitParcels, lanes.UnitGrams):
		return router.Limit{Kind: lanes.KindLane, Place: p[1], Name: p[3], Unit: p[len(p)-1]}, nil
	case at(0, "sites") && at(2, "makes") && len(p) == 5 && at(4, "unitsPerDay", lanes.UnitUnits):
		return router.Limit{Kind: lanes.KindMake, Place: p[1], Name: p[3], Unit: lanes.UnitUnits}, nil
	case at(0, "lockers") && len(p) == 4 && at(3, "count"):
		return router.Limit{Kind: lanes.KindLocker, Place: p[1], Name: p[2], Unit: lanes.UnitParcels}, nil
	case at(0, "lockers") && len(p) == 5 && at(2, "sizes") && at(4, "count"):
		return router.Limit{Kind: lanes.KindLocker, Place: p[1], Name: p[3], Unit: lanes.UnitParcels}, nil
	}
	return l, unknownPath(path)
}

func unknownPath(path string) error {
	return fmt.Errorf(`%q is no limit on capacity: want one of
  lanes.LANE.parcels (or grams)                       the lane at every site
  sites.SITE.lanes.LANE.capacity.parcels (or grams)   SITE may be *
  sites.SITE.makes.CELL.unitsPerDay
  lockers.BANK.sizes.SIZE.count                       BANK may be *`, path)
}

// parseRange reads "10..60" or "10..60:10". Without a step it is chosen; the
// end of the range is always tried.
func parseRange(text string) ([]int64, error) {
	bounds, stepText, stepped := strings.Cut(text, ":")
	fromText, toText, ok := strings.Cut(bounds, "..")
	if !ok {
		return nil, fmt.Errorf("%q is no range: want FROM..TO or FROM..TO:STEP, such as 10..60:10", text)
	}
	var numbers [3]int64
	for i, part := range []string{fromText, toText, stepText} {
		if i == 2 && !stepped {
			break
		}
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil || n < 1 || n > mostUnits {
			return nil, fmt.Errorf("range %q: %q is not a whole number from 1 to %d", text, part, mostUnits)
		}
		numbers[i] = n
	}
	from, to, step := numbers[0], numbers[1], numbers[2]
	if from >= to {
		return nil, fmt.Errorf("range %q ends where it begins or before", text)
	}
	if !stepped {
		step = roundStep((to - from + usualValues - 2) / (usualValues - 1))
	}
	if n := (to-from)/step + 1; n > mostValues {
		return nil, fmt.Errorf("range %q has %d values, at most %d are tried: take a larger step", text, n, mostValues)
	}
	var values []int64
	for v := from; v < to; v += step {
		values = append(values, v)
	}
	return append(values, to), nil
}

// roundStep is the first number with one digit and zeros that is at least n.
func roundStep(n int64) int64 {
	for power := int64(1); ; power *= 10 {
		for digit := int64(1); digit < 10; digit++ {
			if digit*power >= n {
				return digit * power
			}
		}
	}
}
