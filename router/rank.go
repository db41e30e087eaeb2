package router

import (
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// choice is an option before anything is written out of it: small, because
// hundreds are weighed and only the best few told. What can be worked out
// again is not in it.
type choice struct {
	keys    [4]int64 // in the order of the network's rank; smaller is better
	leave   *lanes.Departure
	verdict int32 // whose offer it is
	ready   int32 // how the goods get ready
	size    int16 // of the locker compartment, smallest first
	method  int16 // into Plan.methods
}

// drawn is a choice whose turn has come.
type drawn struct {
	choice
	fallback int // how many levels the order had fallen back from
}

// measure is what a choice is ranked by.
type measure struct {
	promise int64 // whole minutes: nobody keeps a promise to the second
	method  int64
	cost    int64
	metres  int64
}

func (n *Network) keys(m *measure) (keys [4]int64) {
	for i, key := range n.rank {
		switch key {
		case config.RankPromise:
			keys[i] = m.promise
		case config.RankMethod:
			keys[i] = m.method
		case config.RankCost:
			keys[i] = m.cost
		case config.RankDistance:
			keys[i] = m.metres
		}
	}
	return keys
}

// A Plan keeps its choices as a binary heap, best first: only what is taken
// gets sorted.

// heapify makes a heap of the choices.
func (p *Plan) heapify() {
	for i := len(p.choices)/2 - 1; i >= 0; i-- {
		p.sink(i)
	}
}

// pop takes the best choice off the heap.
func (p *Plan) pop() choice {
	best, last := p.choices[0], len(p.choices)-1
	p.choices[0] = p.choices[last]
	p.choices = p.choices[:last]
	p.sink(0)
	return best
}

// sink moves the choice at i down to where no choice below it is better.
func (p *Plan) sink(i int) {
	for n := len(p.choices); ; {
		best := i
		for child := 2*i + 1; child < n && child <= 2*i+2; child++ {
			if p.less(&p.choices[child], &p.choices[best]) {
				best = child
			}
		}
		if best == i {
			return
		}
		p.choices[i], p.choices[best] = p.choices[best], p.choices[i]
		i = best
	}
}

// less is the ranking: the network's keys, then site, lane and slot id, then
// whatever else makes two options differ, so that no two are ever equal.
func (p *Plan) less(a, b *choice) bool {
	for i := range a.keys {
		if a.keys[i] != b.keys[i] {
			return a.keys[i] < b.keys[i]
		}
	}
	va, vb := &p.verdicts[a.verdict], &p.verdicts[b.verdict]
	switch {
	case va.lane != vb.lane: // lanes are numbered by site and id
		return va.lane < vb.lane
	case a.leave.Start != b.leave.Start:
		return a.leave.Start < b.leave.Start
	case va.bank != vb.bank:
		return va.bank < vb.bank
	case a.size != b.size:
		return a.size < b.size
	}
	return a.ready < b.ready
}
