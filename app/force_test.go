package app

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// What is too large for the server is packed and tried once, not at every look.
func TestArchiveTooLarge(t *testing.T) {
	t.Parallel()
	srv, err := embedded.NATS(embedded.NATSOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Shutdown)
	conn, err := stream.Connect(t.Context(), stream.Options{URL: srv.URL()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	if err := conn.Ensure(t.Context(), stream.Settings{}); err != nil {
		t.Fatal(err)
	}
	const path = "../examples/helsinki/nearlane.yaml"
	noise := rand.New(rand.NewPCG(1, 2))
	c, found := config.Load(path, config.Options{ReadFile: func(name string) ([]byte, error) {
		data, err := os.ReadFile(name)
		if name != path {
			return data, err
		}
		var b strings.Builder // a comment that does not pack well
		for b.Len() < 3<<20 {
			fmt.Fprintf(&b, "# %x\n", noise.Uint64())
		}
		return append(data, b.String()...), err
	}})
	if c == nil {
		t.Fatal(found.Format())
	}
	n, err := router.Build(c)
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{Options: Options{Log: zap.NewNop()}, store: conn.Config(), config: c, archived: map[string]bool{}}
	k.archive(t.Context(), n)
	if !k.archived[n.Revision] || k.lacking != n.Revision {
		t.Errorf("got archived %t, lacking %q; want it given up and told", k.archived[n.Revision], k.lacking)
	}
}
