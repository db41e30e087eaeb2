package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/diff"
)

const (
	yesterday   = 24 * time.Hour
	mostWeighed = 20_000 // of yesterday's orders; of more, every second or third and so on
)

// proposal is a config that is to be followed, beside the one that is.
type proposal struct {
	conn    *stream.Conn
	dir     string // where gazetteers are
	is      *config.Config
	network *router.Network

	was     *config.Config // nil: nobody follows or runs any
	before  *router.Network
	routers []stream.Presence
	report  *diff.Report
	against []string // why it takes force
}

// judge tells in a few words what following a config would change, and refuses
// what is hardly meant, or would leave live claims out of sight. On a terminal,
// somebody has to say yes.
func (f *pushFlags) judge(c *cobra.Command, p *proposal) error {
	talk := c.ErrOrStderr()
	now, err := clockFrom(f.clock)
	if err != nil {
		return err
	}
	if err := p.findBefore(c.Context(), talk); err != nil {
		return err
	}
	if p.was != nil {
		if p.was.Revision == p.is.Revision {
			return nil // it is said elsewhere
		}
		if err := p.weigh(c.Context()); err != nil {
			return err
		}
		fmt.Fprintf(talk, "%s\n", p.headline())
		if err := p.keepsInSight(c.Context(), now()); err != nil {
			return codedError{exitConfig, err}
		}
	}
	if len(p.against) > 0 && !f.force {
		return codedError{exitFindings, fmt.Errorf("not pushed: %s\nif it is meant, say --force", strings.Join(p.against, "; "))}
	}
	in, out := c.InOrStdin(), talk
	if f.yes || !terminalIn(in) || !terminal(out) {
		return nil
	}
	return askYes(in, out)
}

// askYes asks whether to push.
func askYes(in io.Reader, out io.Writer) error {
	fmt.Fprint(out, "push it? [y/N] ")
	answer, _ := bufio.NewReader(in).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return codedError{exitFailed, errors.New("not pushed")}
}

// findBefore finds what is followed now: the last push, else what a router runs.
func (p *proposal) findBefore(ctx context.Context, talk io.Writer) error {
	push, found, err := p.conn.Config().Current(ctx)
	if err != nil {
		return pushError(err)
	}
	if p.routers, err = p.conn.Presence().List(ctx); err != nil {
		fmt.Fprintf(talk, "who follows is not known: %v\n", err)
	}
	revision := push.Revision
	if !found && len(p.routers) > 0 {
		revision, _, _ = strings.Cut(p.routers[0].Revision, "+")
	}
	if revision == "" {
		fmt.Fprintln(talk, "nothing is followed yet, and no router is known to run: there is nothing to compare with")
		return nil
	}
	was, before, findings, err := app.Archived(ctx, p.conn.Config(), revision, config.Options{Dir: p.dir})
	switch {
	case err != nil:
		return pushError(err)
	case was == nil && findings.Err() != nil:
		p.against = append(p.against, fmt.Sprintf("what is followed now, %s, cannot be built here, so that it is not known what would change: %v", revision, findings.Err()))
	case was == nil:
		p.against = append(p.against, fmt.Sprintf("what is followed now, %s, is no longer kept, so that it is not known what would change", revision))
	}
	p.was, p.before = was, before
	return nil
}

// weigh compares the two, and lists what speaks against following the new one.
func (p *proposal) weigh(ctx context.Context) (err error) {
	if p.report, err = diff.Compare(p.was, p.is); err != nil {
		return err
	}
	orders, err := yesterdays(ctx, p.conn)
	if err != nil {
		return fmt.Errorf("read the orders of the last 24 h: %w", err)
	}
	p.report.AddOrders(p.before, p.network, orders)
	if p.was.Network != p.is.Network {
		p.against = append(p.against, fmt.Sprintf("it is of another network: %s, not %s", p.is.Network, p.was.Network))
	}
	if !p.network.Shares(p.before) {
		p.against = append(p.against, "no lane of the network that is followed now is in it")
	}
	if o := p.report.Orders; 2*o.Moved > o.Planned {
		p.against = append(p.against, fmt.Sprintf("%d of %d orders of the last 24 h would go another way, by another lane or locker, at another level, or nowhere", o.Moved, o.Planned))
	}
	return nil
}

// headline is what differs, in one line.
func (p *proposal) headline() string {
	r := p.report
	parts := []string{fmt.Sprintf("config %s -> %s", r.Old, r.New), counted(len(r.Settings), "setting")}
	for i := range r.Levels {
		l := &r.Levels[i]
		parts = append(parts, fmt.Sprintf("%s %d cells gained, %d lost, %d moved", l.ID, l.Gained, l.Lost, l.Moved))
	}
	parts = append(parts, fmt.Sprintf("%d of %d orders of the last 24 h would move", r.Orders.Moved, r.Orders.Planned))
	return parts[0] + ": " + strings.Join(parts[1:], ", ")
}

// keepsInSight refuses what the routers would refuse.
func (p *proposal) keepsInSight(ctx context.Context, now time.Time) error {
	lacking := p.network.Lacks(p.before)
	if len(lacking) == 0 {
		return nil
	}
	standing, err := app.Standing(ctx, p.conn, now)
	if err != nil {
		return err
	}
	hidden := p.network.Hides(p.before, standing)
	var followers []string
	for _, r := range p.routers {
		if r.Follows {
			followers = append(followers, r.Router)
		}
	}
	if len(followers) > 1 { // none of them could be the first
		for _, path := range lacking {
			i := slices.IndexFunc(hidden, func(h router.Hidden) bool { return h.Path == path })
			if i < 0 {
				i, hidden = len(hidden), append(hidden, router.Hidden{Path: path})
			}
			hidden[i].Others = followers
		}
	}
	if len(hidden) == 0 {
		return nil
	}
	return &app.HiddenError{Hidden: hidden}
}

// yesterdays reads the orders that ORDERS stored in the last 24 hours.
func yesterdays(ctx context.Context, conn *stream.Conn) (orders []*event.Order, err error) {
	first, last, err := conn.Bounds(ctx, event.StreamOrders)
	if err != nil {
		return nil, err
	}
	since := time.Now().Add(-yesterday)
	first += uint64(sort.Search(int(last+1-first), func(i int) bool { // sequences grow with time
		at, e := conn.StoredAt(ctx, first+uint64(i))
		err = errors.Join(err, e)
		return at.After(since)
	}))
	if err != nil || first > last {
		return nil, err
	}
	every := (last - first + mostWeighed) / mostWeighed
	err = conn.Read(ctx, event.StreamOrders, first, last, func(seq uint64, subject string, data []byte) error {
		if seq%every != 0 {
			return nil
		}
		if _, kind, err := event.ParseOrderSubject(subject); err != nil || kind != event.KindPlaced {
			return nil
		}
		if o, refusal := event.DecodeOrder(subject, data, afterAll); refusal == nil {
			orders = append(orders, o)
		}
		return nil
	})
	return orders, err
}

// proposed is a config to be followed, with gazetteers beside a file.
func proposed(conn *stream.Conn, file string, is *config.Config) (*proposal, error) {
	network, err := router.Build(is)
	if err != nil {
		return nil, codedError{exitConfig, err}
	}
	return &proposal{conn: conn, dir: filepath.Dir(file), is: is, network: network}, nil
}
