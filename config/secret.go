package config

import (
	"fmt"
	"regexp"
	"strings"
)

// Secret is a text that never prints: not by %v, %+v, %#v or %d, not as JSON
// and not in a log. Only Reveal gives it away.
type Secret struct{ text string }

const masked = "***"

// NewSecret wraps a text that does not come from a file.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal is the text itself.
func (s Secret) Reveal() string { return s.text }

// Empty reports whether there is no secret.
func (s Secret) Empty() bool { return s.text == "" }

// String is *** for any secret and empty for none.
func (s Secret) String() string {
	if s.Empty() {
		return ""
	}
	return masked
}

// GoString is what %#v prints.
func (s Secret) GoString() string { return fmt.Sprintf("config.Secret(%q)", s.String()) }

// Format covers every verb, so that %d does not look inside.
func (s Secret) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		fmt.Fprint(f, s.GoString())
		return
	}
	fmt.Fprint(f, s.String())
}

// MarshalText is what JSON and YAML print.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// secretKeys finds the values of keys that hold secrets, whatever the rest of
// the file looks like: a file with a syntax error has no tree to ask.
var secretKeys = regexp.MustCompile(`(?i)(\b(?:url|orderDigest)["']?[ \t]*:)` +
	`([ \t]*(?:\r?\n[ \t]+)?)` +
	`("(?:[^"\\]|\\.)*"?|'[^']*'?|[|>][^\n]*(?:\n[ \t]+[^\n]*)*|[^\s{\[][^\n]*)`)

// harmless is a secret's value that may be shown: nothing, or where it is kept.
var harmless = regexp.MustCompile(`^["']?(?:\$\{\w+\}|file:[^\s,}"']*)?["']?(?:\s*[,}].*|\s+#.*|\s*)$`)

// mask hides the values of secretKeys, character by character, so that columns
// stay what they are.
func mask(text string) string {
	return secretKeys.ReplaceAllStringFunc(text, func(found string) string {
		parts := secretKeys.FindStringSubmatch(found)
		if harmless.MatchString(parts[3]) {
			return found
		}
		hidden := strings.Map(func(r rune) rune {
			if r == '\n' || r == '"' || r == '\'' {
				return r
			}
			return '*'
		}, parts[3])
		return parts[1] + parts[2] + hidden
	})
}
