package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

func closuresCommand() *cobra.Command {
	var f deskFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "closures",
		Short: "List what staff have closed",
		Long: `Closures lists the sites and lanes that 'nearlane close' has closed, until their
last day is over.

Exit codes: 0 ok, 69 NATS is unreachable.`,
		Example: `  nearlane closures
  nearlane closures --json | jq -r '.[].site'`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			desk, err := f.open(c)
			if err != nil {
				return err
			}
			defer desk.close(c.Context())
			list, err := desk.closures(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(c.OutOrStdout(), list)
			}
			return showClosures(c.OutOrStdout(), list)
		},
	}
	f.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "the closures as a JSON array")
	return c
}

func showClosures(w io.Writer, list []router.Closure) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "nothing is closed")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CLOSED\tDAYS\tREASON\tBY")
	for i := range list {
		c := &list[i]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", cell(c.Target(), idWidth), c.Days(), cell(cmp.Or(c.Reason, "-"), lastWidth), cell(c.By, idWidth))
	}
	return t.Flush()
}

// desk is where staff close and open things: the store of configs, and the
// network that says what there is.
type desk struct {
	conn    *stream.Conn
	store   *stream.ConfigStore
	network *router.Network
	now     func() time.Time
}

// deskFlags say where NATS is, and which day is today.
type deskFlags struct {
	natsFlags
	clock string
}

func (f *deskFlags) add(c *cobra.Command) {
	f.natsFlags.add(c)
	clockFlag(c, &f.clock)
}

// open takes the network of the config file.
func (f *deskFlags) open(c *cobra.Command) (*desk, error) {
	now, err := clockFrom(f.clock)
	if err != nil {
		return nil, err
	}
	loaded, network, err := loadNetwork(c, f.file)
	if err != nil {
		return nil, err
	}
	conn, err := f.connect(c, loaded)
	if err != nil {
		return nil, err
	}
	return &desk{conn: conn, store: conn.Config(), network: network, now: now}, nil
}

func (d *desk) close(ctx context.Context) { _ = d.conn.Close(context.WithoutCancel(ctx)) }

// knows finds a site or lane in the network of the file, or else in that of the
// last push, which is the network from then on.
func (d *desk) knows(ctx context.Context, file, site, lane string) (bool, error) {
	if d.network.Has(site, lane) {
		return true, nil
	}
	push, found, err := d.store.Current(ctx)
	if err != nil || !found {
		return false, err
	}
	_, network, _, err := app.Archived(ctx, d.store, push.Revision, config.Options{Dir: filepath.Dir(file)})
	if err != nil || network == nil || !network.Has(site, lane) {
		return false, err
	}
	d.network = network
	return true, nil
}

// parseTarget reads SITE or SITE/LANE. A lane that was left empty, by a script
// maybe, does not mean the whole site.
func parseTarget(target string) (site, lane string, _ error) {
	site, lane, named := strings.Cut(target, "/")
	if site == "" || named && lane == "" {
		return "", "", usageError{fmt.Errorf("%q is neither a SITE nor a SITE/LANE", target)}
	}
	return site, lane, nil
}

func (d *desk) unknown(target string) error {
	return usageError{fmt.Errorf("there is no %q, only %s, and their lanes", target, strings.Join(d.network.SiteIDs(), ", "))}
}

// closures reads those that are not over.
func (d *desk) closures(ctx context.Context) ([]router.Closure, error) {
	list, _, err := d.stored(ctx)
	return append([]router.Closure{}, d.network.Lasting(list, d.now())...), err
}

// stored reads all closures, and the basis of the next write.
func (d *desk) stored(ctx context.Context) ([]router.Closure, uint64, error) {
	data, basis, err := d.store.Closures(ctx)
	if err != nil {
		return nil, 0, err
	}
	list, err := router.DecodeClosures(data)
	return list, basis, err
}

// keepOver is how long closures are kept that are over: the clock of this
// machine may be wrong.
const keepOver = 7 * 24 * time.Hour

// change writes what edit makes of the closures, again if somebody else was
// quicker.
func (d *desk) change(ctx context.Context, edit func([]router.Closure) []router.Closure) error {
	const tries = 10
	for try := 1; ; try++ {
		list, basis, err := d.stored(ctx)
		if err != nil {
			return err
		}
		data, err := router.EncodeClosures(edit(d.network.Lasting(list, d.now().Add(-keepOver))))
		if err != nil {
			return err
		}
		if err = d.store.SetClosures(ctx, data, basis); !errors.Is(err, stream.ErrChanged) || try == tries {
			return err
		}
	}
}

// withClosures is the network with what staff have closed. A server on which
// nothing was ever closed may lack the bucket.
func withClosures(ctx context.Context, conn *stream.Conn, n *router.Network) (*router.Network, error) {
	data, _, err := conn.Config().Closures(ctx)
	if errors.Is(err, stream.ErrNoBucket) {
		return n, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := router.DecodeClosures(data)
	if err != nil {
		return nil, err
	}
	return n.WithClosures(list), nil
}

// byline is who sits at this terminal: user@host.
func byline() string {
	name := os.Getenv("USER")
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, _ := os.Hostname()
	return cmp.Or(name, "unknown") + "@" + cmp.Or(host, "unknown")
}
