package ledger

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/nearlane/nearlane/lanes"
)

// Memory is where the region is counted: the history of the server that keeps
// it, and which of its databases. Another server, the same one restarted, a
// promoted replica and another database are other memories (E6). The epoch is
// 0 unless there is one of this very history.
func (l *Ledger) Memory(ctx context.Context, region string) (lanes.Memory, error) {
	var m lanes.Memory
	err := l.read(ctx, region, func(n *node) error {
		m = lanes.Memory{ID: n.history + "/" + strconv.Itoa(l.base.DB)}
		text, err := n.client.Get(ctx, epochKey(region)).Result()
		if errors.Is(err, redis.Nil) {
			return nil
		}
		if err != nil {
			return err
		}
		id, history, _ := strings.Cut(text, "/")
		if history == n.history {
			m.Epoch, err = strconv.ParseUint(id, 10, 64)
		}
		return err
	})
	if err != nil {
		return lanes.Memory{}, fmt.Errorf("read epoch of %s: %w", region, err)
	}
	return m, nil
}

// Where says which servers and which database this is, without credentials.
func (l *Ledger) Where() string {
	return strings.Join(l.seeds, ",") + "/" + strconv.Itoa(l.base.DB)
}
