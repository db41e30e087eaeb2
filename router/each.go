package router

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// share is how many orders a processor takes at a time.
const share = 16

// each does something for every index below n, on all processors, and returns
// when all of it is done. The servers have nothing to do for this router while
// it decodes, plans and encodes, so it may take what they leave. A small batch
// stays on one: starting others would take longer than it does.
func each(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n/share)
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
