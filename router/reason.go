package router

// Reason says why a lane or a locker did not serve an order. Its text is part
// of the contract: decisions carry it, metrics count it.
type Reason uint8

// The reasons, farthest from a dispatch first. Among several, the nearest is
// the one worth telling.
const (
	Offered Reason = iota // no reason: it was offered
	OutsideCatchment
	LocationTooCoarse
	PostcodeUnknown
	CoordinatesSwapped
	LevelUnknown
	OtherLevel
	Excluded
	OtherMethod
	NoStock
	SplitNeeded
	OverDailyOutput
	TooBig
	TooHeavy
	LockerUnknown
	LockerTooFar
	DimensionsMissing
	PastCutoff
	Closed
	ClosedByStaff
	TooLate
	OutsideWindow
	SlotFull
	reasonCount
)

var reasonTexts = [reasonCount]struct{ code, meaning string }{
	Offered:            {"", "offered"},
	OutsideCatchment:   {"outside_catchment", "no catchment of the lane holds the place"},
	LocationTooCoarse:  {"location_too_coarse", "the lane serves cells, and the order gives no place finer than a country"},
	PostcodeUnknown:    {"postcode_unknown", "the country's gazetteer has neither the postcode nor a prefix of it"},
	CoordinatesSwapped: {"coordinates_swapped", "latitude and longitude look swapped: the other way round they lie in the order's country"},
	LevelUnknown:       {"service_level_unknown", "the config has no such service level"},
	OtherLevel:         {"other_service_level", "the lane does not serve this service level"},
	Excluded:           {"excluded", "the order excludes the site, or the lane did not serve it before"},
	OtherMethod:        {"other_delivery_method", "the lane offers none of the delivery methods asked for"},
	NoStock:            {"no_stock", "the site neither stocks nor makes any line"},
	SplitNeeded:        {"split_needed", "the site covers some of the lines, not all"},
	OverDailyOutput:    {"over_daily_output", "more units than the production cell makes in a day"},
	TooBig:             {"too_big", "the parcel is larger than the courier or the compartment takes"},
	TooHeavy:           {"too_heavy", "the parcel is heavier than the courier, the block or the compartment takes"},
	LockerUnknown:      {"locker_unknown", "the lane does not fill the locker bank the shopper picked"},
	LockerTooFar:       {"locker_too_far", "no point known, or the bank is farther from it than its offer reaches"},
	DimensionsMissing:  {"dimensions_missing", "a line has no dimensions and the network no default parcel"},
	PastCutoff:         {"past_cutoff", "placed after the day's cut-off, or on a day without one"},
	Closed:             {"closed", "the site is closed at every departure that would do"},
	ClosedByStaff:      {"closed_by_staff", "staff have closed the site or the lane for every departure that would do"},
	TooLate:            {"too_late", "no departure is left that keeps the promise"},
	OutsideWindow:      {"outside_window", "no drop-off interval lies within the window asked for"},
	SlotFull:           {"full", "every slot that would do is full"},
}

// String is the reason code; empty for Offered.
func (r Reason) String() string { return reasonTexts[r].code }

// Meaning says in a few words what the code says.
func (r Reason) Meaning() string { return reasonTexts[r].meaning }

// ReasonCodes lists every reason code with its meaning, nearest last.
func ReasonCodes() [][2]string {
	all := make([][2]string, 0, reasonCount-1)
	for _, t := range reasonTexts[1:] {
		all = append(all, [2]string{t.code, t.meaning})
	}
	return all
}
