package faults

import (
	"os"
	"path/filepath"

	"github.com/nearlane/nearlane/event"
)

// harm takes the blocks of the journal from one NATS node, and puts them back: a
// backup that lacks nothing, because nobody stores anything on a journal that
// has lost its end. Of three nodes, the other two have what this one lacks, and
// it gets that from them: there is nothing to put back.
type harm struct {
	*round
	node  *process
	store string // the node's folder of the stream
	aside string // where it is kept
}

func (r *round) harm(node int) *harm {
	name := r.nodes[node].name
	return &harm{round: r, node: r.nodes[node], aside: filepath.Join(r.dir, name+"-backup"),
		store: filepath.Join(r.dir, name, "jetstream", "$G", "streams", event.StreamDispatch)}
}

func (h *harm) begin() {
	h.node.whileDown(func() {
		if err := os.CopyFS(h.aside, os.DirFS(h.store)); err != nil {
			h.Errorf("keep the journal aside: %v", err)
			return
		}
		blocks, _ := filepath.Glob(filepath.Join(h.store, "msgs", "*"))
		for _, path := range blocks {
			if err := os.Remove(path); err != nil {
				h.Errorf("lose a block: %v", err)
			}
		}
	})
	h.node.start()
}

func (h *harm) end() {
	if h.setting.nodes > 1 {
		return
	}
	h.node.whileDown(func() {
		if err := os.RemoveAll(h.store); err == nil {
			err = os.Rename(h.aside, h.store)
			if err != nil {
				h.Errorf("put the journal back: %v", err)
			}
		}
	})
	h.node.start()
}
