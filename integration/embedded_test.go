package integration

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// served stands for servers that a process runs inside itself.
type served string

func (s served) URL() string { return string(s) }
func (s served) Shutdown()   {}

// On the embedded default, Redis is empty at every start: the process refolds
// its journal before it reserves anything, and the limits hold across starts.
func TestEmbeddedDefaultAcrossStarts(t *testing.T) {
	t.Parallel()
	w := &world{TB: t, setting: setting{network: twoRegions, replicas: 1, ackWait: never}, net: build(t, twoRegions)}
	p := &process{w: w, path: filepath.Join(t.TempDir(), "nearlane.yaml")}
	port := freePort(t)
	text := twoRegions + fmt.Sprintf("\ndataDir: ./data\nhttp: {listen: 127.0.0.1:0}\nnats: {listen: 127.0.0.1:%s}\n", port)
	if err := os.WriteFile(p.path, []byte(text), 0o600); err != nil {
		t.Fatalf("write config: %v", err)
	}
	for round, n := range []int{100, 100, 300, 300} {
		p.start("") // the name is kept in the data folder
		w.eventually("the process is ready", p.isReady)
		w.nats, w.ledger = served(p.NATSURL()), p.Ledger
		w.look()
		w.check() // Redis is what the journal says, before the first order
		w.publish(orders(n, fmt.Sprintf("round-%d", round))...)
		w.drained(durable)
		w.check()
		if round == 3 {
			break
		}
		p.stop()
	}
	a := w.check()
	a.wantOutcomes(t, 620, 180)
	names := map[string]bool{}
	for _, chain := range a.decisions {
		names[chain[0].Decision.DecidedBy] = true
	}
	if len(names) != 1 {
		t.Errorf("got decisions by routers %v, want one lasting name", names)
	}
}
