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
	node   *process
	blocks string // the folder with the node's blocks of the journal
	aside  string // where they are kept, on the same disk: it may be full
}

func (r *round) harm(node int) *harm {
	dir := r.nodeDirs[node]
	return &harm{round: r, node: r.nodes[node], aside: filepath.Join(dir, "aside"),
		blocks: filepath.Join(dir, "jetstream", "$G", "streams", event.StreamDispatch, "msgs")}
}

func (h *harm) begin() {
	h.node.whileDown(func() {
		if err := os.Rename(h.blocks, h.aside); err != nil {
			h.Errorf("lose the blocks: %v", err)
		}
	})
	h.node.start()
}

func (h *harm) end() {
	if h.setting.nodes > 1 {
		return
	}
	h.node.whileDown(func() {
		err := os.RemoveAll(h.blocks)
		if err == nil {
			err = os.Rename(h.aside, h.blocks)
		}
		if err != nil {
			h.Errorf("put the blocks back: %v", err)
		}
	})
	h.node.start()
}
