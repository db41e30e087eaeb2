package stream_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// Another shop knows every byte in advance and was quicker with the very ids:
// the server acknowledges what it drops, and the publisher publishes once more.
func TestPublishUnderIDsOfOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		url := shared.single.URL()
		if strings.HasSuffix(t.Name(), "R3") {
			url = shared.cluster.URL()
		}
		js := admin(t, url)
		var mine []stream.Outgoing
		for _, id := range []string{"1", "2", "3", "2"} { // the last one is a repeat
			m := stream.Outgoing{Subject: event.PlacedSubject(channel(t)), Data: []byte(id)}
			mine = append(mine, m)
			squat(t, js, event.PlacedSubject("shop-b"), event.MsgID(m.Subject, m.Data))
		}
		report := stream.Outgoing{Subject: event.ReportSubject("pyora", event.Delivered), Data: []byte("{}")}
		squat(t, js, event.ReportSubject("kuorma", event.Accepted), event.MsgID(report.Subject, report.Data))
		mine = append(mine, report)

		told := 0
		p := c.Publisher(func(m stream.Outgoing, o stream.Outcome) {
			told++
			name := event.StreamOrders
			if m.Subject == report.Subject {
				name = event.StreamCourier
			}
			s, err := js.Stream(t.Context(), name)
			if err != nil || o.Err != nil {
				t.Fatal(err, o.Err)
			}
			msg, err := s.GetMsg(t.Context(), o.Sequence)
			if err != nil || msg.Subject != m.Subject || !bytes.Equal(msg.Data, m.Data) {
				t.Errorf("%q was acknowledged at %d of %s, where there is %+v, %v", m.Data, o.Sequence, name, msg, err)
			}
		})
		for _, m := range mine {
			if err := p.Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Flush(t.Context()); err != nil || told != len(mine) {
			t.Errorf("got %d outcomes, %v, want %d", told, err, len(mine))
		}
	})
}

// squat takes an id for a message that nobody wants.
func squat(t *testing.T, js jetstream.JetStream, subject, id string) {
	t.Helper()
	m := &nats.Msg{Subject: subject, Header: nats.Header{jetstream.MsgIDHeader: {id}}, Data: []byte("{}")}
	if _, err := js.PublishMsg(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}
