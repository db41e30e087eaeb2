// Package redact shows the URLs of servers without what is secret in them.
package redact

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// URL is the URL of a server, or several with commas between them. It prints
// scheme, host and port, the socket of unix:// and the number of a database;
// user, password, path, query and fragment may each be a token or a key, and
// print as ***. Only Reveal gives the text away, to the client that connects.
type URL struct{ text string }

const masked = "***"

// unreadable is printed of a URL whose parts cannot be told apart.
const unreadable = "(unreadable URL)"

// New wraps a URL. It may be none.
func New(text string) URL { return URL{text} }

// Reveal is the text itself.
func (u URL) Reveal() string { return u.text }

// String is what may be shown.
func (u URL) String() string {
	if u.text == "" {
		return ""
	}
	var shown []string
	for i, one := range u.each() {
		// A comma in a password cuts it in two, and what is in front of it is no host.
		half := i > 0 && !strings.Contains(one, "://") && strings.Contains(one, "@")
		if shown = append(shown, show(one)); half || shown[i] == unreadable {
			return unreadable
		}
	}
	return strings.Join(shown, ",")
}

// GoString is what %#v prints.
func (u URL) GoString() string { return fmt.Sprintf("redact.URL(%q)", u.String()) }

// Format covers every verb, so that %d does not look inside.
func (u URL) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		fmt.Fprint(f, u.GoString())
		return
	}
	fmt.Fprint(f, u.String())
}

// MarshalText is what JSON, YAML and logs print.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

func (u URL) each() []string {
	list := strings.Split(u.text, ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// read parses one URL; NATS does without a scheme.
func read(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "//" + text
	}
	return url.Parse(text)
}

func show(text string) string {
	u, err := read(text)
	// With a @ behind the host, the host is the beginning of a password.
	if err != nil || strings.Contains(u.Path+u.RawQuery+u.Fragment, "@") {
		return unreadable
	}
	var b strings.Builder
	if u.Scheme != "" {
		b.WriteString(u.Scheme + "://")
	}
	if u.User != nil {
		b.WriteString(masked + "@")
	}
	b.WriteString(u.Host)
	switch path := strings.Trim(u.Path, "/"); {
	case u.Scheme == "unix", strings.HasPrefix(u.Scheme, "redis") && strings.Trim(path, "0123456789") == "" && len(path) < 6:
		b.WriteString(u.Path)
	case path != "":
		b.WriteString("/" + masked)
	}
	if u.RawQuery != "" {
		b.WriteString("?" + masked)
	}
	if u.Fragment != "" {
		b.WriteString("#" + masked)
	}
	return b.String()
}

// Clean is an error about the URL that does not repeat what is secret in it;
// nil for nil. Clients quote what they were given, in words of their own.
func (u URL) Clean(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	var about *url.Error
	if errors.As(err, &about) {
		inner := about.Err.Error()
		if about.Op == "parse" {
			inner = "its URL cannot be read" // the reason quotes the part that is wrong
		}
		text = strings.ReplaceAll(text, about.Error(), inner)
	}
	for _, secret := range u.secrets() {
		text = strings.ReplaceAll(text, secret, masked)
	}
	return &cleaned{text, err}
}

type cleaned struct {
	text string
	err  error
}

func (c *cleaned) Error() string { return c.text }
func (c *cleaned) Unwrap() error { return c.err }

// leastSecret is the shortest text that is taken out of errors: what is shorter
// stands in half of all words.
const leastSecret = 4

// secrets are the parts that String hides, as they are written and as they are
// meant, longest first.
func (u URL) secrets() []string {
	found := []string{u.text}
	for _, one := range u.each() {
		found = append(found, one)
		rest := withoutScheme(one)
		if i := strings.LastIndexByte(rest, '@'); i >= 0 {
			found = append(append(found, rest[:i]), strings.FieldsFunc(rest[:i], func(r rune) bool { return r == ':' || r == '/' })...)
		}
		parsed, err := read(one)
		if err != nil {
			continue
		}
		if parsed.User != nil {
			password, _ := parsed.User.Password()
			found = append(found, parsed.User.Username(), password)
		}
		found = append(found, strings.Trim(parsed.Path, "/"), strings.Trim(parsed.EscapedPath(), "/"), parsed.RawQuery, parsed.Fragment, parsed.EscapedFragment())
		for name, values := range parsed.Query() {
			found = append(append(found, name), values...)
		}
	}
	shown := u.String()
	if shown == unreadable { // what looks like a host may be none
		for _, one := range u.each() {
			found = append(found, strings.FieldsFunc(withoutScheme(one), func(r rune) bool { return strings.ContainsRune("/:@?#&=", r) })...)
		}
	}
	found = slices.DeleteFunc(found, func(s string) bool { return len(s) < leastSecret || strings.Contains(shown, s) })
	slices.SortFunc(found, func(a, b string) int { return len(b) - len(a) })
	return found
}

func withoutScheme(text string) string {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		return rest
	}
	return text
}
