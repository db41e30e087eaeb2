package lint

import "github.com/nearlane/nearlane/config"

// Codes of findings. They are stable, so that a CI job may branch on them.
const (
	Overlap           = "overlap"
	Gap               = "gap"
	FallbackGap       = "fallback_gap"
	LostArea          = "lost_area"
	LostPart          = "lost_part"
	IdleMinus         = "idle_minus"
	FarCatchment      = "far_catchment"
	NeverInTime       = "never_in_time"
	NeverServed       = "never_served"
	UselessDeparture  = "useless_departure"
	ClosedWeekday     = "closed_weekday"
	NoDeparture       = "no_departure"
	Shut              = "site_shut"
	MadeTooLate       = "made_too_late"
	CutoffLate        = "cutoff_late"
	CutoffNoDeparture = "cutoff_no_departure"
	HolidaysEnd       = "holidays_end"
	HolidaysIgnored   = "holidays_ignored"
	PastHoliday       = "past_holiday"
	PastClosed        = "past_closed"
	NeverMade         = "never_made"
	StrandedSKU       = "stranded_sku"
	RedundantSKU      = "redundant_sku"
	LockerUnserved    = "locker_unserved"
	LockerApart       = "locker_apart"
	SizeOrder         = "size_order"
	SizeIdle          = "size_idle"
	DefaultTooBig     = "default_too_big"
	NoDefaultParcel   = "no_default_parcel"
	IdleLimit         = "idle_limit"
	HeavyParcel       = "heavy_parcel"
	NoCost            = "no_cost"
	LateAnswer        = "late_answer"
)

