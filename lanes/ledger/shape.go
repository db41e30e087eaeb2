package ledger

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// surveyTimeout bounds the question to one node of a cluster. Those that are
// down keep the others waiting no longer.
const surveyTimeout = time.Second

// shape is which master keeps each hash slot, out of what several nodes of a
// cluster say. They disagree for a while after a failover; the rule by which
// they come to agree decides here at once: of two masters that claim a slot,
// the one with the later configuration has it.
// Source: Redis Cluster specification, "Hash slots configuration propagation".
type shape struct {
	known  []string // addresses of all nodes, replicas included
	claims [hashSlots]claim
}

// claim is that a master keeps a hash slot; without an address nobody does.
type claim struct {
	addr  string
	epoch uint64 // of the master's configuration
}

// keeping is a range of hash slots, both ends included, with one master.
type keeping struct {
	from, to int
	addr     string
}

// spans are the runs of hash slots that one master keeps, in order. Those that
// nobody keeps are in none.
func (s *shape) spans() []keeping {
	var list []keeping
	for slot, c := range s.claims {
		switch last := len(list) - 1; {
		case c.addr == "":
		case last >= 0 && list[last].addr == c.addr && list[last].to == slot-1:
			list[last].to = slot
		default:
			list = append(list, keeping{slot, slot, c.addr})
		}
	}
	return list
}

// add takes in what one node says: its answer to CLUSTER NODES. host is where
// it was asked, for a node that does not know its own address.
func (s *shape) add(nodes, host string) error {
	for line := range strings.Lines(nodes) {
		// id ip:port@cport[,hostname] flags master ping pong config-epoch link-state slot...
		columns := strings.Fields(line)
		if len(columns) < 8 {
			return fmt.Errorf("read CLUSTER NODES: %q has %d columns, want at least 8", line, len(columns))
		}
		addr, ok := dialable(columns[1], host)
		if !ok {
			continue // forgotten by the others, or not met yet
		}
		if !slices.Contains(s.known, addr) {
			s.known = append(s.known, addr)
		}
		epoch, err := strconv.ParseUint(columns[6], 10, 64)
		if err != nil {
			return fmt.Errorf("read config-epoch in CLUSTER NODES: %w", err)
		}
		for _, slots := range columns[8:] {
			if err := s.claim(slots, claim{addr, epoch}); err != nil {
				return err
			}
		}
	}
	return nil
}

// claim enters a claim to "7" or "7-4095", where there is no later one. Slots
// on their way, "[7->-id]", stand in their owner's ranges too.
func (s *shape) claim(slots string, c claim) error {
	if strings.HasPrefix(slots, "[") {
		return nil
	}
	first, last, isRange := strings.Cut(slots, "-")
	if !isRange {
		last = first
	}
	from, err := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if err := errors.Join(err, err2); err != nil || from < 0 || to >= hashSlots {
		return fmt.Errorf("read hash slots %q in CLUSTER NODES: want numbers below %d", slots, hashSlots)
	}
	for slot := from; slot <= to; slot++ {
		if old := s.claims[slot]; old.addr == "" || old.epoch < c.epoch {
			s.claims[slot] = c
		}
	}
	return nil
}

// dialable is the address in ip:port@cport[,hostname].
func dialable(column, host string) (addr string, ok bool) {
	addr, _, _ = strings.Cut(column, "@")
	ip, port, err := net.SplitHostPort(addr)
	if err != nil || port == "0" {
		return "", false
	}
	if ip == "" {
		ip = host
	}
	return net.JoinHostPort(ip, port), true
}

// ask asks all nodes at once for the shape of their cluster. The error says
// that none answered.
func (l *Ledger) ask(ctx context.Context, addrs []string) (*shape, error) {
	ctx, cancel := context.WithTimeout(ctx, surveyTimeout)
	defer cancel()
	slices.Sort(addrs)
	addrs = slices.Compact(addrs)
	said, errs := make([]string, len(addrs)), make([]error, len(addrs))
	var all sync.WaitGroup
	for i, addr := range addrs {
		all.Go(func() {
			client := l.stranger(addr)
			defer client.Close()
			said[i], errs[i] = client.ClusterNodes(ctx).Result()
		})
	}
	all.Wait()
	s := new(shape)
	for i, addr := range addrs {
		if errs[i] == nil {
			host, _, _ := net.SplitHostPort(addr)
			errs[i] = s.add(said[i], host)
		}
		if errs[i] != nil {
			errs[i] = fmt.Errorf("%s: %w", addr, errs[i])
		}
	}
	if len(s.known) == 0 {
		return nil, fmt.Errorf("%w: ask the cluster who keeps what: %w", ErrUnreachable, errors.Join(errs...))
	}
	return s, nil
}
