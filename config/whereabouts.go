package config

import (
	"path/filepath"
	"strings"
)

// Whereabouts is where a config says that its servers are. They are known of a
// file that is wrong elsewhere, too: whoever looks for a mistake has to look at
// the servers that are meant, and at no others.
type Whereabouts struct {
	Network  string // empty: not known
	NATS     NATS
	Redis    Redis
	NATSErr  error // why NATS is not known; nil: it is
	RedisErr error // likewise
}

// WhereaboutsOf reads the file at path as Load does.
func WhereaboutsOf(path string, options Options) Whereabouts {
	options = options.withDefaults()
	data, err := options.read(path, 2*MaxFileBytes)
	if err != nil {
		_, found := Load(path, options)
		return Whereabouts{NATSErr: found.Err(), RedisErr: found.Err()}
	}
	options.Dir = filepath.Dir(path)
	l, found := attempt(path, filepath.Base(path), data, options, false)
	c := l.config
	return Whereabouts{Network: c.Network, NATS: c.NATS, Redis: c.Redis, NATSErr: found.about("$.nats").Err(), RedisErr: found.about("$.redis").Err()}
}

// about is what was found of a section, or of the file as a whole.
func (f Findings) about(section string) (some Findings) {
	for _, one := range f {
		if one.Path == "$" || one.Path == section || strings.HasPrefix(one.Path, section+".") {
			some = append(some, one)
		}
	}
	return some
}
