package ledger

import "testing"

// The expected values are those of CLUSTER KEYSLOT.
func TestHashSlot(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]int{"": 0, "123456789": 12739, "foo": 12182, "bar": 5061, "helsinki": 16096} {
		if got := hashSlot(region); got != want {
			t.Errorf("%q: got %d, want %d", region, got, want)
		}
	}
}
