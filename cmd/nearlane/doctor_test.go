package main

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/lanes/ledger"
)

func TestDoctorJudgesClocks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ahead, took time.Duration
		want        observation
	}{
		{10 * time.Millisecond, 2 * time.Millisecond, observation{"c", stateOK, "as ours, within 2ms", ""}},
		{1400 * time.Millisecond, time.Second, observation{"c", stateOK, "as ours, within 1s", ""}}, // as far as that can be told
		{-3 * time.Second, time.Millisecond, observation{"c", stateWarn, "3s behind ours", "let NTP set both clocks"}},
		{time.Minute, time.Millisecond, observation{"c", stateFail, "1m0s ahead of ours", "let NTP set both clocks"}},
		{48 * time.Hour, 0, observation{"c", stateWarn, "48h0m0s ahead of ours", "unless it was started with --clock to try things out, let NTP set both clocks"}},
	} {
		var d doctor
		d.clock("c", "ours", tt.ahead, tt.took)
		if diff := cmp.Diff([]observation{tt.want}, d.seen); diff != "" {
			t.Errorf("%v ahead (-want +got):\n%s", tt.ahead, diff)
		}
	}
}

func TestDoctorJudgesRedis(t *testing.T) {
	t.Parallel()
	good := ledger.Examination{Addr: "a:1", Version: "7.2", Role: "master", UsedBytes: 50 << 20}
	with := func(change func(*ledger.Examination)) ledger.Examination { e := good; change(&e); return e }
	for name, tt := range map[string]struct {
		e    ledger.Examination
		want state
	}{
		"good":      {good, stateOK},
		"refused":   {with(func(e *ledger.Examination) { e.Refused = ledger.ErrUnsafe }), stateFail},
		"replica":   {with(func(e *ledger.Examination) { e.Role = "slave" }), stateFail},
		"full":      {with(func(e *ledger.Examination) { e.MaxBytes = 60 << 20 }), stateWarn},
		"with room": {with(func(e *ledger.Examination) { e.MaxBytes = 600 << 20 }), stateOK},
		"bad disk":  {with(func(e *ledger.Examination) { e.AOF, e.SaveError = true, "the last write failed" }), stateWarn},
	} {
		var d doctor
		d.lookAtServer(&tt.e)
		if d.seen[0].State != tt.want || (d.seen[0].Do == "") != (tt.want == stateOK) {
			t.Errorf("%s: got %+v, want %s", name, d.seen[0], tt.want)
		}
	}
}

// Each observation is a line, what to do stands below, and the exit code says
// how it ended.
func TestDoctorTells(t *testing.T) {
	t.Parallel()
	var d doctor
	d.ok("config", "good")
	var out, end bytes.Buffer
	if err := d.verdict(io.Discard); err != nil {
		t.Errorf("all well: got %v", err)
	}
	d.warn("stream ORDERS", "make it", "it is %s", "missing")
	if err := d.tell(&out, false); err != nil {
		t.Fatal(err)
	}
	want := "ok    config         good\nwarn  stream ORDERS  it is missing\n                     > make it\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	var silent silentError
	if err := d.verdict(&end); !errors.As(err, &silent) || silent.code != exitFindings || end.String() != "1 ok, 1 warning, 0 failures\n" {
		t.Errorf("got %v and %q, want exit code %d", err, end.String(), exitFindings)
	}
	d.away = true
	if err := d.verdict(io.Discard); !errors.As(err, &silent) || silent.code != exitUnavailable {
		t.Errorf("a server is away: got %v, want exit code %d", err, exitUnavailable)
	}
}
