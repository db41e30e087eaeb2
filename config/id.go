package config

import (
	"fmt"
	"strings"
)

const (
	maxID  = 64
	idHint = "lower-case a to z, 0 to 9 and hyphens, at most 64, such as kallio-2"
)

// checkID says what is wrong with an id and at which byte, or nothing. Ids
// become parts of subjects, Redis keys and slot ids, which must never need
// escaping. The characters of also are allowed too.
func checkID(id, also string) (problem string, offset int) {
	if id == "" {
		return "an id is empty", 0
	}
	if len(id) > maxID {
		return fmt.Sprintf("the id has %d characters, more than %d", len(id), maxID), maxID
	}
	for i, r := range id {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && !strings.ContainsRune(also, r) {
			return fmt.Sprintf("there is %q in it", r), i
		}
	}
	return "", 0
}
