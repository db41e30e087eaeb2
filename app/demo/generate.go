package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// Kind says what a platform does with an emission.
type Kind uint8

const (
	Placed   Kind = iota // an order, placed once
	Flawed               // an order with something wrong about it; see Flaw
	Repeated             // an earlier message once more, byte for byte
	Resent               // an earlier order once more, in other bytes
	Changed              // an earlier order with other content
)

func (k Kind) String() string {
	return [...]string{"placed", "flawed", "repeated", "resent", "changed"}[k]
}

// Emission is one message that a platform publishes on ORDERS.
type Emission struct {
	Kind    Kind
	Message stream.Outgoing
	At      time.Time    // of publishing
	Order   *event.Order // as the platform means it
	Place   string       // where it goes, for people
	Flaw    *Flaw        // of Flawed
}

// Shares of what a day brings; the rest of it are local orders.
const (
	shareFlawed = 0.05
	shareRepeat = 0.03
	shareTown   = 0.09
	shareAbroad = 0.06
)

// Generate draws the emissions of one day, in the order of publishing. Equal
// arguments give equal emissions. The last one is an order without a flaw.
func Generate(seed uint64, n int, start time.Time) []*Emission {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x6e6c))}
	flawed := map[int]bool{}
	if n > 1 {
		for _, i := range g.Perm(n - 1)[:max(1, int(shareFlawed*float64(n)))] {
			flawed[i] = true
		}
	}
	next := g.Perm(len(flaws))
	for i, at := range placingTimes(g.Rand, n, start) {
		switch {
		case flawed[i]:
			g.add(g.flawed(i+1, at, &flaws[next[0]]))
			next = append(next[1:], next[0])
		case len(g.placed) > 0 && i < n-1 && g.Float64() < shareRepeat:
			g.add(g.again(at))
		default:
			e := g.order(i+1, at)
			g.placed = append(g.placed, e)
			g.add(e)
		}
	}
	return g.day
}

// generator draws the emissions of one day.
type generator struct {
	*rand.Rand
	day    []*Emission
	placed []*Emission // that can be repeated; oldest first
}

func (g *generator) add(e *Emission) { g.day = append(g.day, e) }

// channel is a shop, and how it writes its orders.
type channel struct {
	id         string
	weight     float64
	cloudEvent bool
}

var channels = []channel{{"webshop", 6, false}, {"app", 3, true}, {"market", 1, false}}

func (c channel) share() float64 { return c.weight }

func writesCloudEvents(id string) bool {
	return slices.ContainsFunc(channels, func(c channel) bool { return c.id == id && c.cloudEvent })
}

// order draws one that is well-formed and meant seriously.
func (g *generator) order(number int, at time.Time) *Emission {
	shop := pick(g.Rand, channels, channel.share)
	o := &event.Order{
		OrderID:   fmt.Sprintf("%c%04d", shop.id[0]-'a'+'A', number),
		Channel:   shop.id,
		PlacedAt:  at,
		Recipient: recipient(g.Rand),
	}
	e := &Emission{At: at, Order: o}
	switch x := g.Float64(); {
	case x < shareTown:
		o.Lines = basket(g.Rand)
		e.Place = g.remote(o, towns, "national")
	case x < shareTown+shareAbroad:
		o.Lines = shelf(g.Rand)
		e.Place = g.remote(o, abroad, "international")
	default:
		o.Lines = basket(g.Rand)
		e.Place = g.local(o)
	}
	e.Message = encode(o, shop.cloudEvent)
	return e
}

func (g *generator) remote(o *event.Order, places []remote, level string) string {
	p := &places[g.IntN(len(places))]
	o.ShipTo, o.ServiceLevel = p.address(g.Rand), level
	return p.name
}

func (g *generator) local(o *event.Order) string {
	d := pick(g.Rand, districts, district.share)
	o.ShipTo = d.address(g.Rand)
	if g.Float64() < 0.2 {
		o.ShipTo.Geo = nil // the postcode has to do
	}
	switch x := g.Float64(); {
	case x < 0.65:
		o.ServiceLevel = "same_day"
	case x < 0.75:
		o.ServiceLevel = "national" // no hurry
		return d.name
	} // else the network's default
	switch x := g.Float64(); {
	case x < 0.27:
		o.DeliveryMethods = []string{event.MethodLocker, event.MethodCourier}
	case x < 0.33 && d.locker != "":
		o.DeliveryMethods, o.ShipTo.LockerID = []string{event.MethodLocker}, d.locker
	}
	if h := o.PlacedAt.Hour(); h < 16 && g.Float64() < 0.06 {
		year, month, day := o.PlacedAt.Date()
		evening := time.Date(year, month, day, 18, 0, 0, 0, o.PlacedAt.Location())
		o.RequestedWindow = &event.Window{Start: evening, End: evening.Add(3 * time.Hour)}
	}
	return d.name
}

// again repeats one of the latest orders, each at most once: a platform that
// does not know whether its publish arrived, or one that edits a placed order.
func (g *generator) again(at time.Time) *Emission {
	i := max(0, len(g.placed)-20)
	i += g.IntN(len(g.placed) - i)
	e := *g.placed[i]
	g.placed = slices.Delete(g.placed, i, i+1)
	e.At = at
	switch x := g.Float64(); {
	case x < 0.5:
		e.Kind = Repeated
	case x < 0.8:
		e.Kind = Resent
		e.Message = encode(e.Order, !writesCloudEvents(e.Order.Channel))
	default:
		e.Kind = Changed
		changed := *e.Order
		changed.Lines = slices.Clone(changed.Lines)
		changed.Lines[0].Quantity++
		e.Order = &changed
		e.Message = encode(&changed, false)
	}
	return &e
}

// flawed draws an order and spoils it.
func (g *generator) flawed(number int, at time.Time, f *Flaw) *Emission {
	e := g.order(number, at)
	e.Kind, e.Flaw = Flawed, f
	if e.Order.ShipTo.Geo == nil {
		e.Place, e.Order.ShipTo = "Kallio", districts[0].address(g.Rand)
	}
	e.Order.ServiceLevel, e.Order.Lines = "same_day", e.Order.Lines[:1]
	subject := e.Message.Subject
	if f.spoil != nil {
		f.spoil(e)
	}
	e.Message = encode(e.Order, false)
	e.Message.Subject = subject
	if f.mangle != nil {
		e.Message.Data = f.mangle(e.Message.Data)
	}
	return e
}

// encode writes an order as a platform does: as it is, or as the data of a
// structured CloudEvent.
func encode(o *event.Order, cloudEvent bool) stream.Outgoing {
	var message any = o
	if cloudEvent {
		message = map[string]any{"specversion": "1.0", "id": o.OrderID, "source": "/" + o.Channel,
			"type": event.TypeOrderPlaced, "time": o.PlacedAt, "datacontenttype": "application/json", "data": o}
	}
	data, err := json.Marshal(message)
	if err != nil {
		panic(fmt.Sprintf("demo: encode an order of ours: %v", err))
	}
	return stream.Outgoing{Subject: event.PlacedSubject(o.Channel), Data: data}
}
