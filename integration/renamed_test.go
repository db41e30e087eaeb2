package integration

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// oneOfEach has one of everything that slots are kept for, and room for six.
var oneOfEach = yaml(`
defaults: {serviceLevel: same_day}
serviceLevels:
  same_day: {promise: {sameDayBy: "21:00"}, whenFull: reject}
  box: {promise: {sameDayBy: "21:00"}, whenFull: reject}
couriers:
  pyora: {}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    makes: {resin: {skus: ["figure-*"], unitsPerDay: 6, lead: 20m}}
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 6}}
      boxes: {courier: pyora, serviceLevels: [box], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 100}, lockers: [sornainen]}
  tapiola:
    kind: micro_hub
    region: espoo
    at: {lat: 60.1755, lng: 24.8049}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["other-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 11:00-13:00"], capacity: {parcels: 6}}
lockers:
  sornainen:
    region: helsinki
    at: {lat: 60.1870, lng: 24.9600}
    offer: {withinKm: 2}
    dwell: 1d
    sizes: [{size: S, count: 6, mm: [100, 100, 100]}]
`)

// renaming is a change of the config by which the same thing goes by another
// name, and how it is said that it is the same. With is empty where nothing can
// say so.
type renaming struct {
	what      string
	new, with []string // pairs of what is replaced, the second in what comes of the first
	path      string   // of what would be hidden
	order     change
}

var renamings = []renaming{
	{what: "a region", order: level("same_day"), path: "helsinki/lane/kallio/bike",
		new:  []string{"  helsinki: {timezone", "  stadi: {timezone", "region: helsinki", "region: stadi"},
		with: []string{"  stadi: {timezone", "  stadi: {was: helsinki, timezone"}},
	{what: "a site", order: level("same_day"), path: "helsinki/lane/kallio/bike",
		new:  []string{"  kallio:\n", "  kallio-2:\n"},
		with: []string{"  kallio-2:\n", "  kallio-2:\n    was: kallio\n"}},
	{what: "a lane", order: level("same_day"), path: "helsinki/lane/kallio/bike",
		new:  []string{"      bike: {courier: pyora, serviceLevels: [same_day], blocks: [\"Mo-Fr 10", "      velo: {courier: pyora, serviceLevels: [same_day], blocks: [\"Mo-Fr 10"},
		with: []string{"      velo: {", "      velo: {was: bike, "}},
	{what: "a production cell", order: figure, path: "helsinki/make/kallio/resin",
		new:  []string{"{resin: {", "{resin-2: {", "parcels: 6}}\n      boxes", "parcels: 600}}\n      boxes"},
		with: []string{"{resin-2: {", "{resin-2: {was: resin, "}},
	{what: "a bank of lockers", order: boxed, path: "helsinki/locker/sornainen/S",
		new:  []string{"[sornainen]", "[hakaniemi]", "  sornainen:\n", "  hakaniemi:\n"},
		with: []string{"  hakaniemi:\n", "  hakaniemi:\n    was: sornainen\n"}},
	{what: "a size", order: boxed, path: "helsinki/locker/sornainen/S",
		new:  []string{"{size: S,", "{size: small,"},
		with: []string{"{size: small,", "{size: small, was: S,"}},
	{what: "the region of a site", order: level("same_day"), path: "helsinki/lane/kallio/bike",
		new: []string{"region: helsinki", "region: espoo"}},
	{what: "the start of a block", order: level("same_day"), path: "helsinki/lane/kallio/bike/10:00",
		new: []string{"blocks: [\"Mo-Fr 10:00-12:00\"], capacity: {parcels: 6}", "blocks: [\"Mo-Fr 10:30-12:30\"], capacity: {parcels: 6}"}},
}

func figure(o *event.Order) { o.Lines[0].SKU = "figure-owl" }

func boxed(o *event.Order) {
	o.ServiceLevel, o.DeliveryMethods = "box", []string{event.MethodLocker}
	o.Lines[0].DimensionsMm = []int64{50, 50, 50}
}

// A thing that is sold out under one name is not sold again under another: a
// config that would is refused for as long as anything that it promised stands,
// and with its first name kept it takes effect and sells nothing more.
func TestWhatIsRenamedIsNotSoldAgain(t *testing.T) {
	t.Parallel()
	for _, c := range renamings {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: oneOfEach, redis: redisProcess})
			p := w.run("router")
			w.eventually("the process is ready", p.isReady)
			w.publish(orders(8, "first", c.order)...)
			w.drained(durable)
			renamed := strings.NewReplacer(c.new...).Replace(oneOfEach)
			told := p.reloads(renamed)
			if told.Taken || len(told.Hidden) == 0 || told.Hidden[0].Path != c.path || told.Hidden[0].Orders != 6 || len(told.Hidden[0].Such) != 3 {
				t.Errorf("reload: got %+v, want a refusal over 6 orders on %s", told, c.path)
			}
			w.publish(orders(8, "second", c.order)...)
			w.drained(durable)
			if c.with != nil {
				if told = p.reloads(strings.NewReplacer(c.with...).Replace(renamed)); !told.Taken || !told.Changed {
					t.Errorf("reload with its first name: got %+v, want it taken", told)
				}
				w.publish(orders(8, "third", c.order)...)
				w.drained(durable)
			}
			if n := w.dispatched(); n != 6 {
				t.Errorf("got %d orders dispatched by a thing that has room for 6", n)
			}
		})
	}
}

