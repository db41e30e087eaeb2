package main

import (
	"strings"

	"github.com/nearlane/nearlane/legible"
)

// How many columns a text that others wrote may take where it stands beside
// others. What is longer is cut; --json has it whole.
const (
	codeWidth = 24  // a channel, a code, a revision
	idWidth   = 48  // an id, a pointer, a subject, a person
	lastWidth = 120 // a reason, a message: the last on its line
)

// cell is a text that others wrote, as it may stand in a line or a table.
func cell(s string, columns int) string { return legible.Text(s, columns) }

// plain is a text that others wrote, of several lines on one, and all of it.
func plain(s string) string { return legible.Text(strings.ReplaceAll(s, "\n", " "), 0) }
