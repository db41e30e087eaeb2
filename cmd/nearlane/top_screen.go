package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// What a terminal is told. The screen that was there comes back at the end.
const (
	enterScreen = "\033[?1049h\033[?25l"
	leaveScreen = "\033[?25h\033[?1049l"
	toTheTop    = "\033[H"
	clearLine   = "\033[K"
	clearBelow  = "\033[J"
)

// refresh shows glance after glance until q is pressed or ctx is done.
func (o *topOptions) refresh(ctx context.Context, w *watcher, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer onQuit(cancel)()
	if _, err := io.WriteString(out, enterScreen); err != nil {
		return err
	}
	defer io.WriteString(out, leaveScreen)
	for {
		seen, err := w.look(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil: // NATS may come back
			_, err = io.WriteString(out, toTheTop+cell(err.Error(), lastWidth)+clearLine+"\r\n"+clearBelow)
		default:
			err = draw(out, seen)
		}
		if err != nil {
			return err
		}
		if sleep(ctx, o.every) != nil {
			return nil
		}
	}
}

// draw writes one glance over the last, in one go so that it does not flicker.
func draw(out io.Writer, g *glance) error {
	columns, rows := width, 24
	if f, ok := out.(*os.File); ok {
		if c, r, err := term.GetSize(int(f.Fd())); err == nil && c > 0 && r > 0 {
			columns, rows = c, r
		}
	}
	var b bytes.Buffer
	if err := g.show(&b, columns, rows-1, colour(out)); err != nil {
		return err
	}
	text := strings.ReplaceAll(b.String(), "\n", clearLine+"\r\n")
	_, err := io.WriteString(out, toTheTop+text+clearBelow)
	return err
}

// onQuit calls quit when q or Ctrl-C is pressed, if a terminal is there to press
// them on, and gives the way back to how the terminal was.
func onQuit(quit func()) (restore func()) {
	in := int(os.Stdin.Fd())
	if !term.IsTerminal(in) {
		return func() {}
	}
	was, err := term.MakeRaw(in)
	if err != nil {
		return func() {}
	}
	go func() { // ends with the process: a read from a terminal cannot be called off
		key := make([]byte, 1)
		for {
			if n, err := os.Stdin.Read(key); err != nil || n == 1 && (key[0] == 'q' || key[0] == 'Q' || key[0] == 3) {
				quit()
				return
			}
		}
	}()
	return func() { _ = term.Restore(in, was) }
}
