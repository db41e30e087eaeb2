package event

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// DecisionID is the id of the decision on k with this basis. Whoever decides
// the same order on the same basis gives it the same id; the compare-and-set
// lets one of them through.
func DecisionID(k Key, basis uint64) string {
	var room [idRoom]byte
	text := append(k.appendTo(append(room[:0], "decision/"...)), '/')
	return shortHash(strconv.AppendUint(text, basis, 10))
}

// DispatchID is the id of the dispatch of one consignment at one attempt.
func DispatchID(k Key, consignmentID string, attempt int) string {
	var room [idRoom]byte
	text := append(k.appendTo(append(room[:0], "dispatch/"...)), '/')
	text = append(append(text, Token(consignmentID)...), '/')
	return shortHash(strconv.AppendInt(text, int64(attempt), 10))
}

// idRoom is enough for what most ids are made of.
const idRoom = 128

// shortHash is the first half of a SHA-256 in hexadecimal: 32 characters.
func shortHash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:sha256.Size/2])
}