// reloads writes a network and asks the process to load it.
func (p *process) reloads(network string) (told app.Reloaded) {
	p.w.Helper()
	p.write(network)
	response, err := http.Post("http://"+p.Addr()+"/v1/reload", "", nil)
	if err != nil {
		p.w.Fatalf("reload: %v", err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&told); err != nil {
		p.w.Fatalf("reload: %v", err)
	}
	return told
}

// dispatched counts the orders that are, by the journal alone.
func (w *world) dispatched() int {
	w.Helper()
	n := 0
	for _, chain := range w.check().decisions {
		if chain[len(chain)-1].Decision.Outcome == event.Dispatched {
			n++
		}
	}
	return n
}

// A config that was edited while no router ran is judged at the start, and said
// on purpose it is taken.
func TestStartWithARenamedLane(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: oneOfEach, redis: redisProcess})
	p := w.run("router")
	w.eventually("the process is ready", p.isReady)
	w.publish(orders(8, "first")...)
	w.drained(durable)
	p.stop()
	renamed := strings.NewReplacer(renamings[2].new...).Replace(oneOfEach)
	for _, c := range []struct {
		network string
		refused bool
	}{
		{renamed, true},
		{oneOfEach, false}, // what was in force before
		{strings.NewReplacer(renamings[2].with...).Replace(renamed), false},
		{oneOfEach, false}, // and back: the slots are the same
		{renamed, true},
		{renamed + "\nretired: [helsinki/lane/kallio/bike]\n", false},
		{renamed, false}, // it was in force
	} {
		p.write(c.network)
		err := p.opensAndCloses("router")
		if refused := err != nil; refused != c.refused {
			t.Fatalf("got %v, want it refused: %t\n%s", err, c.refused, c.network)
		}
		if c.refused && !strings.Contains(fmt.Sprint(err), "retired: [helsinki/lane/kallio/bike]") {
			t.Errorf("got %v, want it to name the way out", err)
		}
	}
}

// opensAndCloses is the error of starting the process with its config file.
func (p *process) opensAndCloses(name string) error {
	p.w.Helper()
	loaded, found := config.Load(p.path, config.Options{})
	if loaded == nil {
		p.w.Fatal(found.Format())
	}
	opened, err := app.Open(context.Background(), app.Options{Config: loaded, Path: p.path, Name: name, Now: stoppedClock, AckWait: p.w.ackWait})
	if err != nil {
		return err
	}
	return opened.Close()
}

// What another router sells stays in sight of all, unless it is said to be gone:
// nobody would count what that one goes on to promise.
func TestWhatOthersSellStaysInSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: oneOfEach, redis: redisProcess})
	a, b := w.run("a"), w.run("b")
	for _, p := range []*process{a, b} {
		w.eventually("the process is ready", p.isReady)
		w.present(p.Name, p.Router.Network().Revision, "")
	}
	renamed := strings.NewReplacer(renamings[2].new...).Replace(oneOfEach)
	told := a.reloads(renamed)
	if told.Taken || len(told.Hidden) != 1 || told.Hidden[0].Path != "helsinki/lane/kallio/bike" || len(told.Hidden[0].Others) != 1 || told.Hidden[0].Others[0] != "b" {
		t.Errorf("reload: got %+v, want a refusal because of b", told)
	}
	for _, p := range []*process{a, b} {
		if told := p.reloads(renamed + "\nretired: [helsinki/lane/kallio]\n"); told.Taken {
			t.Errorf("reload with all of kallio retired: got %+v, want a refusal, since a lane is there", told)
		}
		if told := p.reloads(renamed + "\nretired: [helsinki/lane/kallio/bike]\n"); !told.Taken {
			t.Errorf("reload with the lane retired: got %+v, want it taken", told)
		}
	}
}

// A router follows another network only if the push says so.
func TestFollowsNoOtherNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: twoRegions, redis: redisProcess})
	p := w.following("a")
	own := p.Router.Network().Revision
	other := bundle(t, strings.Replace(roomier, "network: helsinki", "network: oslo", 1), "")
	w.push(other)
	w.present("a", own, "it is of another network, oslo")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	before, _, err := w.conn.Config().Current(ctx)
	if err == nil {
		err = w.conn.Config().Push(ctx, stream.Push{Revision: other.Revision, By: "ada@desk", Force: true}, before.Sequence)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.present("a", other.Revision, "")
}
