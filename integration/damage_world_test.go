package integration

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
)

// blockBytes is the size of a block of the journal, as nats-server makes them
// for a stream of at most four of them.
const blockBytes = 4 << 20

// past is a data folder that a stopped process has left: a journal of three
// blocks, with orders in each of them.
type past struct {
	*world
	dir string
}

const pastOrders = 30 // of them in each block

// newPast routes orders into three blocks, and stops.
func newPast(t *testing.T, ackWait time.Duration) *past {
	t.Helper()
	w := &world{TB: t, setting: setting{network: twoRegions, replicas: 1, ackWait: ackWait}, net: build(t, twoRegions)}
	h := &past{w, t.TempDir()}
	p := &process{w: w, path: h.config(h.dir)}
	p.start("")
	w.eventually("the process is ready", p.isReady)
	w.nats, w.ledger = served(p.NATSURL()), p.Ledger
	w.look()
	for block := range 3 {
		if block > 0 {
			h.fill()
		}
		w.publish(orders(pastOrders, fmt.Sprintf("block-%d", block+1))...)
		w.drained(durable)
	}
	p.stop()
	if got := len(h.blocks(h.dir)); got != 3 {
		t.Fatalf("got %d blocks, want 3", got)
	}
	return h
}

// fill takes up the rest of a block with records that mean nothing to anybody.
func (h *past) fill() {
	h.Helper()
	const each = 512 << 10
	for range blockBytes / each {
		nobodys := event.Message{Subject: "fence.v1.%", Data: make([]byte, each)}
		if _, err := h.journal.Commit(context.Background(), []event.Message{nobodys}); err != nil {
			h.Fatalf("fill: %v", err)
		}
	}
}

// config is the path of a config with that data folder, and servers inside the
// process.
func (h *past) config(dir string) string {
	h.Helper()
	path := filepath.Join(h.TempDir(), "nearlane.yaml")
	text := h.network + fmt.Sprintf("\ndataDir: %s\nhttp: {listen: 127.0.0.1:0}\nnats: {listen: 127.0.0.1:%s, maxBytes: {dispatch: 16MiB}}\n", dir, freePort(h))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.Fatalf("write config: %v", err)
	}
	return path
}

// copy is the data folder once more, damaged.
func (h *past) copy(damage func(dir string)) (dir string) {
	h.Helper()
	dir = filepath.Join(h.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(h.dir)); err != nil {
		h.Fatalf("copy the data folder: %v", err)
	}
	damage(dir)
	return dir
}

// copyNATS is the folder of a NATS server once more, damaged.
func (h *past) copyNATS(from string, damage func(dir string)) string {
	h.Helper()
	dir := h.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "nats"), os.DirFS(from)); err != nil {
		h.Fatalf("copy the folder of nats: %v", err)
	}
	damage(dir)
	return filepath.Join(dir, "nats")
}

// open starts what a process is made of on a data folder, and does not route.
func (h *past) open(dir string, accept bool) (*app.App, error) {
	h.Helper()
	path := h.config(dir)
	loaded, found := config.Load(path, config.Options{})
	if loaded == nil {
		h.Fatalf("load config:\n%s", found.Format())
	}
	return app.Open(context.Background(), app.Options{Config: loaded, Path: path, Now: stoppedClock, AckWait: h.ackWait, AcceptLoss: accept})
}

func journalFolder(dir string) string {
	return filepath.Join(dir, "nats", "jetstream", "$G", "streams", event.StreamDispatch, "msgs")
}

// blocks lists the files that hold the journal, oldest first.
func (h *past) blocks(dir string) []string {
	h.Helper()
	list, err := filepath.Glob(filepath.Join(journalFolder(dir), "*.blk"))
	if err != nil {
		h.Fatal(err)
	}
	number := func(path string) int {
		n, _ := strconv.Atoi(strings.TrimSuffix(filepath.Base(path), ".blk"))
		return n
	}
	slices.SortFunc(list, func(a, b string) int { return number(a) - number(b) })
	return list
}

// block damages one block, the last one with -1.
func (h *past) block(i int, damage func([]byte) []byte) func(dir string) {
	return func(dir string) {
		list := h.blocks(dir)
		path := list[(i+len(list))%len(list)]
		data, err := os.ReadFile(path)
		if err != nil {
			h.Fatalf("damage a block: %v", err)
		}
		if data = damage(data); data == nil {
			err = os.Remove(path)
		} else {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			h.Fatalf("damage a block: %v", err)
		}
	}
}

// and does two damages, or more.
func and(damages ...func(dir string)) func(dir string) {
	return func(dir string) {
		for _, damage := range damages {
			damage(dir)
		}
	}
}

// unindexed takes away what the server knows of its blocks, as if it had died
// before it wrote that.
func unindexed(dir string) { _ = os.Remove(filepath.Join(journalFolder(dir), "index.db")) }

// unremembered takes away what is remembered of the journal in the data folder.
func unremembered(dir string) { _ = os.Remove(filepath.Join(dir, app.MemoryFile)) }

// lostEverything takes away all that NATS has of the journal.
func lostEverything(dir string) { _ = os.RemoveAll(filepath.Dir(journalFolder(dir))) }

func deleted([]byte) []byte     { return nil }
func zeroed(data []byte) []byte { clear(data); return data }
func halved(data []byte) []byte { return data[:len(data)/2] }

// bitFlipped damages the first decision of a block, in the middle of it.
func bitFlipped(data []byte) []byte {
	for at := 0; at+22 < len(data); {
		length := int(binary.LittleEndian.Uint32(data[at:]) &^ (1 << 31))
		subject := int(binary.LittleEndian.Uint16(data[at+20:]))
		if strings.HasPrefix(string(data[at+22:at+22+subject]), "decision.") {
			data[at+length/2] ^= 1
			return data
		}
		at += length
	}
	panic("no decision in the block")
}
