package pace

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"github.com/google/pprof/profile"
	"github.com/nats-io/nats-server/v2/server"
)

// profileName is the file in a node's folder that its processor profile is in,
// from SIGUSR1 to its end.
const profileName = "cpu.pprof"

// serveAccounts is a single NATS server with an account, and a user of the same
// name and password, for each of some partitions.
func (p part) serveAccounts(ctx context.Context) error {
	var accounts strings.Builder
	for _, a := range p.Accounts {
		fmt.Fprintf(&accounts, "%s {jetstream: enabled, users: [{user: %s, password: %s}]}\n", a, a, a)
	}
	o := &server.Options{}
	if err := o.ProcessConfigString("jetstream {max_file_store: 1TB}\naccounts {\n" + accounts.String() + "}\n"); err != nil {
		return err
	}
	o.ServerName, o.Host, o.Port, o.StoreDir, o.SyncAlways, o.NoSigs, o.NoLog = p.Node, "127.0.0.1", p.Port, p.Dir, p.Fsync, true, true
	s, err := server.NewServer(o)
	if err != nil {
		return err
	}
	s.Start()
	begin := make(chan os.Signal, 1)
	signal.Notify(begin, syscall.SIGUSR1)
	select {
	case <-begin:
		f, err := os.Create(filepath.Join(p.Dir, profileName))
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		<-ctx.Done()
		pprof.StopCPUProfile()
	case <-ctx.Done():
	}
	s.Shutdown()
	s.WaitForShutdown()
	return nil
}

// streamTimes is the processor time of each stream's own goroutine, by account
// and stream. NATS labels it, and with it those that it starts.
func streamTimes(dir string) (map[string]time.Duration, error) {
	f, err := os.Open(filepath.Join(dir, profileName))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	read, err := profile.Parse(f)
	if err != nil {
		return nil, err
	}
	times := map[string]time.Duration{}
	for _, s := range read.Sample {
		if through(s, "internalLoop") {
			times[strings.Join(append(s.Label["account"], s.Label["stream"]...), " ")] += time.Duration(s.Value[len(s.Value)-1])
		}
	}
	return times, nil
}

// through reports whether a sample was taken in a method or below it.
func through(s *profile.Sample, method string) bool {
	for _, at := range s.Location {
		for _, line := range at.Line {
			if strings.HasSuffix(line.Function.Name, "."+method) {
				return true
			}
		}
	}
	return false
}
