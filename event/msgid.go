package event

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// MsgID is the Nats-Msg-Id of a message on ORDERS or COURIER: the SHA-256, in
// lower-case hexadecimal, over the subject, a line feed and the bytes.
// Deduplication is stream-wide and asks for the id alone, so an id that others
// can know in advance lets them have a message dropped that was acknowledged.
// This one stands for the message and for nothing else: whoever publishes
// under it has published the same, and a corrected order has another.
//
// Nothing may rest on the server's deduplication: the router tells repeats by
// the journal, however much later they come.
func MsgID(subject string, data []byte) string {
	h := sha256.New()
	h.Write([]byte(subject))
	h.Write([]byte{'\n'})
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// ForeignID reports whether a message came under an id that reads like a MsgID
// and is that of another message. Whoever published that one meanwhile may
// have been told that it is stored.
func ForeignID(id, subject string, data []byte) bool {
	return len(id) == 2*sha256.Size && strings.Trim(id, "0123456789abcdef") == "" && id != MsgID(subject, data)
}
