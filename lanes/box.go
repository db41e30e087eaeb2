package lanes

import "slices"

// Box holds the three outer sides of a thing in mm. The zero Box is not
// known.
type Box [3]int64

// Known reports whether all sides are there.
func (b Box) Known() bool { return b[0] > 0 && b[1] > 0 && b[2] > 0 }

// Sorted returns the sides from short to long.
func (b Box) Sorted() Box {
	slices.Sort(b[:])
	return b
}

// FitsIn reports whether b goes into o in any rotation along the sides.
func (b Box) FitsIn(o Box) bool {
	b, o = b.Sorted(), o.Sorted()
	return b[0] <= o[0] && b[1] <= o[1] && b[2] <= o[2]
}

// Fit says whether a parcel goes into something, and if not, why.
type Fit uint8

const (
	Fits       Fit = iota
	TooBig         // in no rotation
	TooHeavy       //
	Unmeasured     // the parcel's sides are not known
)

// String returns the reason code of a misfit, "fits" otherwise.
func (f Fit) String() string {
	switch f {
	case TooBig:
		return "too_big"
	case TooHeavy:
		return "too_heavy"
	case Unmeasured:
		return "dimensions_missing"
	}
	return "fits"
}

// Room is what a courier carries or a locker takes. A zero Box or zero Grams
// does not limit.
type Room struct {
	Box   Box
	Grams int64
}

// Fit judges whether p goes into the room: its sides first, then its weight.
// It says Unmeasured only of a parcel that nothing else keeps out; whether
// that matters is for the caller to say (a locker needs to know, a bicycle
// does not).
func (r Room) Fit(p Parcel) Fit {
	limited := r.Box.Known()
	switch {
	case limited && p.Box.Known() && !p.Box.FitsIn(r.Box):
		return TooBig
	case r.Grams > 0 && p.Grams > r.Grams:
		return TooHeavy
	case limited && !p.Box.Known():
		return Unmeasured
	}
	return Fits
}
