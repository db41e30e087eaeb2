package event_test

import (
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
)

func TestSubjects(t *testing.T) {
	t.Parallel()
	k := event.Key{Channel: "web.shop", Order: "a/1"}
	for _, c := range []struct{ got, want string }{
		{event.PlacedSubject("web.shop"), "orders.v1.web%2Eshop.placed"},
		{event.CancelledSubject("web.shop"), "orders.v1.web%2Eshop.cancelled"},
		{event.DecisionSubject(k), "decision.v1.web%2Eshop.a%2F1"},
		{event.DecisionsOf("web.shop"), "decision.v1.web%2Eshop.*"},
		{event.DispatchSubject("pyora", "kallio"), "dispatch.v1.pyora.kallio"},
		{event.DispatchesOf("pyora"), "dispatch.v1.pyora.*"},
		{event.ReportSubject("py ora", event.PickedUp), "courier.v1.py%20ora.picked_up"},
		{event.ReportsOf("py ora"), "courier.v1.py%20ora.*"},
		{event.EpochSubject("helsinki"), "epoch.v1.helsinki"},
		{event.FenceSubject("router 1"), "fence.v1.router%201"},
		{event.RejectedSubject("webshop", event.CodeNotJSON), "rejected.v1.webshop.not_json"},
		{event.RejectedSubject("", event.CodeBadSubject), "rejected.v1.-.bad_subject"},
		{event.RejectedSubject(strings.Repeat("x", 129), event.CodeBadSubject), "rejected.v1.-.bad_subject"},
		{event.RejectedOf("web.shop", event.CodeNotJSON), "rejected.v1.web%2Eshop.not_json"},
		{event.RejectedOf("", ""), event.AllRejected},
		{k.String(), "web%2Eshop/a%2F1"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestParseSubjects(t *testing.T) {
	t.Parallel()
	channel, kind, err := event.ParseOrderSubject("orders.v1.web%2Eshop.cancelled")
	if err != nil || channel != "web.shop" || kind != event.KindCancelled {
		t.Errorf("got %q, %q, %v", channel, kind, err)
	}
	courier, site, err := event.ParseDispatchSubject("dispatch.v1.py%20ora.kallio")
	if err != nil || courier != "py ora" || site != "kallio" {
		t.Errorf("got %q, %q, %v", courier, site, err)
	}
	courier, status, err := event.ParseReportSubject("courier.v1.py%20ora.expired")
	if err != nil || courier != "py ora" || status != event.Expired {
		t.Errorf("got %q, %q, %v", courier, status, err)
	}
	router, err := event.ParseFenceSubject("fence.v1.router%201")
	if err != nil || router != "router 1" {
		t.Errorf("got %q, %v", router, err)
	}
}

func TestParseRejectedSubject(t *testing.T) {
	t.Parallel()
	for _, channel := range []string{"web.shop", ""} {
		got, reason, err := event.ParseRejectedSubject(event.RejectedSubject(channel, event.CodeBadID))
		if err != nil || got != channel || reason != event.CodeBadID {
			t.Errorf("%q: got %q, %q, %v", channel, got, reason, err)
		}
	}
}

func TestParseSubjectsRefuse(t *testing.T) {
	t.Parallel()
	orders := func(s string) error { _, _, err := event.ParseOrderSubject(s); return err }
	decision := func(s string) error { _, err := event.ParseDecisionSubject(s); return err }
	dispatch := func(s string) error { _, _, err := event.ParseDispatchSubject(s); return err }
	report := func(s string) error { _, _, err := event.ParseReportSubject(s); return err }
	rejected := func(s string) error { _, _, err := event.ParseRejectedSubject(s); return err }
	fence := func(s string) error { _, err := event.ParseFenceSubject(s); return err }
	key := func(s string) error { _, err := event.ParseKey(s); return err }
	for _, c := range []struct {
		name  string
		parse func(string) error
		in    []string
	}{
		{"order", orders, []string{"", "orders", "orders.v1.a", "orders.v1..placed", "orders.v1.a.b.placed", "orders.v1.a.placed.x",
			"orders.v1.a.shipped", "orders.v1.%2e.placed", "orders.v2.a.placed", "Orders.v1.a.placed"}},
		{"decision", decision, []string{"", "decision.v1.a", "decision.v1.a.", "decision.v1..b", "decision.v1.a.b.c", "decision.v1.a.%2e"}},
		{"dispatch", dispatch, []string{"", "dispatch.v1.a", "dispatch.v1..b", "dispatch.v1.a.b.c", "dispatch.v1.a.%zz"}},
		{"report", report, []string{"", "courier.v1.a", "courier.v1..accepted", "courier.v1.a.b.accepted", "courier.v1.%2e.accepted", "courier.v2.a.accepted"}},
		{"rejected", rejected, []string{"", "rejected.v1.a", "rejected.v1..b", "rejected.v1.a.", "rejected.v1.a.b.c"}},
		{"fence", fence, []string{"", "fence.v1.", "fence.v1.a.b", "epoch.v1.a"}},
		{"key", key, []string{"", "a", "/b", "a/", "a/b/c", "a/%2f"}},
	} {
		for _, in := range c.in {
			if c.parse(in) == nil {
				t.Errorf("%s %q: got no error", c.name, in)
			}
		}
	}
}
