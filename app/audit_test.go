package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// TestAuditKnowsWhatIsInHand: an order without a decision is a fault only once
// it is older than twice AckWait, and never if it was refused.
func TestAuditKnowsWhatIsInHand(t *testing.T) {
	t.Parallel()
	loaded, findings := config.Load("../examples/helsinki/nearlane.yaml", config.Options{})
	if loaded == nil {
		t.Fatal(findings)
	}
	network, err := router.Build(loaded)
	if err != nil {
		t.Fatal(err)
	}
	server, err := embedded.NATS(embedded.NATSOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	audit := func(ackWait time.Duration, prepare func(context.Context, *stream.Conn)) *app.Audit {
		t.Helper()
		ctx := t.Context()
		conn, err := stream.Connect(ctx, stream.Options{URL: server.URL(), AckWait: ackWait})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.WithoutCancel(ctx))
		if err := conn.Ensure(ctx, stream.Settings{}); err != nil {
			t.Fatal(err)
		}
		prepare(ctx, conn)
		found, err := app.RunAudit(ctx, conn, network, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	subject := event.PlacedSubject("web")
	young := audit(time.Hour, func(ctx context.Context, conn *stream.Conn) {
		publisher := conn.Publisher(func(_ stream.Outgoing, o stream.Outcome) {
			if o.Err != nil {
				t.Error(o.Err)
			}
		})
		order := []byte(`{"orderId":"1","channel":"web","placedAt":"2026-08-04T05:00:00Z","shipTo":{"postalCode":"00530","addressCountry":"FI"},"lines":[{"sku":"mug","quantity":1}]}`)
		if err := publisher.Send(ctx, stream.Outgoing{Subject: subject, Data: order}); err != nil {
			t.Fatal(err)
		}
		if err := publisher.Flush(ctx); err != nil {
			t.Fatal(err)
		}
	})
	if young.InHand != 1 || young.Undecided != 0 || !young.Holds() {
		t.Errorf("young: got %d in hand and %d undecided, want 1 and 0", young.InHand, young.Undecided)
	}
	old := audit(time.Nanosecond, func(context.Context, *stream.Conn) {})
	if old.InHand != 0 || old.Undecided != 1 || old.Holds() {
		t.Errorf("old: got %d in hand and %d undecided, want 0 and 1", old.InHand, old.Undecided)
	}
	refused := audit(time.Nanosecond, func(ctx context.Context, conn *stream.Conn) {
		err := conn.Rejects().Reject(ctx, []event.Rejection{{Stream: event.StreamOrders, Sequence: 1, Subject: subject, Channel: "web", Reason: event.CodePlacedInFuture, Data: []byte("{}")}})
		if err != nil {
			t.Fatal(err)
		}
	})
	if refused.Refused != 1 || refused.Undecided != 0 || !refused.Holds() {
		t.Errorf("refused: got %d refused and %d undecided, want 1 and 0", refused.Refused, refused.Undecided)
	}
}
