// Package faults kills, freezes, wipes and cuts real processes while orders,
// cancellations and courier reports flow, and then asks the journal alone
// whether a promise was broken: every acknowledged order has one chain of
// decisions, at most one dispatch of an order is live, no slot is over its
// limit, what was cancelled stays cancelled, and Redis is what the journal
// refolds to.
//
// A round is a world of its own, made from one number: the servers, the
// traffic and the plan of faults. FAULTS_SEED is the number of the first round
// and FAULTS_ROUNDS how many there are; `make faults` runs more of them. With
// FAULTS_ONLY, the name of a kind of fault, nothing else happens.
package faults

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

const (
	// ackWait is short, so that a freeze can outlast it.
	ackWait = 2 * time.Second
	// patience bounds every wait, that for quiescence after the last fault among
	// them: only a hang outlasts it, however busy the machine.
	patience = 5 * time.Minute
	// asked bounds one question to a server, which is asked again.
	asked = 3 * time.Second
)

// TestMain is also the entry of the child processes.
func TestMain(m *testing.M) {
	if part := os.Getenv(partEnv); part != "" {
		os.Exit(play(part))
	}
	os.Exit(m.Run())
}

// TestFaults plays the rounds one after the other: they would only take each
// other's processor.
func TestFaults(t *testing.T) {
	seed, rounds := number(t, "FAULTS_SEED", 1), number(t, "FAULTS_ROUNDS", 2)
	for i := range rounds {
		t.Run(fmt.Sprintf("seed=%d", seed+i), func(t *testing.T) { newRound(t, seed+i).play() })
	}
}

func number(t *testing.T, env string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(env)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", env, err)
	}
	return n
}

// eventually asks until the answer is nil or the time is up, and returns the
// last answer.
func eventually(limit, every time.Duration, ask func() error) error {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-deadline.C:
			return err
		case <-ticker.C:
		}
	}
}
