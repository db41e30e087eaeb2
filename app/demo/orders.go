package demo

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// WriteOrders writes the sound orders of the day that o describes, one JSON
// object a line in the order of placing, and starts nothing. What o says of
// pace and show has no effect.
func WriteOrders(w io.Writer, o Options) error {
	h, err := openHome()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, e := range newDay(o, h).plan {
		if e.Kind == Placed {
			out.Write(e.Message.Data)
			out.WriteByte('\n')
		}
	}
	if err := out.Flush(); err != nil {
		return errors.Join(fmt.Errorf("write orders: %w", err), h.remove())
	}
	return h.remove()
}
