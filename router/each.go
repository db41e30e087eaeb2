package router

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// share is how many orders a processor takes at a time.
const share = 16

// each does something for every index below n, on all processors, and returns
// when all of it is done: it is for what the servers have to wait for. A small
// batch stays on one: starting others would take longer than it does.
func each(n int, do func(i int)) { eachOn(runtime.GOMAXPROCS(0), n, do) }

// eachAside is each for what nobody waits for yet. It leaves a processor to the
// batch in hand, whose next answer would not be noticed otherwise.
func eachAside(n int, do func(i int)) { eachOn(runtime.GOMAXPROCS(0)-1, n, do) }

func eachOn(processors, n int, do func(i int)) {
	workers := min(processors, n/share)
	if workers < 2 {
		for i := range n {
			do(i)
		}
		return
	}
	var taken atomic.Int64
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for {
				from := int(taken.Add(share)) - share
				if from >= n {
					return
				}
				for i := from; i < min(from+share, n); i++ {
					do(i)
				}
			}
		})
	}
	working.Wait()
}
