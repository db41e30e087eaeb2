package main

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

type readLine struct {
	Number  int
	Text    string
	TooLong bool
}

func readAllLines(l *lines) []readLine {
	var got []readLine
	for l.next() {
		got = append(got, readLine{l.number, string(l.text), l.tooLong})
	}
	return got
}

func TestLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100_000) // longer than what is read at once
	for name, test := range map[string]struct {
		in   string
		most int
		want []readLine
	}{
		"none":                  {"", 10, nil},
		"blank ones":            {"\n \r\n\n", 10, nil},
		"last without its end":  {"a\nb", 10, []readLine{{1, "a", false}, {2, "b", false}}},
		"blank between":         {"a\r\n\r\n  b \n", 10, []readLine{{1, "a", false}, {3, "b", false}}},
		"exactly so long":       {"12345\n12345", 5, []readLine{{1, "12345", false}, {2, "12345", false}}},
		"too long":              {"1234567\nb\n", 5, []readLine{{1, "123456", true}, {2, "b", false}}},
		"far too long":          {long + "\nb\n", 5, []readLine{{1, "xxxxxx", true}, {2, "b", false}}},
		"over several lines":    {"{\n  \"a\": [\n   1]\n}\n{}\n", 20, []readLine{{1, "{\n\"a\": [\n1]\n}", false}, {5, "{}", false}}},
		"braces in a text":      {"{\"a\": \"{\\\"[\"}\nb", 20, []readLine{{1, "{\"a\": \"{\\\"[\"}", false}, {2, "b", false}}},
		"never closed":          {"{\"a\":\n{}\n{\n", 20, []readLine{{1, "{\"a\":", false}, {2, "{}", false}, {3, "{", false}}},
		"too long together":     {"{\n 1234567\n}\n", 5, []readLine{{1, "{\n12345", true}, {3, "}", false}}},
		"only blanks, too long": {"           \nb\n", 5, []readLine{{1, "", true}, {2, "b", false}}},
		"long":                  {long + "\nb\n", 100_000, []readLine{{1, long, false}, {2, "b", false}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLines(strings.NewReader(test.in), test.most)
			got := readAllLines(l)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
			if l.err != nil {
				t.Errorf("error: got %v, want nil", l.err)
			}
		})
	}
}

func TestLinesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken pipe")
	l := newLines(iotest.ErrReader(broken), 10)
	if got := readAllLines(l); got != nil || !errors.Is(l.err, broken) {
		t.Errorf("got %v with error %v, want no lines with %v", got, l.err, broken)
	}
}
