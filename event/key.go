package event

import (
	"fmt"
	"strings"
)

// Key is the identity of an order. Two orders of one channel with the same id
// are the same order.
type Key struct {
	Channel string
	Order   string
}

// String is "<channel>/<order>" with both parts encoded by Token: the form
// used in Redis keys. ParseKey undoes it.
func (k Key) String() string { return Token(k.Channel) + "/" + Token(k.Order) }

// appendTo appends what String is.
func (k Key) appendTo(b []byte) []byte {
	return append(append(append(b, Token(k.Channel)...), '/'), Token(k.Order)...)
}

// ParseKey parses the form that Key.String gives.
func ParseKey(s string) (Key, error) {
	channel, order, ok := strings.Cut(s, "/")
	if !ok {
		return Key{}, fmt.Errorf("parse key %q: want channel/order", s)
	}
	k, err := keyOf(channel, order)
	if err != nil {
		return Key{}, fmt.Errorf("parse key %q: %w", s, err)
	}
	return k, nil
}

// keyOf decodes the two tokens of a key.
func keyOf(channel, order string) (k Key, err error) {
	if k.Channel, err = Untoken(channel); err != nil {
		return Key{}, fmt.Errorf("channel: %w", err)
	}
	if k.Order, err = Untoken(order); err != nil {
		return Key{}, fmt.Errorf("order: %w", err)
	}
	return k, nil
}
