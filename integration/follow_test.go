package integration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// following is a process that takes pushes.
func (w *world) following(name string) *process {
	w.Helper()
	p := &process{w: w, path: filepath.Join(w.TempDir(), name+".yaml"), follow: true}
	p.write(w.network)
	p.start(name)
	w.eventually(name+" is ready", p.isReady)
	return p
}

// bundle is a network as `nearlane config push` packs it, with a gazetteer of
// the given content beside its file if there is one.
func bundle(t testing.TB, network, gazetteer string) *config.Bundle {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pushed.yaml")
	if gazetteer != "" {
		network += "\ngeocoding: {gazetteers: [{country: FI, file: FI.tsv}]}\n"
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), "FI.tsv"), []byte(gazetteer), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, []byte(network), 0o600); err != nil {
		t.Fatal(err)
	}
	c, found := config.Load(path, config.Options{})
	if c == nil {
		t.Fatal(found.Format())
	}
	return c.Bundle()
}

// push does what `nearlane config push` does.
func (w *world) push(b *config.Bundle) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	store := w.conn.Config()
	data, err := b.Encode()
	if err == nil {
		err = store.Archive(ctx, b.Revision, data)
	}
	before, _, currentErr := store.Current(ctx)
	if err == nil && currentErr == nil {
		err = store.Push(ctx, stream.Push{Revision: b.Revision, By: "ada@desk"}, before.Sequence)
	}
	if err = errors.Join(err, currentErr); err != nil {
		w.Fatalf("push: %v", err)
	}
}

// present is nil once the router says that it runs the revision, with an error
// or without.
func (w *world) present(router, revision, wrong string) {
	w.Helper()
	w.eventually(router+" says what it runs", func() error {
		list, err := w.conn.Presence().List(context.Background())
		for _, p := range list {
			if p.Router == router && p.Revision == revision && strings.Contains(p.Error, wrong) && (p.Error == "") == (wrong == "") {
				return nil
			}
		}
		return errors.Join(err, fmt.Errorf("of %s and %q: got %+v", revision, wrong, list))
	})
}

const (
	postcodes      = "FI\t00530\tHelsinki\tUusimaa\t\t\t\t\t\t60.1842\t24.9497\t4\n"
	otherPostcodes = "FI\t00530\tHelsinki\tUusimaa\t\t\t\t\t\t60.1900\t24.9497\t4\n"
)

// All routers take a push, with their own servers and secrets; each refuses what
// it cannot build and goes on with what it has, and a router that starts does
// not start with anything else.
func TestFollow(t *testing.T) {
	t.Parallel()
	for _, replicas := range []int{1, 3} {
		t.Run(fmt.Sprintf("R%d", replicas), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: twoRegions, redis: redisProcess, replicas: replicas})
			a, b := w.following("a"), w.following("b")
			own := a.Router.Network().Revision
			w.present("a", own, "")

			pushed := bundle(t, roomier, "")
			w.push(pushed)
			for _, p := range []*process{a, b} {
				w.present(p.Name, pushed.Revision, "")
			}
			w.publish(orders(20, "pushed")...)
			w.drained(durable)
			for _, chain := range w.check().decisions {
				if d := chain[0].Decision; d.ConfigRevision != pushed.Revision || d.Outcome != event.Dispatched {
					t.Errorf("order %s: got %s under %s, want dispatched under %s", d.OrderID, d.Outcome, d.ConfigRevision, pushed.Revision)
				}
			}

			// One lacks the gazetteer, the other has another file of its name.
			lacking := bundle(t, twoRegions, postcodes)
			b.put("FI.tsv", otherPostcodes)
			w.push(lacking)
			w.present("a", pushed.Revision, "a gazetteer has to be on every machine")
			w.present("b", pushed.Revision, "is another file than the one of the bundle")
			if got := a.metric(reloaded); got != "0" {
				t.Errorf("%s is %s, want 0", reloaded, got)
			}
			b.stop()
			if err := b.opens("b"); !isFollow(err) {
				t.Errorf("start with a push that cannot be followed: got %v, want a *app.FollowError", err)
			}
			b.put("FI.tsv", postcodes)
			b.start("b")
			w.present("b", lacking.Revision, "")
			a.put("FI.tsv", postcodes)
			a.reloadOverHTTP()
			w.present("a", lacking.Revision, "")

			// Back again, which is a push like any other.
			w.push(pushed)
			w.present("a", pushed.Revision, "")
			w.present("b", pushed.Revision, "")
			w.stopped(a)
		})
	}
}

func isFollow(err error) bool {
	var follow *app.FollowError
	return errors.As(err, &follow)
}

// put writes a file beside the process's config.
func (p *process) put(name, text string) {
	p.w.Helper()
	if err := os.WriteFile(filepath.Join(filepath.Dir(p.path), name), []byte(text), 0o600); err != nil {
		p.w.Fatal(err)
	}
}

// opens is the error of starting the process with its config file.
func (p *process) opens(name string) error {
	p.w.Helper()
	loaded, found := config.Load(p.path, config.Options{})
	if loaded == nil {
		p.w.Fatal(found.Format())
	}
	opened, err := app.Open(context.Background(), app.Options{Config: loaded, Path: p.path, Name: name, Now: stoppedClock, Follow: true, AckWait: p.w.ackWait})
	if err == nil {
		err = errors.Join(errors.New("it opens"), opened.Close())
	}
	return err
}

