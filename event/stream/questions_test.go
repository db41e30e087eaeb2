package stream_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// questions are all that is read from JetStream, each by its name.
func questions(c *stream.Conn, j *stream.Journal, k event.Key) map[string]func(context.Context) error {
	none := func(uint64, string, []byte) error { return nil }
	return map[string]func(context.Context) error{
		"journal": func(ctx context.Context) error { _, err := c.Journal(ctx); return err },
		"last":    func(ctx context.Context) error { _, err := j.LastMany(ctx, []event.Key{k}); return err },
		"fences":  func(ctx context.Context) error { _, err := j.Fences(ctx); return err },
		"read":    func(ctx context.Context) error { return j.Read(ctx, 1, 0, none) },
		"bounds":  func(ctx context.Context) error { _, _, err := c.Bounds(ctx, event.StreamDispatch); return err },
		"follow":  func(ctx context.Context) error { return c.Read(ctx, event.StreamDispatch, 1, 1, none) },
		"stored":  func(ctx context.Context) error { _, err := c.Journaled(ctx, 1); return err },
		"order":   func(ctx context.Context) error { _, _, _, err := c.Order(ctx, 1); return err },
		"age":     func(ctx context.Context) error { _, err := c.StoredAt(ctx, 1); return err },
		"loads": func(ctx context.Context) error {
			_, err := c.Loads(ctx, map[string]string{event.StreamOrders: "router"})
			return err
		},
		"inspect": func(ctx context.Context) error { _, err := c.Inspect(ctx, stream.Settings{}, "router"); return err },
		"clock":   func(ctx context.Context) error { _, _, err := c.Clock(ctx); return err },
		"answered": func(ctx context.Context) error {
			_, err := c.Backlog(event.StreamOrders, "router").Answered(ctx)
			return err
		},
		"rejected": func(ctx context.Context) error {
			return c.Rejects().List(ctx, "", "", func(*stream.Kept) error { return nil })
		},
		"presence": func(ctx context.Context) error { _, err := c.Presence().List(ctx); return err },
		"config":   func(ctx context.Context) error { _, _, err := c.Config().Current(ctx); return err },
	}
}

// A question that finds no leader is never answered, so it is asked again: all
// of them are answered as soon as there is one.
func TestQuestionsOutliveTheirLeader(t *testing.T) {
	t.Parallel()
	cluster, err := embedded.Cluster(t.TempDir(), 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Shutdown)
	c := open(t, cluster.Servers[0].URL(), stream.Settings{Replicas: 3})
	j := journal(t, c)
	commit(t, j, decision(t, key(t, "1"), 0))
	if _, err := c.Inbox(t.Context(), event.StreamOrders, "router"); err != nil {
		t.Fatal(err)
	}

	heard := listen(t, cluster.Servers[0].URL())
	for _, s := range cluster.Servers[1:] {
		s.Shutdown()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	type answer struct {
		question string
		err      error
	}
	asked := questions(c, j, key(t, "1"))
	answers := make(chan answer, len(asked))
	for question, ask := range asked {
		go func() { answers <- answer{question, ask(ctx)} }()
	}
	for range len(asked) {
		if _, err := heard.NextMsgWithContext(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for i := 1; i < 3; i++ {
		if err := cluster.Restart(i); err != nil {
			t.Fatal(err)
		}
	}
	for range asked {
		if a := <-answers; a.err != nil {
			t.Errorf("%s: %v", a.question, a.err)
		}
	}
}

// listen hears the questions that clients of a server put to JetStream.
func listen(t *testing.T, url string) *nats.Subscription {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	sub, err := nc.SubscribeSync("$JS.API.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	return sub
}
