package event

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxToken is the length in bytes an id may have once it is encoded by Token.
const MaxToken = 128

// What can be wrong with an id; see CheckID.
var (
	ErrEmptyID  = errors.New("id is empty")
	ErrLongID   = fmt.Errorf("id is longer than %d bytes in its encoded form", MaxToken)
	ErrIDUTF8   = errors.New("id is not valid UTF-8")
	ErrBadToken = errors.New("token is not the encoding of an id")
)

const upperHex = "0123456789ABCDEF"

// forbidden reports whether c has to be percent-encoded: what NATS forbids in
// a subject token, the percent sign itself, and the slash, because
// "channel/order" is a key elsewhere.
func forbidden(c byte) bool {
	switch c {
	case ' ', '.', '*', '>', '%', '/', 0x7f:
		return true
	}
	return c < ' '
}

// Token encodes an id as one subject token. Untoken undoes it. Redis keys
// use the same encoding. It is total, so that every caller may
// build strings from it; whether the id may be used at all is said by CheckID.
func Token(id string) string {
	n := escapes(id)
	if n == 0 {
		return id
	}
	out := make([]byte, 0, len(id)+2*n)
	for i := 0; i < len(id); i++ {
		if c := id[i]; forbidden(c) {
			out = append(out, '%', upperHex[c>>4], upperHex[c&15])
		} else {
			out = append(out, c)
		}
	}
	return string(out)
}

// Untoken decodes a token. It accepts exactly what Token produces from an id
// that passes CheckID, so an id has one spelling on the wire.
func Untoken(token string) (string, error) {
	id := token
	if strings.IndexByte(token, '%') >= 0 {
		out := make([]byte, 0, len(token))
		for i := 0; i < len(token); i++ {
			c := token[i]
			if c == '%' {
				if len(token)-i < 3 {
					return "", ErrBadToken
				}
				hi, lo := unhex(token[i+1]), unhex(token[i+2])
				if hi < 0 || lo < 0 {
					return "", ErrBadToken
				}
				c = byte(hi<<4 | lo)
				i += 2
			}
			out = append(out, c)
		}
		id = string(out)
	}
	if err := CheckID(id); err != nil {
		return "", err
	}
	if Token(id) != token {
		return "", ErrBadToken
	}
	return id, nil
}

// CheckID reports why id cannot name an order, a channel or anything else
// that becomes a token: ErrEmptyID, ErrLongID or ErrIDUTF8. Dots, slashes and
// spaces are fine.
func CheckID(id string) error {
	switch {
	case id == "":
		return ErrEmptyID
	case len(id)+2*escapes(id) > MaxToken:
		return ErrLongID
	case !utf8.ValidString(id):
		return ErrIDUTF8
	}
	return nil
}

// escapes counts the bytes of id that Token encodes.
func escapes(id string) int {
	n := 0
	for i := 0; i < len(id); i++ {
		if forbidden(id[i]) {
			n++
		}
	}
	return n
}

// unhex is the value of an upper-case hexadecimal digit, or -1.
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
