package lanes

// Memory is what a ledger counts a region in, as far as it can be told from
// another.
type Memory struct {
	ID    string // no two at once have the same
	Epoch uint64 // id of the region's epoch in it; 0: it has none that counts
}
