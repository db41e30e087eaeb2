// Package routetest runs tables of routing tests: orders, instants and what is
// full, and where each order has to go. It asks the very Network.Plan that the
// server asks, and does nothing else: no NATS, no Redis, no clock.
//
// It keeps one invariant: a [Suite] exists only if nothing is wrong with its
// file. A site or a reason that the network does not have would otherwise be a
// test that passes for the wrong reason; it is a config.Finding, with file,
// line and column.
//
// # The file
//
// One YAML document, as strict as a config:
//
//	zone: Europe/Helsinki             # of times without one; default: the zone that all regions share
//	defaults:                         # of every case that does not say otherwise; all keys of a case
//	  at: 2026-08-04 09:30            # but name, order, full, taken and expect
//	  country: FI
//	  lines: [mug-blue]
//	cases:
//	  - name: a mug in Kallio goes by bike
//	    at: "09:30"                   # when it is planned: RFC 3339, or local; a time alone is on
//	                                  # the day of the default
//	    placedAt: "09:10"             # when it was placed; default: at
//	    to: {lat: 60.1842, lng: 24.9497} # or {postalCode: "00530"} or {cell: 891126d0613ffff}
//	    country: FI
//	    lines:                        # skus, or what is known of them
//	      - mug-blue
//	      - {sku: figure-cat, quantity: 2, grams: 350, mm: [100, 80, 90]}
//	    serviceLevel: same_day        # default: the network's, as for all that an order may leave out
//	    deliveryMethods: [locker, courier]
//	    lockerId: sornainen
//	    window: {start: "10:00", end: "14:00"}
//	    excludedSites: [pasila]
//	    fallback: false               # the order forbids another level
//	    full: [kallio/bike]           # nothing is left there; see below
//	    taken: {"lane/kallio/bike:2026-08-04T10:00:parcels": 8}
//	    expect:                       # at least one
//	      site: kallio
//	      lane: kallio/bike           # or bike alone
//	      level: same_day
//	      method: courier
//	      courier: pyora
//	      locker: sornainen           # or sornainen/S
//	      slot: "10:00"               # the departure's start, or the id of any slot that is claimed
//	      promise: "12:00"            # by when it is delivered
//	      reason: full                # the first of the decision's reasons: why the level asked for
//	                                  # was not kept, or why the order is unroutable
//	      unroutable: true            # or waits: true; without either, the order has to be dispatched
//	      not: [pasila, toolo/bike]   # sites and lanes it must not go to; as a mapping,
//	                                  # with the reason each must have: {works/bike: no_stock}
//	  - name: an order as the shop sends it
//	    order: order.json             # instead of the keys from to to fallback; planned when it was placed
//	    expect: {lane: kallio/bike}
//
// What is full is a lane (kallio/bike), all lanes of a site (kallio), a
// production cell (make/vallila-works/resin), a locker bank or one of its sizes
// (locker/sornainen, locker/sornainen/S), each also for one day or departure
// (kallio/bike:2026-08-04, kallio/bike:2026-08-04T10:00). All other slots are
// empty.
//
// # Coverage
//
// What a network consists of, for [Coverage], is each lane's catchment, each
// lane, each fallback of a service level, each production cell, each locker
// bank and each service level. A catchment is reached when it holds the place
// of an order, everything else when an order is dispatched by it. The
// percentage is of the reached among all of these, each counting once. Cases
// that fail count as well: coverage says where tests look.
package routetest
