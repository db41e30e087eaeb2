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
}

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
	{"a crash", both, oneRegion, onePlace, budget{crashes: 1}},
	{"a crash and a wipe", both, oneRegion, onePlace, budget{crashes: 1, wipes: 1}},
	{"a late router and a wipe", both, oneRegion, onePlace, budget{late: 1, wipes: 1}},
	{"a late router and a crash", both, oneRegion, onePlace, budget{late: 1, crashes: 1}},
	{"wiped again", both, oneRegion, onePlace, budget{wipes: 2}},
	{"restarted", both, oneRegion, onePlace, budget{restarts: 1, crashes: 1}},
	{"cancelled, a crash", also(message{cancel, 0}), oneRegion, onePlace, budget{crashes: 1}},
	{"cancelled, a late router", also(message{cancel, 0}), oneRegion, onePlace, budget{late: 1}},
	{"cancelled, a wipe", also(message{cancel, 0}), oneRegion, onePlace, budget{wipes: 1}},
	{"rejected, a crash", also(message{reject, 0}), oneRegion, twoPlaces, budget{crashes: 1}},
	{"rejected, a late router", also(message{reject, 0}), oneRegion, twoPlaces, budget{late: 1}},
	{"rejected, a wipe", also(message{reject, 0}), oneRegion, twoPlaces, budget{wipes: 1}},
	{"rejected, two regions, a crash", also(message{reject, 0}), each, twoPlaces, budget{crashes: 1}},
	{"config changed", both, oneRegion, reranked, budget{crashes: 1, late: 1}},
}
