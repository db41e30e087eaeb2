package faults

import (
	"fmt"
	"os"

	"github.com/nearlane/nearlane/integration/smalldisk"
)

// nodeDisk is more than a round stores, in bytes.
const nodeDisk = 128 << 20

// disk makes the next node's disk, and says where it is. Where there can be
// none of its own, nothing fills it.
func (w *world) disk() string {
	w.Helper()
	if !w.smallDisks {
		return w.dir
	}
	d, err := smalldisk.Try(w, nodeDisk)
	if err != nil {
		fmt.Fprintln(os.Stderr, "NOT TESTED what a full disk does:", err)
		return w.dir
	}
	w.disks = append(w.disks, d)
	return d.Dir
}

func (w *world) fillDisk(node int) {
	if node < len(w.disks) {
		w.disks[node].Fill()
	}
}

// freeDisk gives a node its disk back, and does what an operator has to: a
// stream that a write has failed on takes no other until its server is started
// again, and one of several servers leaves JetStream until then.
func (w *world) freeDisk(node int) {
	if node < len(w.disks) {
		w.disks[node].Free()
		w.nodes[node].kill()
		w.nodes[node].start()
	}
}
