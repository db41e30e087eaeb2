package ledger

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/redact"
)

// Examination is what one server says of itself.
type Examination struct {
	Addr      string
	Version   string
	Refused   error // why Open would not have it; nil: it would
	Role      string
	Replicas  int
	UsedBytes int64
	MaxBytes  int64 // 0: no limit but the machine's
	AOF, RDB  bool  // whether it writes its data down
	SaveError string
	Ahead     time.Duration // its clock, of this machine's
	Took      time.Duration // to ask for it
}

// Examine looks at the server of a URL, or at every master of its cluster, and
// changes nothing: no script is loaded. The error is ErrUnreachable, or that the
// URL cannot be read.
func Examine(ctx context.Context, url string) ([]Examination, error) {
	list, err := examineAll(ctx, url)
	return list, redact.New(url).Clean(err)
}

func examineAll(ctx context.Context, url string) ([]Examination, error) {
	l := &Ledger{log: zap.NewNop(), metrics: newMetrics(nil)}
	var err error
	if l.base, l.seeds, err = parse(url); err != nil {
		return nil, err
	}
	masters, err := l.masters(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Examination, len(masters))
	for i, addr := range masters {
		if list[i], err = l.examine(ctx, addr); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// masters lists the addresses of all servers that keep capacity.
func (l *Ledger) masters(ctx context.Context) (list []string, _ error) {
	f, err := l.firstFacts(ctx)
	switch {
	case err != nil:
		return nil, err
	case f["cluster_enabled"] != "1":
		return l.seeds[:1], nil
	}
	s, err := l.ask(ctx, l.seeds)
	if err != nil {
		return nil, err
	}
	for _, k := range s.spans() {
		if !slices.Contains(list, k.addr) {
			list = append(list, k.addr)
		}
	}
	return list, nil
}

func (l *Ledger) examine(ctx context.Context, addr string) (Examination, error) {
	f, err := l.inspect(ctx, addr)
	if err != nil {
		return Examination{}, err
	}
	e := Examination{Addr: addr, Version: f["redis_version"], Refused: f.check(addr), Role: f["role"],
		AOF: f["aof_enabled"] == "1", Replicas: int(f.number("connected_slaves")), UsedBytes: f.number("used_memory"), MaxBytes: f.number("maxmemory")}
	if s := f["rdb_last_bgsave_status"]; s != "" && s != "ok" {
		e.SaveError = "the last RDB save failed"
	}
	if s := f["aof_last_write_status"]; e.AOF && s != "" && s != "ok" {
		e.SaveError = "the last write to the AOF failed"
	}
	client := l.stranger(addr)
	defer client.Close()
	if save, err := client.ConfigGet(ctx, "save").Result(); err == nil { // else: not allowed to ask
		e.RDB = save["save"] != ""
	}
	asked := time.Now()
	at, err := client.Time(ctx).Result()
	if err != nil {
		return e, fmt.Errorf("%w at %s: ask for the time: %w", ErrUnreachable, addr, err)
	}
	e.Took = time.Since(asked)
	e.Ahead = at.Sub(asked.Add(e.Took / 2))
	return e, nil
}

// number is a field that counts something, 0 without it.
func (f facts) number(name string) int64 {
	n, _ := strconv.ParseInt(f[name], 10, 64)
	return n
}
