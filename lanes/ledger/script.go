package ledger

import (
	"context"
	"crypto/sha1"
	_ "embed"
	"encoding/hex"

	"github.com/redis/go-redis/v9"
)

//go:embed reserve.lua
var reserveLua string

//go:embed settle.lua
var settleLua string

//go:embed clear.lua
var clearLua string

//go:embed rebuild_begin.lua
var rebuildBeginLua string

//go:embed rebuild_end.lua
var rebuildEndLua string

//go:embed drop.lua
var dropLua string

// script is a Lua script and the digest that calls it.
type script struct {
	source string
	digest string
}

var (
	reserveScript      = newScript(reserveLua)
	settleScript       = newScript(settleLua)
	clearScript        = newScript(clearLua)
	rebuildBeginScript = newScript(rebuildBeginLua)
	rebuildEndScript   = newScript(rebuildEndLua)
	dropScript         = newScript(dropLua)
)

func newScript(source string) script {
	sum := sha1.Sum([]byte(source))
	return script{source: source, digest: hex.EncodeToString(sum[:])}
}

// call begins the arguments of an EVALSHA with room for more.
func (s script) call(keys, room int) []any {
	args := make([]any, 0, 3+keys+room)
	return append(args, "evalsha", s.digest, keys)
}

// load stores all scripts on the server, which forgets them when it restarts.
func (n *node) load(ctx context.Context) error {
	_, err := n.client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for _, s := range []script{reserveScript, settleScript, clearScript, rebuildBeginScript, rebuildEndScript, dropScript} {
			pipe.ScriptLoad(ctx, s.source)
		}
		return nil
	})
	return err
}
