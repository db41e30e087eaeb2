package config

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// revision is a digest of what the network is: all keys and values of the
// file, the defaults it leaves standing, and the content of the files it
// names. Comments, layout and the order of keys do not count, and neither do
// secrets and the URLs of servers: routers that reach the same servers by
// other names run the same network.
func (l *loader) revision(root value) string {
	sum := sha256.New()
	defaults := Default()
	fmt.Fprintf(sum, "%d %s %v %v %v\n", defaults.Resolution, defaults.Containment, defaults.Defaults, defaults.Rank, defaults.Redis.Grace)
	digest(sum, root.node, root.path)
	for _, f := range l.files {
		fmt.Fprintf(sum, "file %s %x\n", strconv.Quote(f.name), sha256.Sum256(f.data))
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// private are the values that are no part of the network.
var private = []string{"$.nats", "$.redis.url", "$.geocoding.http.url", "$.geocoding.http.userAgent", "$.secrets", "$.dataDir", "$.http"}

// digest writes a node, its keys sorted, one line per scalar.
func digest(sum hash.Hash, node ast.Node, path string) {
	if slices.Contains(private, path) || node == nil {
		return
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		fmt.Fprintf(sum, "%s {\n", path)
		pairs := slices.Clone(n.Values)
		slices.SortStableFunc(pairs, func(a, b *ast.MappingValueNode) int {
			nameA, _ := keyName(a)
			nameB, _ := keyName(b)
			return cmp.Compare(nameA, nameB)
		})
		for _, pair := range pairs {
			name, _ := keyName(pair)
			digest(sum, pair.Value, child(path, name))
		}
	case *ast.SequenceNode:
		fmt.Fprintf(sum, "%s [%d\n", path, len(n.Values))
		for i, item := range n.Values {
			digest(sum, item, fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		fmt.Fprintf(sum, "%s %s\n", path, strconv.Quote(node.GetToken().Value))
	}
}
