package event_test

import (
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
)

// The wanted ids are what a shell makes of them:
//
//	printf 'orders.v1.webshop.placed\n{}' | sha256sum
func TestMsgID(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ subject, data, want string }{
		{"orders.v1.webshop.placed", "{}", "9099a6a7a7be7c5b048617b2f4fc51823e891654ed08dbc66b54938d871aca7e"},
		{"orders.v1.webshop.cancelled", "{}", "329972459f79a4acec7501cd5b82c1f2ba0396fc020977dbe1c1d8206d7608e1"},
		{"orders.v1.webshop.placed", "{} ", "b70d12701cab68782f1612ca62b590641e337ccbd0f243735897762db8114828"},
		{"orders.v1.shop-b.placed", "{}", "6c92eb2c0f378c1d1a454802191ff5095430a4af64a1dcd9b71ec8268cc3c538"},
		{"orders.v1.webshop.placed", "", "fa8301886439a331beb45cfacfc9101ee2509dfad14644f6ba93214673f57ce5"},
	} {
		if got := event.MsgID(c.subject, []byte(c.data)); got != c.want {
			t.Errorf("%q on %s: got %s, want %s", c.data, c.subject, got, c.want)
		}
	}
}

func TestForeignID(t *testing.T) {
	t.Parallel()
	const subject, data = "orders.v1.webshop.placed", "{}"
	own := event.MsgID(subject, []byte(data))
	for id, want := range map[string]bool{
		own:                                    false,
		event.MsgID(subject, []byte("{} ")):    true,
		strings.ToUpper(own):                   false, // the platform's own way
		own + "0":                              false,
		"":                                     false,
		"webshop/W1/placed":                    false,
		strings.Repeat("g", len(own)):          false,
		strings.Repeat("0", len(own)):          true,
		event.MsgID("orders.v1.b.placed", nil): true,
	} {
		if got := event.ForeignID(id, subject, []byte(data)); got != want {
			t.Errorf("%q: got %t, want %t", id, got, want)
		}
	}
}