// Rules lists the codes of Lint's findings.
func Rules() []config.Rule {
	const warning, note = config.Warning, config.Note
	return []config.Rule{
		{Code: Overlap, Severity: warning, Meaning: "two lanes of a level serve the same addresses, and nothing in rank tells them apart",
			Help: "The lane whose id comes first gets every order until it is full. Give the two different costs, add distance to rank, or cut one catchment out of the other by minus."},
		{Code: Gap, Severity: warning, Meaning: "cells in the middle of what a level serves that no lane of it serves",
			Help: "Widen a catchment around them. If nobody is to be served there, take them out by minus: that says so. Holes of more than 500 cells are taken for open country."},
		{Code: FallbackGap, Severity: note, Meaning: "a level serves where its fallback does not",
			Help: "An order there is unroutable as soon as the level fails. Widen the catchments of the fallback, if that is not meant."},
		{Code: LostArea, Severity: warning, Meaning: "a polygon is much larger than its cells at this resolution",
			Help: "With containment center a cell belongs to the polygon that holds its centre, so that narrow and small polygons lose most. Draw the polygon larger, or use containment overlapping or a finer grid."},
		{Code: LostPart, Severity: warning, Meaning: "a part of a shape is too small for any cell",
			Help: "Nobody is served there. Draw the part larger, or use containment overlapping or a finer grid."},
		{Code: IdleMinus, Severity: note, Meaning: "a minus that takes nothing away",
			Help: "It lies outside of the catchment: check which shape is meant, or delete it."},
		{Code: FarCatchment, Severity: warning, Meaning: "a lane with blocks serves only what is more than 100 km away",
			Help: "Check which shape is meant, and the coordinates of the site."},
		{Code: NeverInTime, Severity: warning, Meaning: "a lane that no order of the level can ever go by",
			Help: "Whenever an order is placed, either it is not ready (handling, lead, closesBefore), or what it could go by arrives after the promise. Take the level off the lane, or change the times."},
		{Code: NeverServed, Severity: warning, Meaning: "cells that a level serves in name only",
			Help: "The one lane of the level there is one that no order can go by. Mend it, or let another lane serve them."},
		{Code: UselessDeparture, Severity: warning, Meaning: "a block or collection that no order can catch and be in time",
			Help: "It begins before anything can be ready for it, or arrives after every promise of the lane. Move it or delete it."},
		{Code: ClosedWeekday, Severity: warning, Meaning: "a block or collection that never leaves on some of its weekdays",
			Help: "The site is not open at its start on these days. Take them out of the entry, or extend the hours."},
		{Code: NoDeparture, Severity: warning, Meaning: "a lane that does not leave in the next 14 days",
			Help: "Its blocks, the opening hours, closed days and holidays leave it no day. Check which of them is wrong."},
		{Code: Shut, Severity: warning, Meaning: "a site that is not open in the next 14 days",
			Help: "Check its hours, its closed days and the holidays of its region."},
		{Code: MadeTooLate, Severity: warning, Meaning: "production whose lead leaves no lane of the site in time",
			Help: "Lead and handling count in opening hours. Shorten the lead, or give the site a lane with a longer promise."},
		{Code: CutoffLate, Severity: warning, Meaning: "a cut-off after the last order that any lane can take",
			Help: "Shoppers are promised what nobody keeps. Make the cut-off earlier, or add a later block."},
		{Code: CutoffNoDeparture, Severity: warning, Meaning: "a cut-off on a weekday on which nothing leaves in time",
			Help: "Take the weekday out of the cut-off, so that its orders fall back at once, or let a lane leave on it."},
		{Code: HolidaysEnd, Severity: warning, Meaning: "a list of holidays that ends within 30 days, or has ended",
			Help: "Add the days of the coming year: what is not listed is a working day."},
		{Code: HolidaysIgnored, Severity: note, Meaning: "opening hours that do not mention public holidays",
			Help: "The site is open on them as on any other day. Add \"; PH off\" or their hours."},
		{Code: PastHoliday, Severity: note, Meaning: "holidays of a year gone by",
			Help: "They no longer matter: delete them."},
		{Code: PastClosed, Severity: note, Meaning: "a closed day that is over for more than 14 days",
			Help: "It no longer matters: delete it."},
		{Code: NeverMade, Severity: warning, Meaning: "a sku that is never made, because stock or another cell goes first",
			Help: "Stock goes before production, and cells are asked in the order of their ids. Let one of them have the sku."},
		{Code: StrandedSKU, Severity: warning, Meaning: "a sku that only sites have from which nothing leaves in time",
			Help: "Every order with it is unroutable. Give the site a lane that keeps its promise, or stock the sku elsewhere."},
		{Code: RedundantSKU, Severity: note, Meaning: "a pattern of skus that another one of the list stands for",
			Help: "It changes nothing: delete it, or narrow the other one."},
		{Code: LockerUnserved, Severity: warning, Meaning: "a bank of lockers that is filled only by lanes that never leave in time",
			Help: "Let another lane fill it, or mend those that do."},
		{Code: LockerApart, Severity: warning, Meaning: "a bank of lockers that is offered only where none of its lanes serve",
			Help: "A bank is offered to addresses within offer.withinKm that lie in the lane's catchment: here, there are none. Only a shopper who picks it by name gets it, if that."},
		{Code: SizeOrder, Severity: warning, Meaning: "a size of compartment behind one that takes all that it takes",
			Help: "Sizes are tried in the order in which they are listed: list them from small to large, or small parcels take the large compartments."},
		{Code: SizeIdle, Severity: note, Meaning: "a size of compartment that no parcel needs",
			Help: "All that the couriers of the bank carry fits a smaller one: it serves for when those are full."},
		{Code: DefaultTooBig, Severity: warning, Meaning: "a courier or a bank of lockers that has no room for the default parcel",
			Help: "Lines without dimensions count as defaults.parcel: orders with one never go this way."},
		{Code: NoDefaultParcel, Severity: note, Meaning: "lockers without a default parcel",
			Help: "An order with a line without dimensions fits no locker. Set defaults.parcel to what a usual line measures."},
		{Code: IdleLimit, Severity: note, Meaning: "a limit in grams that so many parcels never reach",
			Help: "Parcels run out first, whatever they weigh. Lower it, or delete it."},
		{Code: HeavyParcel, Severity: note, Meaning: "a limit in grams below what one parcel of the courier may weigh",
			Help: "The heaviest parcels of the courier never go by this lane, even if it is empty."},
		{Code: NoCost, Severity: note, Meaning: "a lane without a cost among others that have one",
			Help: "It is the cheapest wherever others have a cost. Write {perParcel: 0} if it is."},
		{Code: LateAnswer, Severity: note, Meaning: "a courier that may answer after the block has begun",
			Help: "Orders that come last are routed anew only when their block is under way. Shorten acceptWithin, or raise closesBefore."},
	}
}
