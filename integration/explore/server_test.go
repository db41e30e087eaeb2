package explore

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	redis "github.com/alicebob/miniredis/v2/server"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
)

// The clock stands still, and every slot ends tomorrow.
var now = time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC)

const history = "h1"

// memory is all that the server remembers, as an index into server.memories.
type memory int32

// call is one call of a script, in the numbers of the model.
type call struct {
	on      memory
	script  script
	region  uint8
	order   uint8
	seq     uint8    // basis, decision, or the id of the epoch
	offers  [2]uint8 // places, best first; of a settlement: what the decision claims
	epoch   uint8    // of the decision; of begin and drop: that another memory had
	token   uint8    // of the rebuild, 0: none
	auditor uint8
}

type script uint8

const (
	reserve script = iota
	settle
	begin // without what drop does
	drop  // what begin does then
	end
	clearMark
)

// reply is what a call came to.
type reply struct {
	after  memory
	status lanes.Status
	place  uint8 // what the returned body says
	epoch  uint8
	seq    uint8
	yes    bool // of begin and end; of settle: not refused
}

// server is the in-process server with the real scripts on it, driven through
// the real ledger. A script is a function of what the server remembers and of
// its arguments, so each pair of them is called once and its reply kept.
type server struct {
	testing.TB
	mini     *miniredis.Miniredis
	ledger   *ledger.Ledger
	loaded   memory // what the server remembers now
	memories [][]entry
	views    []view
	ids      map[string]memory
	known    map[call]reply
	halt     script // half of Begin that is made; 0: both
	expiring bool   // a rule taken out: open holds expire (S4)
}

// entry is a key of the server.
type entry struct {
	key, kind string
	fields    []string // of a string: its value; else names and values, or members
	expires   bool
}

// view is what auditors and invariants see of a memory.
type view struct {
	holds  [regions][orders]ledger.Hold
	epochs [regions]uint8
	counts [places + 1]uint8
	broken string // why the invariant of the scripts does not hold
}

