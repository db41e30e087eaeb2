package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	ucd "unicode"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/legible"
)

// hostile is every control and format character, what else is not seen or joins
// with its neighbours, bytes that are no characters, and a great width.
func hostile() string {
	var b strings.Builder
	for _, table := range []*ucd.RangeTable{ucd.Cc, ucd.Cf, ucd.Zl, ucd.Zp, ucd.Variation_Selector, ucd.Other_Default_Ignorable_Code_Point} {
		for _, r16 := range table.R16 {
			for r := rune(r16.Lo); r <= min(rune(r16.Hi), rune(r16.Lo)+70); r += rune(r16.Stride) {
				b.WriteRune(r)
			}
		}
		for _, r32 := range table.R32 {
			b.WriteRune(rune(r32.Lo))
			b.WriteRune(rune(r32.Hi))
		}
	}
	return b.String() + "\x1b[2J\x1b]0;t\a\u202e" + strings.Repeat("e\u0301\u0301\u0301\u0301\u0301", 9) + strings.Repeat("港", 400)
}

// wantLegible fails for what steers a terminal, and for lines wider than most;
// 0: any width.
func wantLegible(t *testing.T, what, text string, most int) {
	t.Helper()
	for i, r := range text {
		if r != '\n' && (r == '\t' && most > 0 || r != '\t' && !legible.Plain(r)) {
			t.Errorf("%s: U+%04X comes out, in %q", what, r, text[max(0, i-20):min(len(text), i+20)])
			return
		}
	}
	for line := range strings.Lines(text) {
		if n := legible.Width(strings.TrimRight(line, "\n")); most > 0 && n > most {
			t.Errorf("%s: a line has %d columns, more than %d: %.200q", what, n, most, line)
		}
	}
}

