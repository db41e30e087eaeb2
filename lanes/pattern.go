package lanes

import "strings"

// Pattern stands for skus: "mug-*" for all that begin with mug-. A "*" is any
// run of characters, also none; everything else is itself. The zero Pattern
// matches nothing.
type Pattern struct {
	text  string
	parts []string // between the stars
}

// ParsePattern reads a pattern. What other tools read as a wildcard or a set
// is refused, because here it would silently match nothing.
func ParsePattern(text string) (Pattern, error) {
	s := &scanner{text: text}
	if text == "" {
		return Pattern{}, s.fail(0, `"*" is every sku`, "the pattern is empty")
	}
	if i := strings.IndexAny(text, "?[]{}\\ \t\r\n"); i >= 0 {
		return Pattern{}, s.fail(i, `only "*" is special in a pattern`, "%q is not supported in a pattern", text[i:i+1])
	}
	return Pattern{text: text, parts: strings.Split(text, "*")}, nil
}

// String returns the pattern as it was written.
func (p Pattern) String() string { return p.text }

// Match reports whether the pattern stands for the sku.
func (p Pattern) Match(sku string) bool {
	last := len(p.parts) - 1
	switch {
	case last < 0:
		return false
	case last == 0:
		return sku == p.text
	case !strings.HasPrefix(sku, p.parts[0]):
		return false
	}
	sku = sku[len(p.parts[0]):]
	for _, part := range p.parts[1:last] {
		i := strings.Index(sku, part)
		if i < 0 {
			return false
		}
		sku = sku[i+len(part):]
	}
	return strings.HasSuffix(sku, p.parts[last])
}

// MatchAny reports whether one of the patterns stands for the sku.
func MatchAny(patterns []Pattern, sku string) bool {
	for i := range patterns {
		if patterns[i].Match(sku) {
			return true
		}
	}
	return false
}
