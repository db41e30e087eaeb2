package config

import (
	"strings"
	"testing"
)

// TestExcerpt wants the caret under the character, whatever the line is like.
func TestExcerpt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, line, want string // want is the character above the caret
	}{
		{"plain", "abc‸def", "d"},
		{"behind the end", "abc‸", ""},
		{"tab", "\ta\t‸b", "b"},
		{"wide letters", "äöü‸ß", "ß"},
		{"escape sequence", "a\x1b[31m‸b", "b"},
		{"long", strings.Repeat("x", 500) + "‸y" + strings.Repeat("z", 500), "y"},
		{"long, at its end", strings.Repeat("x", 500) + "‸y", "y"},
	} {
		before, _, _ := strings.Cut(c.line, mark)
		got := excerpt([]string{"first", strings.Replace(c.line, mark, "", 1)}, position{2, len([]rune(before)) + 1})
		rows := strings.Split(got, "\n")
		if len(rows) != 4 || rows[0] != "  1 | first" {
			t.Fatalf("%s: got %q, want two lines and a caret", c.name, got)
		}
		line, caret := []rune(rows[1]), strings.IndexByte(rows[2], '^')
		above := string(line[min(caret, len(line)):min(caret+1, len(line))])
		if above != c.want {
			t.Errorf("%s: got the caret under %q, want %q:\n%s", c.name, above, c.want, got)
		}
		if len(line) > excerptWidth+8 || strings.ContainsAny(got, "\t\x1b") {
			t.Errorf("%s: got an excerpt that does not print well: %q", c.name, got)
		}
	}
}
