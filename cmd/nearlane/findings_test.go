package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
)

// checked runs nearlane check.
func checked(t *testing.T, args ...string) (stdout string, code int) {
	t.Helper()
	var out, talk bytes.Buffer
	code = run(t.Context(), append([]string{"check"}, args...), strings.NewReader(""), &out, &talk)
	return out.String(), code
}

// TestThirtyMistakes wants thirty different mistakes of one file in one run,
// each at its line and column, each with a hint, and nothing else.
func TestThirtyMistakes(t *testing.T) {
	t.Parallel()
	const file = "testdata/mistakes.yaml"
	want := []string{
		"2:10 bad_id", "3:11 bad_value", "4:1 unknown_key", "5:26 unknown_reference", "6:20 out_of_range",
		"7:14 env", "7:55 bad_value", "8:36 bad_value", "10:32 bad_value", "12:20 bad_value",
		"16:29 duplicate", "17:26 bad_value", "20:5 conflict", "21:15 cycle", "23:14 horizon",
		"25:41 bad_value", "30:15 out_of_range", "31:50 bad_value", "33:19 bad_value", "36:18 unknown_reference",
		"37:24 wrong_type", "39:31 bad_value", "40:29 out_of_range", "41:19 other_region", "42:7 missing",
		"44:31 duplicate", "45:30 file", "48:29 unknown_key", "53:27 bad_value", "54:12 out_of_range",
	}
	if len(want) != 30 {
		t.Fatalf("got %d places, want thirty", len(want))
	}
	stdout, code := checked(t, "--format", "json", file)
	if code != exitConfig {
		t.Errorf("got exit code %d, want %d", code, exitConfig)
	}
	var found config.Findings
	if err := json.Unmarshal([]byte(stdout), &found); err != nil {
		t.Fatal(err)
	}
	var got []string
	said := map[string]bool{}
	for _, f := range found {
		got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
		if f.File != file || f.Hint == "" || f.Excerpt == "" || f.Severity != config.Error {
			t.Errorf("got an incomplete finding: %+v", f)
		}
		if said[f.Message] {
			t.Errorf("two findings say %q", f.Message)
		}
		said[f.Message] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}

// sarif is what a code scanner reads, by the names of the standard.
type sarif struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		ColumnKind string
		Tool       struct {
			Driver struct {
				Name, Version, InformationURI string
				Rules                         []struct {
					ID                     string
					ShortDescription, Help struct{ Text string }
					DefaultConfiguration   struct{ Level string }
				}
			}
		}
		Results []struct {
			RuleID, Level string
			RuleIndex     int
			Message       struct{ Text string }
			Locations     []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           *struct{ StartLine, StartColumn int }
				}
			}
			PartialFingerprints map[string]string
		}
	}
}

// TestSARIF reads what check writes as a scanner would: every result belongs
// to a rule, says something and stands somewhere.
func TestSARIF(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]struct{ results, code int }{
		"testdata/mistakes.yaml": {30, exitConfig},
		"testdata/network.yaml":  {2, exitFindings},
		"testdata/no such.yaml":  {1, exitConfig},
	} {
		stdout, code := checked(t, "--format", "sarif", "--at", "2026-11-22T12:00:00Z", file)
		if code != want.code {
			t.Errorf("%s: got exit code %d, want %d", file, code, want.code)
		}
		var log sarif
		decoder := json.NewDecoder(strings.NewReader(stdout))
		if err := decoder.Decode(&log); err != nil {
			t.Fatal(err)
		}
		if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-2.1.0") || len(log.Runs) != 1 {
			t.Fatalf("%s: got version %q, schema %q and %d runs", file, log.Version, log.Schema, len(log.Runs))
		}
		one := log.Runs[0]
		if one.ColumnKind != "unicodeCodePoints" || one.Tool.Driver.Name != "nearlane" || len(one.Results) != want.results {
			t.Errorf("%s: got %d results of %q, want %d", file, len(one.Results), one.Tool.Driver.Name, want.results)
		}
		levels := []string{"error", "warning", "note"}
		for _, r := range one.Tool.Driver.Rules {
			if r.ID == "" || r.ShortDescription.Text == "" || r.Help.Text == "" || !slices.Contains(levels, r.DefaultConfiguration.Level) {
				t.Errorf("got an incomplete rule: %+v", r)
			}
		}
		for _, r := range one.Results {
			if one.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || !slices.Contains(levels, r.Level) || r.Message.Text == "" ||
				len(r.Locations) != 1 || len(r.PartialFingerprints) != 1 {
				t.Errorf("got an incomplete result: %+v", r)
				continue
			}
			at := r.Locations[0].PhysicalLocation
			if uri := strings.ReplaceAll(file, " ", "%20"); at.ArtifactLocation.URI != uri {
				t.Errorf("got the URI %s, want %s", at.ArtifactLocation.URI, uri)
			}
			if whole := r.RuleID == "file" && want.results == 1; (at.Region == nil) != whole || !whole && (at.Region.StartLine < 1 || at.Region.StartColumn < 1) {
				t.Errorf("got the region %+v of %s", at.Region, r.RuleID)
			}
		}
	}
}

// TestAnnotations wants nothing of a finding to end its workflow command or
// its property before time.
func TestAnnotations(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := writeAnnotations(&out, config.Findings{
		{File: "a,b:c%.yaml", Line: 3, Column: 7, Code: "gap", Severity: config.Warning, Message: "100 %: one, two\r\n::error::no", Hint: "none"},
		{File: "whole.yaml", Code: "syntax", Severity: config.Error, Message: "bad", Hint: "mend it"},
		{File: "n.yaml", Line: 1, Column: 1, Code: "no_cost", Severity: config.Note, Message: "free", Hint: "pay"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "::warning file=a%2Cb%3Ac%25.yaml,line=3,col=7,title=nearlane gap::100 %25: one, two%0D%0A::error::no%0Ahint: none\n" +
		"::error file=whole.yaml,title=nearlane syntax::bad%0Ahint: mend it\n" +
		"::notice file=n.yaml,line=1,col=1,title=nearlane no_cost::free%0Ahint: pay\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("annotations differ (-want +got):\n%s", diff)
	}
}
