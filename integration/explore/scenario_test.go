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

	both = []message{{placed, 0}, {placed, 1}}
)

func also(more ...message) []message { return append(both[:len(both):len(both)], more...) }

var scenarios = []scenario{
	{"a crash", both, oneRegion, onePlace, budget{crashes: 1}, 0},
	{"a crash and a wipe", both, oneRegion, onePlace, budget{crashes: 1, wipes: 1}, 0},
	{"a late router and a wipe", both, oneRegion, onePlace, budget{late: 1, wipes: 1}, 0},
	{"a late router and a crash", both, oneRegion, onePlace, budget{late: 1, crashes: 1}, 0},
	{"wiped again", both, oneRegion, onePlace, budget{wipes: 2}, 0},
	{"restarted", both, oneRegion, onePlace, budget{restarts: 1, crashes: 1}, 0},
	{"cancelled, a crash", also(message{cancel, 0}), oneRegion, onePlace, budget{crashes: 1}, 0},
	{"cancelled, a late router", also(message{cancel, 0}), oneRegion, onePlace, budget{late: 1}, 0},
	{"cancelled, a wipe", also(message{cancel, 0}), oneRegion, onePlace, budget{wipes: 1}, 0},
	{"rejected, a crash", also(message{reject, 0}), oneRegion, twoPlaces, budget{crashes: 1}, 0},
	{"rejected, a late router", also(message{reject, 0}), oneRegion, twoPlaces, budget{late: 1}, 0},
	{"rejected, a wipe", also(message{reject, 0}), oneRegion, twoPlaces, budget{wipes: 1}, 0},
	{"rejected, two regions, a crash", also(message{reject, 0}), each, twoPlaces, budget{crashes: 1}, 0},
	{"config changed", both, oneRegion, reranked, budget{crashes: 1, late: 1}, 0},
	{"renamed, first name kept", both, oneRegion, onePlace, budget{crashes: 1}, keepsName},
	{"renamed", both, oneRegion, onePlace, budget{crashes: 1, late: 1, stops: 1}, anotherName},
	{"renamed, another region", both, each, onePlace, budget{crashes: 1, late: 1, stops: 1}, anotherName},
}