// stopped wants a router that was stopped to be off the list at once.
func (w *world) stopped(p *process) {
	w.Helper()
	p.stop()
	list, err := w.conn.Presence().List(context.Background())
	for _, one := range list {
		if one.Router == p.Name {
			w.Errorf("%s has stopped, and is present: %+v", p.Name, one)
		}
	}
	if err != nil {
		w.Error(err)
	}
}

// What staff close is closed on every router, over restarts and reloads; it is
// over at midnight, and orders that are dispatched stay where they are.
func TestCloseAndReopen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: roomier, redis: redisProcess})
	a, b := w.run("a"), w.run("b")
	w.eventually("a is ready", a.isReady)
	w.eventually("b is ready", b.isReady)
	open := a.Router.Network().Revision
	follow := func(closed bool) string {
		t.Helper()
		revision := ""
		for _, p := range []*process{a, b} {
			w.eventually(p.Name+" follows", func() error {
				if revision = p.Router.Network().Revision; strings.HasPrefix(revision, open+"+") != closed {
					return fmt.Errorf("it runs %s", revision)
				}
				return nil
			})
		}
		return revision
	}
	w.publish(orders(10, "before")...)
	w.drained(durable)
	w.closeSite("kallio", true)
	closed := follow(true)
	w.publish(orders(10, "during")...)
	w.drained(durable)
	b.stop()
	b.start("b")
	if got := b.Router.Network().Revision; got != closed {
		t.Errorf("started again: got %s, want %s", got, closed)
	}
	a.reloadOverHTTP()
	if got := a.Router.Network().Revision; got != closed {
		t.Errorf("reloaded: got %s, want %s", got, closed)
	}
	w.closeSite("kallio", false)
	follow(false)
	w.publish(orders(10, "after")...)
	w.drained(durable)
	account := w.check()
	for prefix, want := range map[string]string{"before": "kallio", "during": "tapiola", "after": "kallio"} {
		for i := range 10 {
			d := account.decision(t, key(fmt.Sprintf("%s-%03d", prefix, i)))
			if got := d.Consignments[0].Site.SiteID; got != want || len(account.decisions[d.Key()]) != 1 {
				t.Errorf("order %s: got %s after %d decisions, want %s after one", d.OrderID, got, len(account.decisions[d.Key()]), want)
			}
			reason := ""
			for _, c := range d.Candidates {
				if c.Site == "kallio" {
					reason = c.Reason
				}
			}
			if (reason == "closed_by_staff") != (prefix == "during") {
				t.Errorf("order %s: kallio's reason is %q", d.OrderID, reason)
			}
		}
	}
}

// What staff have closed is worth waiting for by nobody: a router starts where
// the buckets cannot be made, and where what stands in them makes no sense, and
// follows once it does.
func TestStartsWithoutClosures(t *testing.T) {
	t.Parallel()
	t.Run("no buckets", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, setting{network: roomier, redis: redisProcess})
		for _, name := range []string{"CONFIG", "PRESENCE"} {
			if err := w.js.DeleteStream(t.Context(), "KV_"+name); err != nil {
				t.Fatal(err)
			}
			if _, err := w.js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "TAKEN_" + name, Subjects: []string{"$KV." + name + ".>"}}); err != nil {
				t.Fatal(err)
			}
		}
		w.eventually("the router is ready", w.run("router").isReady)
		w.publish(orders(5, "without")...)
		w.drained(durable)
		w.check()
	})
	t.Run("nonsense", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, setting{network: roomier, redis: redisProcess})
		if err := w.conn.Config().SetClosures(t.Context(), []byte("{"), 0); err != nil {
			t.Fatal(err)
		}
		p := w.run("router")
		w.eventually("the router is ready", p.isReady)
		open := p.Router.Network().Revision
		w.closeSite("kallio", true)
		w.eventually("the router follows", func() error {
			if got := p.Router.Network().Revision; !strings.HasPrefix(got, open+"+") {
				return fmt.Errorf("it runs %s", got)
			}
			return nil
		})
	})
}

// The file is looked at when it is time to, and loaded once it stands still. A
// half-written one is refused, and the rest of it loaded when it has come.
func TestWatchedFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: twoRegions, redis: redisProcess})
	p := w.run("router")
	w.eventually("the process is ready", p.isReady)
	was := p.Router.Network().Revision
	looks := func(n int) {
		for range n {
			p.look <- time.Time{} // taken when the look before is done
		}
	}
	looks(4)
	p.write(roomier)
	looks(1)
	if got := p.Router.Network().Revision; got != was {
		t.Errorf("after one look: got %s, want %s still", got, was)
	}
	looks(2)
	roomy := p.Router.Network().Revision
	if roomy == was {
		t.Error("after two looks, the old network is still in force")
	}
	text, err := os.ReadFile(p.path)
	if err != nil {
		t.Fatal(err)
	}
	p.put("router.yaml", string(text[:len(text)/2]))
	looks(3)
	p.reloadWas("0")
	if got := p.Router.Network().Revision; got != roomy {
		t.Errorf("half-written: got %s, want %s still", got, roomy)
	}
	p.write(twoRegions)
	looks(3)
	p.reloadWas("1")
	if got := p.Router.Network().Revision; got != was {
		t.Errorf("written: got %s, want %s", got, was)
	}
}