// What others write into channels, ids, reasons, pointers, notes, names and
// files steers no terminal, and makes no table wider than its bound, by whatever
// command it is shown.
func TestEverythingShownIsLegible(t *testing.T) {
	t.Parallel()
	b := newBench(t, stream.Settings{})
	bad := hostile()
	valid := strings.ToValidUTF8(bad, "")
	b.reject(event.Rejection{Channel: "web", Reason: event.CodeNotJSON, Pointer: "/" + bad, Detail: bad, Subject: "orders.v1." + strings.Repeat("x", 300) + ".placed",
		Sequence: 1, Data: []byte(`{"orderId":"x` + strings.Repeat("\u202e", 20) + `","note":"` + bad + "\xff\xfe")})
	id := "\u202e\u0085\u200b" + strings.Repeat("港", 30)
	key := event.Key{Channel: "web", Order: id}
	decision := map[string]any{"specversion": "1.0", "id": "1", "source": "nearlane", "type": "dev.nearlane.decision.v1", "time": "2026-08-04T06:00:00Z",
		"data": map[string]any{"decisionId": "d", "outcome": "unroutable", "attempt": 1, "channel": "web", "orderId": id, "orderSequence": 1,
			"reasons": []string{valid}, "decidedBy": valid, "decidedAt": "2026-08-04T06:00:00Z", "configRevision": "0123456789ab", "excluded": []string{valid},
			"candidates":   []any{map[string]any{"site": valid, "lane": valid, "level": valid, "reason": "full", "locker": valid}},
			"reasonCounts": map[string]int{valid: 3}, "claims": []any{map[string]any{"slot": valid, "units": 1, "limit": 1}}}}
	data, err := json.Marshal(decision)
	if err != nil {
		t.Fatal(err)
	}
	b.publish(event.DecisionSubject(key), data)
	if err := b.conn.Presence().Say(t.Context(), stream.Presence{Router: "r\u202e\u0085\x1b[2J", Network: valid, Host: valid, Version: valid, Revision: valid, Error: valid, Clock: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := b.conn.Config().Push(t.Context(), stream.Push{Revision: "0123456789ab", By: valid, Message: valid}, 0); err != nil {
		t.Fatal(err)
	}
	if err := b.conn.Config().SetClosures(t.Context(), mustJSON(t, []any{map[string]any{"site": "kallio", "reason": valid, "by": valid, "at": "2026-08-04T06:00:00Z"}}), 0); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	network, err := os.ReadFile("testdata/network.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file, broken, odd := filepath.Join(dir, "nearlane.yaml"), filepath.Join(dir, "broken.yaml"), filepath.Join(dir, "odd\x1b[2J\u202e.yaml")
	orders := filepath.Join(dir, "orders.jsonl")
	for name, text := range map[string]string{file: string(network), broken: "network: " + valid, odd: strings.Replace(string(network), "kallio:", "\"k\u202e\u200b\":", 1),
		orders: `{"orderId":"` + id + `","channel":"web","placedAt":"2026-08-04T06:00:00Z","shipTo":{"addressCountry":"FI","postalCode":"` + strings.Repeat("\u202e", 9) + `"},"lines":[{"sku":"\u202e` + "\u202e" + `","quantity":1}]}` + "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const table = 4*48 + 120
	server := []string{"--nats", b.url}
	for _, tt := range []struct {
		args   []string
		nats   bool
		most   int
		reads  string // what must be in it, so that something was shown
		asJSON bool
	}{
		{[]string{"rejected", "ls"}, true, table, "not_json", false},
		{[]string{"rejected", "ls", "--json"}, true, 0, "not_json", true},
		{[]string{"tail", "--rejected", "--once"}, true, 200, "refused", false},
		{[]string{"tail", "--rejected", "--once", "--json"}, true, 0, "not_json", true},
		{[]string{"tail", "--decisions", "--once"}, true, 200, "unroutable", false},
		{[]string{"tail", "--decisions", "--once", "--json"}, true, 0, "unroutable", true},
		{[]string{"explain", "-c", file, "--id", "web/" + id}, true, 200, "unroutable", false},
		{[]string{"explain", "-c", file, "--id", "web/" + id, "--json"}, true, 0, "unroutable", true},
		{[]string{"explain", "-c", file, "--order", orders}, false, 0, "", false},
		{[]string{"explain", "--id", bad}, true, 0, "", false},
		{[]string{"capacity", "-c", file, "--day", "2026-08-04"}, true, 160, "LANES", false},
		{[]string{"capacity", "-c", file, "--site", bad}, true, 0, "", false},
		{[]string{"audit", "-c", file}, true, 2*120 + 2, "broken", false},
		{[]string{"audit", "-c", file, "--json"}, true, 0, "breaches", true},
		{[]string{"closures", "-c", file}, true, table, "", false},
		{[]string{"closures", "-c", file, "--json"}, true, 0, "", false},
		{[]string{"config", "log", "-c", file}, true, 2 * table, "0123456789ab", false},
		{[]string{"config", "log", "-c", file, "--json"}, true, 0, "0123456789ab", true},
		{[]string{"doctor", "-c", file}, true, 0, "router", false},
		{[]string{"doctor", "-c", file, "--json"}, true, 0, "router", true},
		{[]string{"doctor", "-c", odd}, true, 0, "looked at", false},
		{[]string{"top", "-c", file, "--once", "--interval", "50ms"}, true, 120, "router", false},
		{[]string{"top", "-c", file, "--json", "--interval", "50ms"}, true, 0, "routers", true},
		{[]string{"check", broken}, false, 0, "", false},
		{[]string{"check", odd}, false, 0, "", false},
		{[]string{"check", odd, "--format", "json"}, false, 0, "", true},
		{[]string{"check", odd, "--format", "github"}, false, 0, "", false},
		{[]string{"check", odd, "--format", "sarif"}, false, 0, "", true},
		{[]string{"diff", file, odd}, false, 0, "", false},
		{[]string{"close", bad}, true, 0, "", false},
		{[]string{"rejected", "ls", "--reason", bad}, true, 0, "", false},
		{[]string{"tail", "--once", "--courier", bad, "-c", file}, true, 0, "", false},
		{[]string{"publish", "--dry-run", orders}, false, 0, "", false},
		{[]string{"doctor", "-c", file, "--nats", "nats://" + bad}, false, 0, "", false},
		{[]string{bad}, false, 0, "", false},
		{[]string{"run", "--" + bad}, false, 0, "", false},
	} {
		args := tt.args
		if tt.nats {
			args = append(args, server...)
		}
		var out, errs bytes.Buffer
		run(t.Context(), args, strings.NewReader(""), &out, &errs)
		what := strings.Join(tt.args[:min(2, len(tt.args))], " ")
		what = legible.Text(what, 40)
		wantLegible(t, what, out.String(), tt.most)
		wantLegible(t, what+", on stderr", errs.String(), 0)
		if !strings.Contains(out.String(), tt.reads) || out.Len()+errs.Len() == 0 {
			t.Errorf("%s shows no %q: %.300s %.600s", what, tt.reads, &out, &errs)
		}
		if tt.asJSON && !json.Valid(out.Bytes()) {
			t.Errorf("%s --json: it is none: %.300s", what, &out)
		}
	}
	// The headers are legible, and the bytes are those that were refused.
	stdout, _ := b.rejected(exitOK, "show", "1")
	head, body, _ := strings.Cut(stdout, "\n\n")
	wantLegible(t, "rejected show", head, 0)
	if !strings.Contains(body, bad+"\xff\xfe") {
		t.Error("rejected show: these are other bytes")
	}
	// JSON means what it meant.
	var kept struct{ Messages []struct{ Pointer string } }
	stdout, _ = b.rejected(exitOK, "ls", "--json")
	if err := json.Unmarshal([]byte(stdout), &kept); err != nil || !strings.Contains(kept.Messages[0].Pointer, "\u202e") {
		t.Errorf("ls --json: got %.200q, %v", kept.Messages, err)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
