package app

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
)

// ErrApart is a router that would count capacity, or know repeated orders, by
// other means than those that run.
var ErrApart = errors.New("routers of one NATS must share one Redis and one digest key")

// Each router keeps a mark in its Redis that it tells on NATS: who finds the
// mark there is on the same Redis. It is put back every second, for a Redis may
// be emptied, and told only while Redis takes it.
const (
	markKeeps   = time.Hour
	markTimeout = time.Second
)

// company is the routers that run beside this one. It is a router.Company.
type company struct {
	name, digestKey string // digestKey: a fingerprint
	mark            string // of this start
	started         time.Time
	where           string // this router's Redis
	cache           ledger.Cache
	presence        *stream.PresenceStore
	log             *zap.Logger
	apart           prometheus.Gauge

	marked  atomic.Bool // Redis took the mark at the last try
	joining atomic.Bool
	unlike  atomic.Pointer[error]
	said    string // what was logged last; owned by present
}

func newCompany(a *App, digestKey []byte) *company {
	c := &company{name: a.Name, digestKey: Fingerprint(digestKey), mark: rand.Text(), started: time.Now().UTC(),
		where: a.Ledger.Where(), cache: a.Ledger.Cache(), presence: a.Conn.Presence(), log: a.Log,
		apart: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "nearlane", Name: "routers_apart",
			Help: "Running routers that use another Redis or digest key than this one."})}
	a.Registry.MustRegister(c.apart)
	c.joining.Store(true)
	return c
}

// Fingerprint tells digest keys apart, and nothing else of them.
func Fingerprint(digestKey []byte) string {
	mac := hmac.New(sha256.New, digestKey)
	mac.Write([]byte("nearlane digest key"))
	return hex.EncodeToString(mac.Sum(nil)[:6])
}

// markKey is where a router's mark stands in Redis.
func markKey(router string) string { return "nl:router:" + router }

// keep puts the mark into Redis.
func (c *company) keep(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, markTimeout)
	defer cancel()
	c.marked.Store(c.cache.Put(ctx, markKey(c.name), c.mark, markKeeps) == nil)
}

// adds is what the router says of itself to others, beside what it serves.
func (c *company) adds(p *stream.Presence) {
	p.Redis, p.DigestKey, p.Joining = c.where, c.digestKey, c.joining.Load()
	if c.marked.Load() {
		p.Mark = c.mark
	}
}

// Stranger is a router that does not share what all have to.
type Stranger struct {
	stream.Presence
	OtherKey bool // else another Redis
}

// Strangers are those of list that have another digest key, by its
// fingerprint, or whose mark is not in Redis. One that tells no mark, because
// its Redis does not answer or because it is of an older version, is none.
func Strangers(ctx context.Context, list []stream.Presence, digestKey string, cache ledger.Cache) ([]Stranger, error) {
	keys := make([]string, len(list))
	for i := range list {
		keys[i] = markKey(list[i].Router)
	}
	marks, err := cache.Get(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("look for the marks of routers: %w", err)
	}
	var strangers []Stranger
	for i, p := range list {
		if otherKey := p.DigestKey != "" && p.DigestKey != digestKey; otherKey || p.Mark != "" && p.Mark != marks[i] {
			strangers = append(strangers, Stranger{p, otherKey})
		}
	}
	return strangers, nil
}

// look lists the strangers among those that run. Without the bucket nobody
// tells that it runs: what is left is that the journal refuses what was
// reserved in a memory that it does not name.
func (c *company) look(ctx context.Context) ([]Stranger, error) {
	list, err := c.presence.List(ctx)
	if errors.Is(err, stream.ErrNoBucket) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	others := list[:0]
	for _, p := range list {
		if p.Router != c.name {
			others = append(others, p)
		}
	}
	return Strangers(ctx, others, c.digestKey, c.cache)
}

// refusal says of whom this router keeps apart, with both names.
func (c *company) refusal(s Stranger) error {
	if s.OtherKey {
		return fmt.Errorf("%w: router %s runs on %s with digest key %s, this one, %s, has %s (fingerprints); "+
			"give both the same secrets.orderDigest, or stop all and start all with the new one", ErrApart, s.Router, s.Host, s.DigestKey, c.name, c.digestKey)
	}
	return fmt.Errorf("%w: router %s runs on %s with Redis %s, and this one, %s, does not find its mark in %s; "+
		"give both the same redis.url, database included, or stop all and start all with the new one", ErrApart, s.Router, s.Host, s.Redis, c.name, c.where)
}

// first reports whether a stranger was here before this router. Of two that
// start at once it is the one that started earlier.
func (c *company) first(s Stranger) bool {
	return !s.Joining && c.joining.Load() || cmp.Or(s.Started.Compare(c.started), cmp.Compare(s.Router, c.name)) < 0
}

// Apart is router.Company's. Who has died counts until it is forgotten: nobody
// can know yet.
func (c *company) Apart(ctx context.Context) error {
	strangers, err := c.look(ctx)
	if err != nil {
		return err
	}
	for _, s := range strangers {
		if !s.Joining {
			return c.refusal(s)
		}
	}
	return nil
}

// Unlike is router.Company's.
func (c *company) Unlike() error {
	if err := c.unlike.Load(); err != nil {
		return *err
	}
	return nil
}

// observe looks at the company, for metrics, logs and Unlike.
func (c *company) observe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, keepTimeout)
	defer cancel()
	strangers, err := c.look(ctx)
	if err != nil {
		return
	}
	c.apart.Set(float64(len(strangers)))
	c.unlike.Store(nil)
	news := ""
	for _, s := range strangers {
		refusal := c.refusal(s)
		news = refusal.Error()
		if s.OtherKey && c.first(s) {
			c.unlike.Store(&refusal)
		}
	}
	if news != "" && news != c.said {
		c.log.Error("a router runs apart from this one", zap.String("why", news))
	}
	c.said = news
}
