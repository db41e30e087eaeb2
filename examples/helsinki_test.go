package examples

import (
	"testing"

	"github.com/nearlane/nearlane/config"
)

func TestNetworks(t *testing.T) {
	t.Parallel()
	getenv := func(name string) (string, bool) {
		value, ok := map[string]string{
			"NEARLANE_NATS_URL":   "nats://nearlane:secret@nats:4222",
			"NEARLANE_REDIS_URL":  "redis://:secret@redis:6379/0",
			"NEARLANE_DIGEST_KEY": "0123456789abcdef0123456789abcdef",
		}[name]
		return value, ok
	}
	for _, file := range []string{"helsinki/nearlane.yaml", "../deploy/nearlane.yaml"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			_, findings := config.Load(file, config.Options{Getenv: getenv})
			for _, f := range findings {
				t.Error(f)
			}
		})
	}
}
