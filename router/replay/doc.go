// Package replay puts recorded orders and cancellations through a network as
// if they came one at a time: against simulated capacity, and by a simulated
// clock that stands at the instant of each. It decides with Network.Plan, as
// the router does, and by the same rules: the first option with room is taken,
// a cancellation frees what its order claims, whoever waits is woken by that or
// looks for itself when the hour is over. Couriers accept and deliver whatever
// they are sent.
//
// Everything here is a function of its arguments: no I/O, no clock, no chance,
// no goroutine. The same network and the same inputs give the same result, byte
// for byte, once written. Nothing that publishes or reserves is within reach.
package replay
