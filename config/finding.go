package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a finding keeps the config from being loaded.
type Severity string

const (
	Error   Severity = "error"   // the config is not loaded
	Warning Severity = "warning" // the config is loaded; somebody should look
	Note    Severity = "note"    // the config is loaded and may well be meant so
)

// Codes of findings. They are stable, so that a CI job may branch on them.
const (
	CodeFile        = "file"              // a file cannot be read, or is not what it should be
	CodeTooLarge    = "too_large"         // the file is longer than MaxFileBytes, or nested too deep
	CodeSyntax      = "syntax"            // not YAML; only the first mistake is known
	CodeYAML        = "yaml_feature"      // YAML that a config does not use: aliases, merge keys, tags
	CodeUnknownKey  = "unknown_key"       // a key that means nothing here
	CodeDuplicate   = "duplicate"         // a key or an item that is there already
	CodeType        = "wrong_type"        // a list where a text should stand, and the like
	CodeMissing     = "missing"           // something required is not there
	CodeID          = "bad_id"            // an id that is not lower-case a-z, 0-9 and hyphens
	CodeValue       = "bad_value"         // a value that cannot be read
	CodeRange       = "out_of_range"      // a value that can be read and cannot be right
	CodeReference   = "unknown_reference" // a name that nothing in the file has
	CodeCycle       = "cycle"             // fallbacks that lead back to where they started
	CodeConflict    = "conflict"          // two things that exclude each other, or neither of two
	CodeRegion      = "other_region"      // a lane and a locker that lie in two regions
	CodePlace       = "implausible_place" // coordinates that are nowhere near the rest
	CodeCatchment   = "bad_catchment"     // a shape that yields no cells, or cannot be compiled
	CodeHorizon     = "horizon"           // a promise that outlives the journal
	CodeEnv         = "env"               // ${NAME} where it is not expanded, or without a value
	CodeUnsupported = "unsupported"       // understood, and not supported yet
	CodeUnused      = "unused"            // defined, and nothing refers to it
	CodeSecret      = "secret_in_file"    // a secret written into the file
	CodeClearText   = "clear_text"        // personal data that goes over a network unencrypted
	CodeFallback    = "no_fallback"       // something that may fail, and nothing stands in
	CodeHidden      = "live_claims"       // claims that the running router counts, and this config would not
)

// Finding is one mistake, where it stands and what to do about it. Every
// finding has a hint.
type Finding struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`   // from 1; 0: the file as a whole
	Column   int      `json:"column"` // from 1, in characters
	Path     string   `json:"path"`   // $.sites.kallio.lanes.bike.blocks[1]
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint"`
	Excerpt  string   `json:"excerpt,omitzero"` // the lines around it, with a caret; secrets are masked
}

// String is the finding on one line, without excerpt: what editors and CI
// logs turn into a link.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s [%s]; %s", f.place(), f.Severity, f.Message, f.Code, f.Hint)
}

func (f Finding) place() string {
	if f.Line == 0 {
		return f.File
	}
	return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
}

// Findings are all that one run found, in the order of the file.
type Findings []Finding

// Errors counts the findings that keep the config from being loaded.
func (f Findings) Errors() int { return f.Count(Error) }

// Count counts the findings of one severity.
func (f Findings) Count(s Severity) int {
	n := 0
	for _, one := range f {
		if one.Severity == s {
			n++
		}
	}
	return n
}

// Err is nil if the config was loaded, and otherwise an error that names the
// number of mistakes and the first of them.
func (f Findings) Err() error {
	n := f.Errors()
	for _, one := range f {
		if one.Severity != Error {
			continue
		}
		if n == 1 {
			return fmt.Errorf("%s: %s", one.place(), one.Message)
		}
		return fmt.Errorf("%s: %s (and %d more)", one.place(), one.Message, n-1)
	}
	return nil
}

// String is one line per finding.
func (f Findings) String() string {
	var b strings.Builder
	for _, one := range f {
		b.WriteString(one.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// Format is for people: each finding with its excerpt, its path and its hint.
func (f Findings) Format() string {
	var b strings.Builder
	for i, one := range f {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %s: %s [%s]\n", one.place(), one.Severity, one.Message, one.Code)
		b.WriteString(one.Excerpt)
		fmt.Fprintf(&b, "  at:   %s\n  hint: %s\n", one.Path, one.Hint)
	}
	return b.String()
}

// Merge is both lists as one, in the order of the file and without repeats.
func (f Findings) Merge(more Findings) Findings {
	return slices.Concat(f, more).sorted()
}

// sorted puts the findings into the order of the file and drops repeats.
func (f Findings) sorted() Findings {
	slices.SortStableFunc(f, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(f)
}
