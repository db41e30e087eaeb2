package lanes

import (
	"fmt"
	"strings"
)

// SyntaxError says what is wrong with a string that a person wrote, and where.
// Every parser of this package returns its errors as *SyntaxError.
type SyntaxError struct {
	Offset int    // in bytes into the string, 0 to its length
	Msg    string // what is wrong
	Hint   string // what to write instead; may be empty
}

func (e *SyntaxError) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("at byte %d: %s", e.Offset, e.Msg)
	}
	return fmt.Sprintf("at byte %d: %s (%s)", e.Offset, e.Msg, e.Hint)
}

// maxQuoted is how much of a string a message repeats, in bytes.
const maxQuoted = 32

// scanner reads a string from left to right. Its methods that return an error
// return a *SyntaxError.
type scanner struct {
	text string
	at   int
}

// fail makes an error at the given offset.
func (s *scanner) fail(offset int, hint, format string, args ...any) error {
	return &SyntaxError{Offset: offset, Msg: fmt.Sprintf(format, args...), Hint: hint}
}

// unexpected makes an error at the current place: want was wanted there.
func (s *scanner) unexpected(want string) error {
	rest := s.text[s.at:]
	for _, dash := range []string{"–", "—", "−"} {
		if strings.HasPrefix(rest, dash) {
			return s.fail(s.at, `write a plain "-"`, "expected %s, found %q", want, dash)
		}
	}
	if rest == "" {
		return s.fail(s.at, "", "expected %s, found the end", want)
	}
	found := rest[:max(strings.IndexAny(rest+" ", " \t,;"), 1)]
	if len(found) > maxQuoted {
		found = strings.ToValidUTF8(found[:maxQuoted], "") + "…"
	}
	return s.fail(s.at, "", "expected %s, found %q", want, found)
}

func (s *scanner) done() bool { return s.at == len(s.text) }

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.done() {
		return 0
	}
	return s.text[s.at]
}

// eat steps over b if it is next.
func (s *scanner) eat(b byte) bool {
	if s.done() || s.text[s.at] != b {
		return false
	}
	s.at++
	return true
}

// spaces steps over blanks and reports whether there were any.
func (s *scanner) spaces() bool {
	from := s.at
	for s.eat(' ') {
	}
	return s.at > from
}

// word steps over a run of ASCII letters and returns it.
func (s *scanner) word() string {
	from := s.at
	for !s.done() && isLetter(s.text[s.at]) {
		s.at++
	}
	return s.text[from:s.at]
}

// digits steps over a run of ASCII digits and returns it.
func (s *scanner) digits() string {
	from := s.at
	for !s.done() && isDigit(s.text[s.at]) {
		s.at++
	}
	return s.text[from:s.at]
}

// end refuses anything that is left.
func (s *scanner) end() error {
	s.spaces()
	if !s.done() {
		return s.unexpected("the end")
	}
	return nil
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
func isDigit(b byte) bool  { return '0' <= b && b <= '9' }

// small returns the number that a short run of digits stands for.
func small(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
