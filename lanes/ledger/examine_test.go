package ledger_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/lanes/ledger/redistest"
)

func TestExamine(t *testing.T) {
	t.Parallel()
	w := newProcessWorld(t)
	if err := w.raw.ScriptFlush(w.ctx).Err(); err != nil {
		t.Fatal(err)
	}
	examine := func() ledger.Examination {
		t.Helper()
		list, err := ledger.Examine(w.ctx, w.url())
		if err != nil || len(list) != 1 {
			t.Fatalf("got %+v, %v, want one server", list, err)
		}
		return list[0]
	}
	e := examine()
	if e.Refused != nil || !strings.HasPrefix(e.Version, "7.") || e.Role != "master" || e.UsedBytes <= 0 || !e.AOF || e.RDB || e.SaveError != "" {
		t.Errorf("got %+v, want a good master of version 7 with an AOF", e)
	}
	if e.Ahead.Abs() > time.Minute || e.Took <= 0 {
		t.Errorf("got a clock %v ahead, in %v", e.Ahead, e.Took)
	}
	if info := w.raw.Info(w.ctx, "memory").Val(); !strings.Contains(info, "number_of_cached_scripts:0\r") {
		t.Errorf("examining it has loaded scripts:\n%s", info)
	}
	for name, value := range map[string]string{"maxmemory-policy": "allkeys-lru", "maxmemory": "100mb", "save": "60 1", "appendonly": "yes"} {
		if err := w.raw.ConfigSet(w.ctx, name, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	e = examine()
	wantError(t, e.Refused, ledger.ErrUnsafe)
	if e.MaxBytes != 100<<20 || !e.AOF || !e.RDB {
		t.Errorf("got %+v, want 100 MiB at most, AOF and RDB", e)
	}
}

func TestExamineCluster(t *testing.T) {
	t.Parallel()
	list, err := ledger.Examine(t.Context(), redistest.StartCluster(t).URL())
	if err != nil || len(list) != 3 {
		t.Fatalf("got %+v, %v, want three masters", list, err)
	}
	for _, e := range list {
		if e.Role != "master" || e.Replicas != 1 || e.Refused != nil {
			t.Errorf("got %+v, want a good master with a replica", e)
		}
	}
}

func TestExamineNobody(t *testing.T) {
	t.Parallel()
	_, err := ledger.Examine(t.Context(), "redis://127.0.0.1:1")
	wantError(t, err, ledger.ErrUnreachable)
	if _, err := ledger.Examine(t.Context(), "redis://user:secret@[no"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, want an error without the password", err)
	}
}
