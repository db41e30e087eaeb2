package explore

// The size of the world. Capacity is one everywhere.
const (
	orders   = 2
	places   = 2
	regions  = 2
	routers  = 2
	homes    = 2 // Redis servers, from 0; most scenarios have one
	auditors = 2 // that rebuild, from 0; most scenarios have one
	maxChain = 5 // decisions per order; paths that need more (void after void) are cut, and counted
)

// outcome of a decision; 0: there is none.
type outcome uint8

const (
	dispatched outcome = iota + 1
	unroutable
	cancelled
	void
)

// decision is what the journal keeps. Its sequence is its place in the chain
// of its order: sequences are only ever compared within one subject, so the
// stream's own numbers would only multiply the states.
type decision struct {
	outcome  outcome
	place    uint8 // claimed; 0: none
	epoch    uint8 // of the grant
	freed    uint8 // the place that it replaces (J2)
	dispatch uint8 // in force; the attempt is its identity
	attempt  uint8
}

// chain is the decisions of one order.
type chain struct {
	n  uint8
	at [maxChain + 1]decision // at[0] is no decision
}

func (c *chain) last() decision { return c.at[c.n] }

// state is all there is: what the server remembers, the journal, what couriers
// were told, and where every process stands. It is comparable, and one value
// is one state.
type state struct {
	memory  [homes]memory
	chains  [orders]chain
	epochs  [regions]record         // the last ones on epoch.v1.<region>
	fences  [routers]uint8          // records on fence.v1.<router>
	told    [orders][maxChain]uint8 // per dispatch: requested minus withdrawn
	acked   [maxMessages + 1]bool
	taken   [maxMessages + 1]bool // delivered before
	routers [routers]process
	rebuild [auditors]rebuild
	sweep   sweep
	left    budget
	renamed [routers]bool  // it has the config in which the place has another name
	gone    [routers]bool  // it was stopped
	on      [routers]uint8 // the home that it is connected to
	lives   [homes]uint8   // how often it was restarted: each life is another memory (E6)
}

// budget is how often each mishap may still happen.
type budget struct {
	wipes, restarts, crashes, late, stops uint8
	moves                                 uint8 // a router is started anew on the other home
	unseen                                uint8 // a home is rebuilt though somebody runs on the other: PRESENCE did not show it
	twice                                 uint8 // two auditors rebuild the same
}

// at is where a router stands in its work on one message.
type at uint8

const (
	idle at = iota
	learning
	basing // settling the basis (S1)
	reserving
	committing
	refencing
	reading // the epochs that the journal ends with (E6)
	looking // at the home, whether it is the one they name
	settling
)

// process is a router at work on one message.
type process struct {
	at       at
	message  uint8
	again    bool // redelivered
	renamed  bool // as the router's config was when it took the message
	basis    uint8
	attempt  uint8
	excluded uint8 // a place
	full     uint8 // regions that were full, as bits
	touched  uint8 // regions where it may hold something
	region   uint8 // of the call in flight
	close    outcome
	place    uint8
	epoch    uint8
	fence    uint8
	out      bool            // nothing is taken before it stands again
	found    uint8           // the fence as read, not adopted yet
	seen     [regions]record // as read
}

// rebuild is an auditor at work on E2 to E4.
type rebuild struct {
	at            uint8 // 0 idle, 1 raising, 2 reading, 3.. settling the orders, then ending; with two homes also those below
	auditor, home uint8
	region        uint8
	token         uint8
	epoch         uint8
	read          [orders]uint8 // the journal as it was read: how long each chain was
	looked        uint8         // the epoch that was seen
	past          uint8         // that another memory had last; 0: none
}

// record is the last epoch of a region, and the memory that it names.
type record struct{ epoch, in uint8 }

const (
	raising      = 1
	rereading    = 2
	restoring    = 3 // order 0; the next order is one more
	finalisation = restoring + orders
	beginning    = finalisation + 1
	dropping     = finalisation + 2
	storing      = finalisation + 3
)

// sweep is an auditor at work on A2.
type sweep struct {
	at     uint8 // 0 idle, 1 reading the leader, 2 deciding, 3 clearing the mark
	home   uint8
	region uint8
	order  uint8
	open   bool // it saw an open part, with
	basis  uint8
	read   uint8 // the last decision, as read
}
