package config

import (
	"regexp"
	"slices"
	"strings"
)

// blanked stands where a secret stood. It means nothing to YAML.
const blanked = "blanked"

// credentials are those of a URL, wherever it stands, in a comment as well.
var credentials = regexp.MustCompile(`://[^\s"'/@]+@`)

// comments stand on lines of their own, or behind what they are about.
var comments = regexp.MustCompile(`(?m)(?:^|[ \t])#.*$`)

// HoldsSecrets reports whether the file writes a secret out, instead of saying
// where it is kept.
func (b *Bundle) HoldsSecrets() bool {
	return len(b.literals) > 0 || credentials.MatchString(b.Text)
}

// Blanked is the bundle without the secrets that its file writes out, in
// comments as well. It loads as before: no secret is part of a network.
func (b *Bundle) Blanked() *Bundle {
	out := *b
	out.Text = credentials.ReplaceAllString(out.Text, "://"+blanked+"@")
	for _, secret := range slices.Concat(b.literals, b.paths) {
		secret = credentials.ReplaceAllString(secret, "://"+blanked+"@") // gone already
		if !strings.Contains(out.Text, secret) {                         // written with escapes: better a text that does not load
			out.Text = mask(out.Text)
		}
		out.Text = strings.ReplaceAll(out.Text, secret, blanked)
	}
	out.literals, out.paths = nil, nil
	out.Text = comments.ReplaceAllStringFunc(out.Text, mask)
	return &out
}
