package ledger

import (
	"errors"
	"maps"
	"testing"
)

func TestFactsRefuseAServer(t *testing.T) {
	t.Parallel()
	good := facts{"redis_version": "7.0.15", "run_id": "a", "master_replid": "b", "maxmemory_policy": "noeviction"}
	if err := good.check("x:1"); err != nil {
		t.Fatalf("good server: %v", err)
	}
	for _, c := range []struct {
		field, value string
		want         error
	}{
		{"redis_version", "6.2.14", ErrTooOld},
		{"redis_version", "", ErrTooOld},
		{"run_id", "", ErrUnsafe},
		{"master_replid", "", ErrUnsafe},
		{"maxmemory_policy", "volatile-lru", ErrUnsafe},
	} {
		f := maps.Clone(good)
		f[c.field] = c.value
		if err := f.check("x:1"); !errors.Is(err, c.want) {
			t.Errorf("%s %q: got %v, want %v", c.field, c.value, err, c.want)
		}
	}
}
