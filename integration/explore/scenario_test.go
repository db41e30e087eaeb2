package explore

// kind is what a message asks for.
type kind uint8

const (
	placed kind = iota + 1
	cancel
	reject // the first dispatch
)

const maxMessages = 4

// message is one message of ORDERS or COURIER.
type message struct {
	kind  kind
	order uint8
}

// scenario is a world to start from: what is asked for and what may go wrong.
type scenario struct {
	name     string
	messages []message // numbered from 1
	regionOf [places + 1]uint8
	ranks    [routers][places]uint8 // each router's places, best first; 0: none
	left     budget
	renamed  renaming
	apart    bool           // there are two homes
	on       [routers]uint8 // the home of each router
	cold     bool           // nothing was ever rebuilt
	astray   bool           // auditors are also at work on a home that the journal does not name
}

// renaming is a change of the config by which a place is counted under another
// name: the second place is the first one again. Each router takes it for
// itself, once it finds that nothing would be out of sight.
type renaming uint8

const (
	keepsName renaming = iota + 1 // with its first name kept: `was`
	anotherName
)

var (
	onePlace  = [routers][places]uint8{{1}, {1}}
	twoPlaces = [routers][places]uint8{{1, 2}, {1, 2}}
	reranked  = [routers][places]uint8{{1, 2}, {2, 1}} // a config was changed in between
	oneRegion = [places + 1]uint8{}
	each      = [places + 1]uint8{2: 1} // place 2 lies in a region of its own

	alone = [routers]uint8{0, 1} // each with a Redis of its own

	both = []message{{placed, 0}, {placed, 1}}
)

func also(more ...message) []message { return append(both[:len(both):len(both)], more...) }

var scenarios = []scenario{
	{name: "a crash", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{crashes: 1}},
	{name: "a crash and a wipe", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{crashes: 1, wipes: 1}},
	{name: "a late router and a wipe", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{late: 1, wipes: 1}},
	{name: "a late router and a crash", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{late: 1, crashes: 1}},
	{name: "wiped again", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{wipes: 2}},
	{name: "restarted", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{restarts: 1, crashes: 1}},
	{name: "cancelled, a crash", messages: also(message{cancel, 0}), regionOf: oneRegion, ranks: onePlace, left: budget{crashes: 1}},
	{name: "cancelled, a late router", messages: also(message{cancel, 0}), regionOf: oneRegion, ranks: onePlace, left: budget{late: 1}},
	{name: "cancelled, a wipe", messages: also(message{cancel, 0}), regionOf: oneRegion, ranks: onePlace, left: budget{wipes: 1}},
	{name: "rejected, a crash", messages: also(message{reject, 0}), regionOf: oneRegion, ranks: twoPlaces, left: budget{crashes: 1}},
	{name: "rejected, a late router", messages: also(message{reject, 0}), regionOf: oneRegion, ranks: twoPlaces, left: budget{late: 1}},
	{name: "rejected, a wipe", messages: also(message{reject, 0}), regionOf: oneRegion, ranks: twoPlaces, left: budget{wipes: 1}},
	{name: "rejected, two regions, a crash", messages: also(message{reject, 0}), regionOf: each, ranks: twoPlaces, left: budget{crashes: 1}},
	{name: "config changed", messages: both, regionOf: oneRegion, ranks: reranked, left: budget{crashes: 1, late: 1}},
	{name: "renamed, first name kept", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{crashes: 1}, renamed: keepsName},
	{name: "renamed", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{crashes: 1, late: 1, stops: 1}, renamed: anotherName},
	{name: "renamed, another region", messages: both, regionOf: each, ranks: onePlace, left: budget{crashes: 1, late: 1, stops: 1}, renamed: anotherName},
	{name: "taken over", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{late: 1, unseen: 1}, apart: true, on: alone},
	{name: "moved, a late router", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{late: 1, moves: 1, unseen: 1}, apart: true},
	{name: "taken over and wiped", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{wipes: 1, unseen: 1}, apart: true, on: alone},
	{name: "there and back", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{unseen: 2}, apart: true, on: alone},
	{name: "there and back, a crash", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{moves: 2, crashes: 1}, apart: true},
	{name: "there and back, auditors stay", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{unseen: 2}, apart: true, on: alone, astray: true},
	{name: "taken over, cancelled", messages: also(message{cancel, 0}), regionOf: oneRegion, ranks: onePlace, left: budget{unseen: 1}, apart: true, on: alone},
	{name: "two at once", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{unseen: 2}, apart: true, on: alone, cold: true},
	{name: "restarted and taken over", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{restarts: 1, unseen: 2}, apart: true, on: alone},
	{name: "rebuilt twice and taken over", messages: both, regionOf: oneRegion, ranks: onePlace, left: budget{wipes: 1, unseen: 2, twice: 1}, apart: true, on: alone},
}
