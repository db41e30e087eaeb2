package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/nearlane/nearlane/config"
)

// findingFormats are the ways to write findings.
var findingFormats = map[string]func(io.Writer, config.Findings) error{
	"text": func(w io.Writer, f config.Findings) error {
		_, err := io.WriteString(w, f.Format())
		return err
	},
	"json": func(w io.Writer, f config.Findings) error {
		return writeJSON(w, append(config.Findings{}, f...))
	},
	"github": writeAnnotations,
	"sarif":  writeSARIF,
}

// Workflow commands of GitHub Actions end at a line's end and part their
// properties by commas and colons.
var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeAnnotations writes a workflow command of GitHub Actions for each
// finding, which shows it beside the line in a pull request.
func writeAnnotations(w io.Writer, findings config.Findings) error {
	levels := map[config.Severity]string{config.Error: "error", config.Warning: "warning", config.Note: "notice"}
	for _, f := range findings {
		at := "file=" + escapeProperty.Replace(f.File)
		if f.Line > 0 {
			at += fmt.Sprintf(",line=%d,col=%d", f.Line, f.Column)
		}
		_, err := fmt.Fprintf(w, "::%s %s,title=%s::%s\n", levels[f.Severity], at,
			escapeProperty.Replace("nearlane "+f.Code), escapeData.Replace(f.Message+"\nhint: "+f.Hint))
		if err != nil {
			return err
		}
	}
	return nil
}
