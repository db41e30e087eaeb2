package integration

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// The canaries: what platforms and couriers write of a person. Wherever one of
// them sings, personal data has got out.
const (
	canaryName   = "Xqvwzykpj"
	canaryPhone  = "+358409917354"
	canaryEmail  = "xqvw.zyk@kpj.example"
	canaryStreet = "Zyxwvutie 7"
	canaryTown   = "Qxvila"
	canaryLat    = 60.184273519
	canaryLng    = 24.949713582
	canaryNote   = "ring at jqkbell"
)

// songs are what is listened for: parts of the canaries, since a quote may be
// cut off.
var songs = []string{"Xqvwz", "vwzyk", "409917", "xqvw.z", "Zyxwv", "Qxvi", "60.1842735", "6018427", "6.018427", "24.9497135", "2494971", "jqkbell"}

// heard is the first canary in text.
func heard(text string) string {
	for _, song := range songs {
		if i := strings.Index(strings.ToLower(text), strings.ToLower(song)); i >= 0 {
			return text[max(0, i-120):min(len(text), i+120)]
		}
	}
	return ""
}

func personal(o *event.Order) {
	o.Recipient = &event.Recipient{Name: canaryName, Phone: canaryPhone, Email: canaryEmail}
	o.ShipTo.StreetAddress, o.ShipTo.AddressLocality = canaryStreet, canaryTown
	o.ShipTo.Geo = &event.Geo{Latitude: canaryLat, Longitude: canaryLng}
}

// unlocated takes the coordinates away.
func unlocated(o *event.Order) { o.ShipTo.Geo = nil }

// sink keeps a log.
type sink struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (s *sink) logger() *zap.Logger {
	encoder := zapcore.NewJSONEncoder(zap.NewDevelopmentEncoderConfig())
	return zap.New(zapcore.NewCore(encoder, zapcore.AddSync(s), zapcore.DebugLevel))
}

// garbled is an order's message with something replaced.
func garbled(id, from, to string) stream.Outgoing {
	m := placed(order(id, personal))
	changed := bytes.Replace(m.Data, []byte(from), []byte(to), 1)
	if bytes.Equal(changed, m.Data) {
		panic("nothing to garble: " + from)
	}
	m.Data = changed
	return m
}

// wrongs are messages that are refused for what stands beside or within the
// canaries.
func wrongs() []stream.Outgoing {
	name := `"` + canaryName + `"`
	tooLarge := garbled("large", canaryStreet, canaryStreet+strings.Repeat(canaryName, event.MaxOrderBytes/8))
	elsewhere := placed(order("elsewhere", personal))
	elsewhere.Subject = event.PlacedSubject("other")
	return []stream.Outgoing{
		garbled("cut", name, `"`+canaryName[:6]),
		garbled("unquoted", name, canaryName),
		garbled("escape", name, `"\u`+canaryName+`"`),
		garbled("typed", name, `["`+canaryName+`"]`),
		garbled("twice", `"name":`+name, `"`+canaryName+`":1,"`+canaryName+`":2`),
		garbled("utf8", name, "\""+canaryName+"\xff\""),
		garbled("micro", "60.184273519", "60184273.519"),
		garbled("country", `"FI"`, name),
		garbled("text", "24.949713582", name),
		tooLarge, elsewhere,
	}
}

// Orders go every way there is, at debug level, and nothing but the stream of
// orders and the dispatches tells who gets them and where.
func TestNoPersonalDataGetsOut(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 100)
	geocoder := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		panic(http.ErrAbortHandler) // an error of net/http, which quotes the URL
	}))
	t.Cleanup(geocoder.Close)
	network := strings.Replace(threeLanes(1), "whenFull: reject", "whenFull: wait", 1) + geocoderAt(geocoder.URL)
	w := newWorld(t, setting{network: network, redis: redisProcess})
	log := &sink{}
	p := &process{w: w, path: filepath.Join(t.TempDir(), "router.yaml"), log: log.logger()}
	p.write(w.network)
	p.start("router")
	w.eventually("the process is ready", p.isReady)

	first, last := order("first", personal), order("last", personal)
	w.route(first, order("second", personal), order("third", personal), order("waits", personal),
		order("nowhere", personal, level("no-such")), order("abroad", personal, abroad("SE", canaryTown)))
	w.report(first, event.Rejected) // and waits then
	for i := range 8 {              // one after the other, until the geocoder is left alone
		w.route(order(fmt.Sprint("homeless ", i), personal, unlocated))
	}
	if len(asked) == 0 {
		t.Error("the geocoder was not asked for any address")
	}
	w.send(wrongs()...)
	changed := again(first, 1)
	changed.Data = bytes.Replace(changed.Data, []byte(canaryName), []byte(canaryName+"en"), 1)
	w.send(changed)
	w.drained(durable)
	p.gossip(order("second", personal))
	p.suffer(last)

	text := log.String()
	for _, said := range []string{"routing paused", "routing again", "config not reloaded", "geocoder is left alone"} {
		if !strings.Contains(text, said) {
			t.Errorf("the log does not say %q: nothing went wrong", said)
		}
	}
	_, health := p.health()
	places := map[string]string{"log": text, "/metrics": p.scrape(), "/readyz": fmt.Sprint(health)}
	w.overhear(places)
	w.dump(places)
	for place, text := range places {
		if leak := heard(text); leak != "" {
			t.Errorf("%s tells of a person: ...%s...", place, leak)
		}
	}
}

