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
	return shortHash("decision/" + k.String() + "/" + strconv.FormatUint(basis, 10))
}

// DispatchID is the id of the dispatch of one consignment at one attempt.
func DispatchID(k Key, consignmentID string, attempt int) string {
	return shortHash("dispatch/" + k.String() + "/" + Token(consignmentID) + "/" + strconv.Itoa(attempt))
}

// shortHash is the first half of a SHA-256 in hexadecimal: 32 characters.
func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:sha256.Size/2])
}
