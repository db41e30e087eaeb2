package embedded

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// NATSCluster is a cluster of servers in this process: what tests need to see
// replicated streams. All of them share one machine and one disk, so it gives
// no more safety than one server does.
type NATSCluster struct {
	Servers []*NATSServer

	dir    string
	routes []*url.URL
}

// Cluster starts n servers with folders below dir, and returns once all of
// them have joined and JetStream has a leader.
func Cluster(dir string, n int) (*NATSCluster, error) {
	// A server has to know the others' ports before it starts, so free ones
	// are picked first; another process may be quicker to take one.
	const tries = 3
	var errs error
	for try := range tries {
		c, err := formCluster(filepath.Join(dir, strconv.Itoa(try)), n)
		if err == nil {
			return c, nil
		}
		errs = errors.Join(errs, err)
	}
	return nil, fmt.Errorf("form cluster of %d: %w", n, errs)
}

func formCluster(dir string, n int) (*NATSCluster, error) {
	routes, err := freeRoutes(n)
	if err != nil {
		return nil, err
	}
	c := &NATSCluster{dir: dir, routes: routes}
	for i := range n {
		s, err := c.launch(i)
		if err != nil {
			c.Shutdown()
			return nil, err
		}
		c.Servers = append(c.Servers, s)
	}
	if err := c.await(startTimeout); err != nil {
		c.Shutdown()
		return nil, err
	}
	return c, nil
}

func (c *NATSCluster) launch(i int) (*NATSServer, error) {
	name := "n" + strconv.Itoa(i+1)
	return Node(NATSOptions{Dir: filepath.Join(c.dir, name), Name: name, Port: -1}, c.routes, i)
}

// Node starts one server of a cluster, the one whose route is routes[i], and
// does not wait for the others: a cluster of processes is made of it. Clients
// are not told of the others' addresses, so that a proxy stays in between.
func Node(o NATSOptions, routes []*url.URL, i int) (*NATSServer, error) {
	port, err := strconv.Atoi(routes[i].Port())
	if err != nil {
		return nil, fmt.Errorf("read route port: %w", err)
	}
	cluster := server.ClusterOpts{Name: "nearlane", Host: loopback, Port: port, NoAdvertise: true}
	return startNATS(o, cluster, routes)
}

// Restart starts a server again that was shut down, with its folder and route
// as before, and does not wait for the others.
func (c *NATSCluster) Restart(i int) error {
	s, err := c.launch(i)
	if err == nil {
		c.Servers[i] = s
	}
	return err
}

// await waits until every server is healthy and knows all the others.
func (c *NATSCluster) await(limit time.Duration) error {
	deadline := time.Now().Add(limit)
	for {
		err := c.healthy()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (c *NATSCluster) healthy() error {
	var leaders int
	for _, s := range c.Servers {
		if err := s.Healthy(); err != nil {
			return err
		}
		if srv := s.srv.Load(); srv.JetStreamIsLeader() && len(srv.JetStreamClusterPeers()) == len(c.Servers) {
			leaders++
		}
	}
	if leaders != 1 {
		return errors.New("no leader that knows all servers")
	}
	return nil
}

// URL lists all servers, for a client that moves on when one stops.
func (c *NATSCluster) URL() string {
	urls := make([]string, len(c.Servers))
	for i, s := range c.Servers {
		urls[i] = s.URL()
	}
	return strings.Join(urls, ",")
}

// Leader is the server that leads the stream, nil while none does.
func (c *NATSCluster) Leader(stream string) *NATSServer {
	for _, s := range c.Servers {
		if s.Leads(stream) {
			return s
		}
	}
	return nil
}

// Shutdown stops all servers.
func (c *NATSCluster) Shutdown() {
	for _, s := range c.Servers {
		s.Shutdown()
	}
}

// freeRoutes picks n free ports, all held at once so that they differ.
func freeRoutes(n int) ([]*url.URL, error) {
	var routes []*url.URL
	for range n {
		l, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
		if err != nil {
			return nil, fmt.Errorf("pick a port: %w: %w", ErrUnavailable, err)
		}
		defer l.Close()
		routes = append(routes, &url.URL{Scheme: "nats-route", Host: l.Addr().String()})
	}
	return routes, nil
}
