package main

import (
	"os"
	"runtime/debug"
)

// headroom is how much garbage there may be for what is in use, in percent.
// Nearly all that routing an order allocates is garbage a moment later, so a
// router, which keeps little, would otherwise spend a quarter of its time on
// collecting it.
const headroom = 400

// collectSeldom sets the headroom, unless the operator has said something else
// by GOGC. A limit by GOMEMLIMIT holds either way.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(headroom)
	}
}
