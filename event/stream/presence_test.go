package stream_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/nearlane/nearlane/event/stream"
)

func TestPresence(t *testing.T) {
	onOwn(t, func(t *testing.T, c *stream.Conn) {
		s := c.Presence()
		ctx := t.Context()
		all := []stream.Presence{
			{Router: "a", Host: "h", Version: "v1", Started: time.Unix(1785000000, 0).UTC(), Revision: "aaaaaaaaaaaa", Source: "file"},
			{Router: "röuter 1.2/>*", Revision: "aaaaaaaaaaaa+bb", Source: "push", Push: 7, Closures: 2, Error: "no"},
			{Router: "röuter 1.2/>+", Revision: "cccccccccccc"},
		}
		for _, p := range all {
			p.Revision = "older"
			if err := s.Say(ctx, p); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range all {
			if err := s.Say(ctx, p); err != nil {
				t.Fatal(err)
			}
		}
		list := func(want ...stream.Presence) {
			t.Helper()
			got, err := s.List(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(stream.Presence{}, "Seen"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("list (-want +got):\n%s", diff)
			}
			for _, p := range got {
				if time.Since(p.Seen).Abs() > time.Minute {
					t.Errorf("%s seen at %v", p.Router, p.Seen)
				}
			}
		}
		list(all...)
		if err := s.Leave(ctx, "a"); err != nil {
			t.Fatal(err)
		}
		list(all[1:]...)
	})
}