func startServer(t testing.TB, rewrite map[string][2]string) *server {
	t.Helper()
	s := &server{TB: t, mini: miniredis.NewMiniRedis(), ids: map[string]memory{}, known: map[call]reply{}}
	if err := s.mini.Start(); err != nil {
		t.Fatalf("start server: %v", err)
	}
	t.Cleanup(s.mini.Close)
	s.rewrite(rewrite)
	l, err := ledger.Open(context.Background(), ledger.Options{
		URL: "redis://" + s.mini.Addr(), History: history, Grace: time.Hour,
		Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatalf("open ledger: %v", err)
	}
	t.Cleanup(func() { l.Close() })
	s.ledger = l
	s.loaded = s.intern()
	return s
}

// rewrite makes the server run another text wherever one of the scripts is
// loaded or called, and Begin two steps: its script, and what follows it.
func (s *server) rewrite(changes map[string][2]string) {
	s.Helper()
	texts, digests := map[string]string{}, map[string]string{}
	for name, change := range changes {
		file, err := os.ReadFile("../../lanes/ledger/" + name + ".lua")
		if err != nil {
			s.Fatal(err)
		}
		text := string(file)
		if n := strings.Count(text, change[0]); n != 1 {
			s.Fatalf("%s.lua: got %d places that read %q, want 1", name, n, change[0])
		}
		texts[text] = strings.Replace(text, change[0], change[1], 1)
		digests[digest(text)] = digest(texts[text])
	}
	text, err := os.ReadFile("../../lanes/ledger/rebuild_begin.lua")
	if err != nil {
		s.Fatal(err)
	}
	begins := digest(string(text))
	s.mini.Server().SetPreHook(func(p *redis.Peer, cmd string, args ...string) bool {
		switch {
		case s.halt == begin && cmd == "ZRANGE": // finds nothing to take back
			p.WriteLen(0)
			return true
		case s.halt == drop && cmd == "EVALSHA" && args[0] == begins: // has begun
			p.WriteLen(1)
			p.WriteInt(1)
			return true
		case cmd == "SCRIPT" && texts[args[1]] != "":
			args[1] = texts[args[1]]
		case cmd == "EVALSHA" && digests[args[0]] != "":
			args[0] = digests[args[0]]
		}
		return false
	})
}

func digest(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// do makes the call on the memory it names.
func (s *server) do(c call) reply {
	if r, ok := s.known[c]; ok {
		return r
	}
	s.restore(c.on)
	r := s.make(c)
	s.halt = 0
	r.after = s.intern()
	s.known[c] = r
	return r
}

func (s *server) make(c call) (r reply) {
	ctx := context.Background()
	token := ""
	if c.token > 0 {
		token = fmt.Sprintf("auditor-%d/%d", c.auditor, c.token)
	}
	region := regionName(c.region)
	var err error
	switch c.script {
	case reserve:
		a := s.ledger.Reserve(ctx, []lanes.Ask{{Region: region, Order: orderName(c.order), Basis: uint64(c.seq), Options: offers(c.offers)}})[0]
		r.status, r.seq, err = a.Status, uint8(a.Seq), a.Err
		if a.Body != nil {
			r.place, r.epoch = a.Body[0]-'0', epochID(a.Epoch)
		}
		if key := "nl:{" + region + "}:hold:" + orderName(c.order); s.expiring && r.status == lanes.Granted {
			s.mini.SetTTL(key, time.Hour)
		}
	case settle:
		x := lanes.Settlement{Region: region, Order: orderName(c.order), Seq: uint64(c.seq), Token: token}
		if c.offers[0] != 0 {
			x.Claims, x.Epoch = []lanes.Claim{claim(c.offers[0])}, fmt.Sprintf("%d/%s", c.epoch, history)
		}
		err = s.ledger.Settle(ctx, []lanes.Settlement{x})[0]
		if r.yes = err == nil; strings.Contains(fmt.Sprint(err), ledger.ErrTokenGone.Error()) {
			err = nil
		}
	case clearMark:
		r.yes, err = s.ledger.Clear(ctx, region, orderName(c.order), uint64(c.seq))
	case begin:
		s.halt = begin
		r.yes, err = s.ledger.Begin(ctx, region, token, uint64(c.epoch))
	case drop:
		s.halt = drop
		r.yes, err = s.ledger.Begin(ctx, region, token, uint64(c.epoch))
	case end:
		r.yes, err = s.ledger.End(ctx, region, token, uint64(c.seq))
	}
	if err != nil {
		s.Fatalf("call %+v: %v", c, err)
	}
	return r
}

func offers(of [2]uint8) (out []lanes.Offer) {
	for _, p := range of {
		if p != 0 {
			out = append(out, lanes.Offer{Claims: []lanes.Claim{claim(p)}, Body: []byte{'0' + p}})
		}
	}
	return out
}

// claim is one of one: the capacity of every place.
func claim(place uint8) lanes.Claim {
	return lanes.Claim{Slot: slotName(place), Units: 1, Limit: 1, Ends: now.Add(24 * time.Hour)}
}

func orderName(o uint8) string  { return "shop/" + string('A'+rune(o)) }
func regionName(r uint8) string { return "region-" + strconv.Itoa(int(r)) }
func slotName(p uint8) string {
	return "lane/site/bike-" + strconv.Itoa(int(p)) + ":2026-08-04T10:00:parcels"
}

func epochID(epoch string) uint8 {
	id, _, _ := strings.Cut(epoch, "/")
	n, _ := strconv.Atoi(id)
	return uint8(n)
}

// restore puts a memory back.
func (s *server) restore(m memory) {
	if s.loaded == m {
		return
	}
	s.mini.FlushAll()
	for _, e := range s.memories[m] {
		switch e.kind {
		case "string":
			_ = s.mini.Set(e.key, e.fields[0])
		case "hash":
			s.mini.HSet(e.key, e.fields...)
		case "zset":
			for _, member := range e.fields {
				_, _ = s.mini.ZAdd(e.key, float64(now.UnixMilli()), member)
			}
		}
		if e.expires {
			s.mini.SetTTL(e.key, time.Hour)
		}
	}
	s.loaded = m
}

// intern names what the server remembers.
func (s *server) intern() memory {
	var all []entry
	for _, key := range s.mini.Keys() { // sorted
		e := entry{key: key, kind: s.mini.Type(key), expires: s.mini.TTL(key) > 0}
		switch e.kind {
		case "string":
			value, _ := s.mini.Get(key)
			e.fields = []string{value}
		case "hash":
			names, _ := s.mini.HKeys(key)
			slices.Sort(names)
			for _, name := range names {
				e.fields = append(e.fields, name, s.mini.HGet(key, name))
			}
		case "zset":
			e.fields, _ = s.mini.ZMembers(key)
		}
		all = append(all, e)
	}
	text := fmt.Sprint(all)
	m, ok := s.ids[text]
	if !ok {
		m = memory(len(s.memories))
		s.ids[text] = m
		s.memories = append(s.memories, all)
		s.views = append(s.views, s.look())
	}
	s.loaded = m
	return m
}

// look reads the server the way auditors do.
func (s *server) look() (v view) {
	ctx := context.Background()
	var want [places + 1]uint8
	for r := range uint8(regions) {
		if text, err := s.mini.Get("nl:{" + regionName(r) + "}:epoch"); err == nil {
			v.epochs[r] = epochID(text)
		}
		holds, err := s.ledger.Holds(ctx, regionName(r))
		if err != nil {
			s.Fatalf("read holds: %v", err)
		}
		taken, err := s.ledger.Slots(ctx, regionName(r))
		if err != nil {
			s.Fatalf("read slots: %v", err)
		}
		for p := uint8(1); p <= places; p++ {
			v.counts[p] += uint8(taken[slotName(p)])
		}
		for o := range uint8(orders) {
			h := holds[orderName(o)]
			v.holds[r][o] = h
			if h.Live != nil {
				want[placeOf(h.Live.Claims)]++
			}
			if h.Open != nil {
				want[placeOf(h.Open.Claims)]++
				if !h.Listed {
					v.broken = "an open part is not listed"
				}
			}
		}
	}
	want[0] = 0
	if v.counts != want && v.broken == "" {
		v.broken = fmt.Sprintf("counters say %v, the holds %v", v.counts[1:], want[1:])
	}
	return v
}

// placeOf is the place that the claims of one part take; 0: none.
func placeOf(claims []lanes.Claim) uint8 {
	for p := uint8(1); p <= places && len(claims) > 0; p++ {
		if claims[0].Slot == slotName(p) {
			return p
		}
	}
	return 0
}

// wipe forgets everything.
func (s *server) wipe() memory {
	s.mini.FlushAll()
	return s.intern()
}

// restart keeps everything, but under a new history: no epoch counts any more
// (E1), which is to the scripts as if there were none.
func (s *server) restart(m memory) memory {
	s.restore(m)
	for r := range uint8(regions) {
		s.mini.Del("nl:{" + regionName(r) + "}:epoch")
	}
	return s.intern()
}

// expire removes what has an expiry and an open part, which S4 does not allow.
func (s *server) expire(m memory) memory {
	s.restore(m)
	for _, e := range s.memories[m] {
		if e.expires && e.kind == "hash" && slices.Contains(e.fields, "body") {
			s.mini.Del(e.key)
		}
	}
	return s.intern()
}

// overwrite sets the counters of a region to what its live parts say, which E3
// does not allow.
func (s *server) overwrite(m memory, region uint8) memory {
	s.restore(m)
	var live [places + 1]int
	for _, h := range s.views[m].holds[region] {
		if h.Live != nil {
			live[placeOf(h.Live.Claims)]++
		}
	}
	for p := uint8(1); p <= places; p++ {
		_ = s.mini.Set("nl:{"+regionName(region)+"}:slot:"+slotName(p), strconv.Itoa(live[p]))
	}
	return s.intern()
}
