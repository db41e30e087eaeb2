package main

import (
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/legible"
)

// Exit codes, those of sysexits(3) where it has one.
const (
	exitOK          = 0
	exitFailed      = 1
	exitFindings    = 2  // differs, or findings
	exitUsage       = 64 // the command line
	exitData        = 65 // what is in an input file
	exitNoInput     = 66 // there is no such input file
	exitUnavailable = 69 // a server is unreachable, too old or unsafe
	exitCantCreate  = 73 // a port or folder is not to be had
	exitConfig      = 78
)

// codedError is an error with its exit code.
type codedError struct {
	code int
	err  error
}

func (e codedError) Error() string { return e.err.Error() }
func (e codedError) Unwrap() error { return e.err }

// usageError is a command line that cannot be meant.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// silentError ends a command that has said already what is wrong.
type silentError struct{ code int }

func (e silentError) Error() string { return "" }

// exitCode is the exit code of whatever a command returned.
func exitCode(err error) int {
	var coded codedError
	var usage usageError
	var silent silentError
	var settings *stream.SettingsError
	var follow *app.FollowError
	var hidden *app.HiddenError
	switch {
	case errors.As(err, &coded):
		return coded.code
	case errors.As(err, &silent):
		return silent.code
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"):
		return exitUsage
	case errors.Is(err, embedded.ErrLocked), errors.Is(err, embedded.ErrUnavailable):
		return exitCantCreate
	case errors.Is(err, stream.ErrUnreachable), errors.Is(err, stream.ErrTooOld), errors.Is(err, stream.ErrNoJetStream), errors.Is(err, stream.ErrUnsafe),
		errors.Is(err, stream.ErrNoBucket),
		errors.Is(err, ledger.ErrUnreachable), errors.Is(err, ledger.ErrTooOld), errors.Is(err, ledger.ErrUnsafe),
		errors.As(err, &settings), errors.Is(err, app.ErrForeign), errors.Is(err, app.ErrApart), errors.Is(err, app.ErrDamaged):
		return exitUnavailable
	case errors.As(err, &follow), errors.As(err, &hidden):
		return exitConfig
	}
	return exitFailed
}

// raw is what a command writes to, for bytes that stay what they are: those of
// a message, and what tells a terminal where to write.
func raw(w io.Writer) io.Writer {
	if l, ok := w.(*legible.Writer); ok {
		return l.Raw()
	}
	return w
}

// terminalIn reports whether a person types into r.
func terminalIn(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminal reports whether w is one.
func terminal(w io.Writer) bool {
	f, ok := raw(w).(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
