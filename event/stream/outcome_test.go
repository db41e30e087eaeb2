package stream

import (
	"errors"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

func TestRefusal(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		code jetstream.ErrorCode
		text string
		want error
	}{
		{10071, "wrong last sequence: 17", event.ErrMoved},
		{10071, "wrong last sequence: 0", event.ErrMoved},
		{10071, "wrong last sequence", event.ErrUnknown},
		{10071, "wrong last sequence: ", event.ErrUnknown},
		{10071, "wrong last sequence: soon", event.ErrUnknown},
		{10164, "wrong last sequence", event.ErrUnknown},
		{10164, "wrong last sequence: 17", event.ErrUnknown},
		{10158, "duplicate message id is in process", event.ErrUnknown},
		{10077, "maximum bytes exceeded", event.ErrFull},
		{10077, "maximum messages exceeded", event.ErrFull},
		{10077, "write /data/1.blk: no space left on device", event.ErrUnknown},
		{10023, "insufficient resources", event.ErrFull},
		{10002, "resource limits exceeded for account", event.ErrFull},
		{10176, "atomic publish batch is incomplete", event.ErrUnknown},
		{10210, "atomic publish too many inflight", event.ErrUnknown},
		{10008, "JetStream system temporarily unavailable", event.ErrUnknown},
		{10167, "too many requests", event.ErrUnknown},
		{0, "", event.ErrUnknown},
	} {
		err := refusal(&jetstream.APIError{ErrorCode: tc.code, Description: tc.text})
		for _, e := range []error{event.ErrMoved, event.ErrFull, event.ErrUnknown} {
			if got, want := errors.Is(err, e), e == tc.want; got != want {
				t.Errorf("%d %q: is %v: got %v, want %v", tc.code, tc.text, e, got, want)
			}
		}
	}
}

func TestCheckVersion(t *testing.T) {
	t.Parallel()
	for v, ok := range map[string]bool{
		"2.12.0": true, "2.12.11-binary": true, "2.12.0-RC.1": true, "v2.15.2": true, "2.100.0": true, "3.0.0": true,
		"2.11.99": false, "2.9.10": false, "1.20.0": false, "0.0.0": false, "": false, "dev": false, "2": false, "2.x.1": false,
	} {
		err := checkVersion(v)
		if got := err == nil; got != ok {
			t.Errorf("%q: got %v, want accepted %v", v, err, ok)
		}
		if err != nil && !errors.Is(err, ErrTooOld) {
			t.Errorf("%q: got %v, want ErrTooOld", v, err)
		}
	}
}