// gossip lets a courier and a platform tell more than they should.
func (p *process) gossip(o *event.Order) {
	w := p.w
	w.Helper()
	d := w.lastOf(o.Key())
	picked := about(d, event.PickedUp)
	picked.Note = canaryNote
	rude := about(d, event.Failed)
	rude.Reason, rude.Note = canaryName+" was rude", canaryNote
	broken := about(d, event.Delivered)
	broken.data = []byte(`{"dispatchId":"1","note":"` + canaryNote + `","at":"` + canaryName + `"}`)
	stranger := about(d, event.Accepted)
	stranger.OrderID, stranger.Note = "unknown", canaryNote
	w.say(picked, rude, broken, stranger)
	bad := cancelled(o)
	bad.Data = []byte(`{"orderId":"second","reason":"` + canaryName)
	good := cancelled(o)
	good.Data = bytes.Replace(good.Data, []byte("{"), []byte(`{"reason":"`+canaryName+` does not want it",`), 1)
	w.send(bad, good)
	w.drained(durable)
}

// suffer has Redis die, the journal fill up and a reload fail, with orders in
// hand.
func (p *process) suffer(o *event.Order) {
	w := p.w
	w.Helper()
	redis := w.cache.(*redisServer)
	redis.Kill()
	w.publish(o)
	w.eventually("the process is not ready", func() error { return p.isUnready("router") })
	redis.Start()
	w.drained(durable)
	w.limitJournal(1)
	w.publish(order("late", personal, level("no-such")))
	w.eventually("the process is not ready", func() error { return p.isUnready("router") })
	w.limitJournal(100 << 20)
	w.drained(durable)
	w.eventually("the process is ready again", p.isReady)
	p.reloadWith("network: [")
	p.reloadWas("0")
}

// overhear adds what the streams hold: all of the decisions, withdrawn
// dispatches and schedules, and of what was refused everything but its bytes.
func (w *world) overhear(places map[string]string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	told, refused := 0, 0
	for names := w.js.StreamNames(ctx); ; {
		name, more := <-names.Name()
		if !more {
			break
		}
		s, err := w.js.Stream(ctx, name)
		if err != nil {
			w.Fatal(err)
		}
		for seq := s.CachedInfo().State.FirstSeq; seq <= s.CachedInfo().State.LastSeq && name != event.StreamOrders && name != event.StreamCourier; seq++ {
			msg, err := s.GetMsg(ctx, seq)
			if err != nil {
				continue // replaced by a later schedule
			}
			place, text := fmt.Sprintf("%s at %d on %s", name, seq, msg.Subject), fmt.Sprint(msg.Subject, msg.Header)
			d, err := event.DecodeDispatch(msg.Data)
			switch {
			case err == nil && d.Status == event.Requested:
				told += strings.Count(string(msg.Data), canaryName)
			case name == event.StreamRejected:
				refused++
			default:
				text += string(msg.Data)
			}
			places[place] = text
		}
	}
	if want := len(wrongs()); refused < want {
		w.Errorf("%d messages were refused, want %d and more", refused, want)
	}
	if told == 0 {
		w.Error("no dispatch tells its courier who gets it: the canaries are dead")
	}
}

// dump adds everything that Redis knows.
func (w *world) dump(places map[string]string) {
	w.Helper()
	ctx := context.Background()
	client := w.raw()
	keys, err := client.Keys(ctx, "*").Result()
	if err != nil || len(keys) == 0 {
		w.Fatalf("list keys: %v, %v", keys, err)
	}
	for _, key := range keys {
		text := key
		switch kind := client.Type(ctx, key).Val(); kind {
		case "string":
			text += client.Get(ctx, key).Val()
		case "hash":
			text += fmt.Sprint(client.HGetAll(ctx, key).Val())
		case "zset":
			text += fmt.Sprint(client.ZRange(ctx, key, 0, -1).Val())
		default:
			w.Errorf("redis key %s is a %s, which nobody listens to", key, kind)
		}
		places["redis key "+key] = text
	}
}
