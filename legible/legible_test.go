package legible

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in      string
		columns int
		want    string
	}{
		{"", 5, ""}, {"kallio/bike", 0, "kallio/bike"}, {"Jätkäsaari → 10–12", 40, "Jätkäsaari → 10–12"}, {"a\u0308", 0, "a\u0308"},
		{"\x1b[2J", 0, `\u001b[2J`}, {"a\nb\r\tc", 0, `a\nb\r\tc`}, {"\u009b1m", 0, `\u009b1m`}, {"\u202eabc", 0, `\u202eabc`},
		{"\xff\x80a", 0, `\xff\x80a`}, {"a\u200bb\ufeff", 0, `a\u200bb\ufeff`}, {"\U000e0041", 0, `\udb40\udc41`}, {"❤\ufe0f", 0, `❤\ufe0f`},
		{"\u3164\u115f\u034f\u2800", 0, `\u3164\u115f\u034f` + "\u2800"}, {"\u0301a", 0, `\u0301a`}, {"a\u0301\u0301\u0301\u0301", 0, "a\u0301\u0301\u0301" + `\u0301`},
		{"\u00a0\u2003", 0, `\u00a0\u2003`}, {"abcdef", 6, "abcdef"}, {"abcdefg", 6, "abcde…"}, {"港区港区", 8, "港区港区"}, {"港区港区", 7, "港区港…"}, {"港区港区", 6, "港区…"},
	} {
		if got := Text(tt.in, tt.columns); got != tt.want || tt.columns > 0 && Width(got) > tt.columns {
			t.Errorf("%q in %d: got %q, want %q", tt.in, tt.columns, got, tt.want)
		}
	}
	if got, want := string(Lines([]byte("a\x1b\n\tb\xff\u202e\r\n"))), "a"+`\u001b`+"\n\tb"+`\xff\u202e\u000d`+"\n"; got != want {
		t.Errorf("lines: got %q, want %q", got, want)
	}
}

// Whatever is written, and however it is cut into writes, nothing steers; and
// JSON means what it meant.
func TestWriter(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if utf8.ValidRune(r) && !Plain(r) && (unicode.In(r, unicode.Cc, unicode.Cf, unicode.Z) || r == 0x34f || r == 0xfe0f) {
			all.WriteRune(r)
		}
	}
	raw := `{"a": "` + strings.NewReplacer("\x00", "", "\n", "", "\t", "").Replace(strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1 // no JSON has these
		}
		return r
	}, all.String())) + `"}`
	var want, got map[string]string
	if err := json.Unmarshal([]byte(raw), &want); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, 2, 3, 5, len(raw)} {
		var out strings.Builder
		w := NewWriter(&out, false)
		for from := 0; from < len(raw); from += size {
			if n, err := w.Write([]byte(raw[from:min(from+size, len(raw))])); err != nil || n != min(size, len(raw)-from) {
				t.Fatalf("wrote %d, %v", n, err)
			}
		}
		if strings.ContainsFunc(out.String(), func(r rune) bool { return !Plain(r) }) {
			t.Errorf("by %d bytes: something not plain comes out", size)
		}
		if err := json.Unmarshal([]byte(out.String()), &got); err != nil || got["a"] != want["a"] {
			t.Errorf("by %d bytes: it is other JSON: %v", size, err)
		}
	}
	for colours, want := range map[bool]string{true: "\x1b[31mred\x1b[0m" + `\u001b[2J\u001b]0;x\u0007` + "\n\t", false: `\u001b[31mred\u001b[0m\u001b[2J\u001b]0;x\u0007` + "\n\t"} {
		var out strings.Builder
		w := NewWriter(&out, colours)
		if _, err := w.Write([]byte("\x1b[31mred\x1b[0m\x1b[2J\x1b]0;x\a\n\t\xe2\x82")); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("colours %t: got %q, want %q", colours, out.String(), want)
		}
		if err := w.Close(); err != nil || out.String() != want+`\ufffd` {
			t.Errorf("at the end: got %q, %v", out.String(), err)
		}
	}
}
