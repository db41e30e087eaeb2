// Package reproduce makes stored decisions anew from their inputs, compares
// the two, and names what has changed in between where they differ.
//
// The inputs of a decision are the order, the instant, the exclusions, the
// network and what the ledger answered. The journal has the second, the third
// and, as far as it matters, the last of them; the order is on ORDERS and the
// network in the store of configs. Given all five, planning gives the same
// decision to the letter, which is what [Decision] checks.
//
// It does no I/O: whoever calls it brings the inputs, and says which of them
// are not those of then.
package reproduce
