package router

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// Network is a config compiled for planning. It never changes: a reload makes
// a new one. Lanes are numbered by site id and lane id, and the numbers are
// the areas of the index.
type Network struct {
	Name     string
	Revision string // of the config
	Currency string

	resolution     int
	rank           []config.RankKey
	gazetteers     geo.Gazetteers
	geocoder       *config.Geocoder // says whose addresses are asked for; nil: nobody's
	defaultLevel   string
	defaultMethods []string
	defaultParcel  lanes.Box

	levels    []*level
	regions   []*region
	lanes     []lane
	cellLanes int // lanes with cells in their catchment
	banks     []bank
	couriers  map[string]*courier
	index     *geo.Index
	closures  []Closure  // by hand, sorted
	retired   []string   // beginnings of slots that are gone on purpose
	scratch   *sync.Pool // of *scratch
}

// A region, a site, a lane, a production cell, a bank and a size each have the
// id that people know and a key, which is the first id that it had: slots, holds
// and epochs are kept under keys, so that a new name moves nothing.

type region struct {
	id  string
	key string
	cal *lanes.Calendar // zone and holidays; its own hours are never asked
}

type level struct {
	number   int
	id       string
	cutoffs  lanes.Cutoffs
	promise  lanes.Promise
	fallback *level
	wait     bool // at the end of a chain: orders wait for capacity
}

// levelSet holds levels by number.
type levelSet uint64

func (s levelSet) has(l *level) bool { return s>>l.number&1 == 1 }

// MaxLevels is how many service levels a network can have.
const MaxLevels = 64

type courier struct {
	id           string
	room         lanes.Room
	acceptWithin time.Duration // 0: accepted when stored
}

type site struct {
	id           string
	key          string
	open         *site // as the config has it; nil: staff have not closed it
	at           geo.Vec
	region       *region
	cal          *lanes.Calendar
	handling     time.Duration // of opening hours
	handlingCost int64
	assortment   *assortment
	cells        []cell
	wire         event.Site
}

type cell struct {
	id          string
	key         string
	unitsPerDay int64
	lead        time.Duration // of opening hours
	cost        int64         // per unit
}

type lane struct {
	id           string
	key          string
	path         string // "site/lane"
	keyPath      string // the same of keys: orders remember lanes by whatever they were called
	open         *lane  // as the config has it; nil: staff have closed neither it nor its site
	site         *site
	courier      *courier
	levels       levelSet
	hasCells     bool
	timetable    *lanes.Timetable
	transit      *lanes.Transit // nil: blocks
	closesBefore int64          // seconds
	parcels      int64          // 0: not limited
	grams        int64          // 0: not limited
	cost         int64          // per parcel
	banks        []int32
}

type bank struct {
	id          string
	key         string
	region      *region
	at          geo.Vec
	offerWithin int64 // metres
	dwellDays   int
	cost        int64 // per parcel
	sizes       []size
}

type size struct {
	id    string
	key   string
	count int64
	room  lanes.Room
}

// Build compiles a checked config. It fails only on what planning cannot
// represent.
func Build(c *config.Config) (*Network, error) {
	if len(c.Levels) > MaxLevels {
		return nil, fmt.Errorf("build network %s: %d service levels, at most %d work", c.Network, len(c.Levels), MaxLevels)
	}
	n := &Network{
		Name: c.Network, Revision: c.Revision, Currency: c.Currency,
		resolution: c.Resolution, rank: c.Rank, gazetteers: c.Gazetteers, geocoder: c.Geocoder,
		scratch:      &sync.Pool{New: func() any { return new(scratch) }},
		defaultLevel: c.Defaults.ServiceLevel, defaultMethods: c.Defaults.DeliveryMethods, defaultParcel: c.Defaults.Parcel,
	}
	n.couriers, n.retired = map[string]*courier{}, c.Retired
	b := builder{Network: n, assortments: map[string]*assortment{}}
	b.levels(c.Levels)
	for _, r := range c.Regions {
		n.regions = append(n.regions, &region{id: r.ID, key: r.Key(), cal: &lanes.Calendar{Zone: r.Zone, Holidays: r.Holidays}})
	}
	for _, k := range c.Couriers {
		b.couriers[k.ID] = &courier{id: k.ID, room: k.MaxParcel, acceptWithin: k.AcceptWithin}
	}
	for _, l := range c.Lockers {
		n.banks = append(n.banks, b.bank(&l))
	}
	var areas []geo.Area
	for i := range c.Sites {
		areas = b.site(&c.Sites[i], areas)
	}
	n.index = geo.NewIndex(areas)
	return n, nil
}

// Regions lists the regions as the journal and Redis know them: by their keys,
// sorted by their ids.
func (n *Network) Regions() []string {
	keys := make([]string, len(n.regions))
	for i, r := range n.regions {
		keys[i] = r.key
	}
	return keys
}

// RegionID is what people call the region of a key; the key, if there is none
// any more.
func (n *Network) RegionID(key string) string {
	if r := n.region(key); r != nil {
		return r.id
	}
	return key
}

// region finds a region by its key; nil: there is none any more.
func (n *Network) region(key string) *region {
	if i := slices.IndexFunc(n.regions, func(r *region) bool { return r.key == key }); i >= 0 {
		return n.regions[i]
	}
	return nil
}

// level finds a level by id; an empty one is the network's default.
func (n *Network) level(id string) *level {
	id = cmp.Or(id, n.defaultLevel)
	for _, l := range n.levels {
		if l.id == id {
			return l
		}
	}
	return nil
}

// methodsOf lists the delivery methods the order wants, in order of
// preference. A shopper who picked a locker wants it, whatever the default.
func (n *Network) methodsOf(o *event.Order) []string {
	switch {
	case len(o.DeliveryMethods) > 0:
		return o.DeliveryMethods
	case o.ShipTo.LockerID != "" && !slices.Contains(n.defaultMethods, event.MethodLocker):
		return append([]string{event.MethodLocker}, n.defaultMethods...)
	}
	return n.defaultMethods
}

// builder is what Build needs only while it builds.
type builder struct {
	*Network
	assortments map[string]*assortment
}

func (b *builder) levels(in []config.Level) {
	for i, l := range in {
		b.Network.levels = append(b.Network.levels, &level{number: i, id: l.ID, cutoffs: l.Cutoffs, promise: l.Promise, wait: l.WhenFull == config.Wait})
	}
	for i, l := range in {
		if l.Fallback != "" {
			b.Network.levels[i].fallback = b.level(l.Fallback)
		}
	}
}

// named finds a region by its id, which a checked config has.
func (b *builder) named(id string) *region {
	return b.regions[slices.IndexFunc(b.regions, func(r *region) bool { return r.id == id })]
}

func (b *builder) bank(in *config.Bank) bank {
	out := bank{id: in.ID, key: in.Key(), region: b.named(in.Region), at: in.At.Vec(), dwellDays: in.DwellDays,
		offerWithin: int64(math.Round(in.OfferWithinKm * 1000)), cost: in.CostPerParcel}
	for _, s := range in.Sizes {
		out.sizes = append(out.sizes, size{id: s.ID, key: s.Key(), count: s.Count, room: s.Room})
	}
	return out
}

// site compiles a site and its lanes, and appends their catchments to areas.
func (b *builder) site(in *config.Site, areas []geo.Area) []geo.Area {
	s := &site{
		id: in.ID, key: in.Key(), at: in.At.Vec(), region: b.named(in.Region), cal: in.Calendar,
		handling: in.Handling.Time, handlingCost: in.Handling.CostPerOrder, assortment: b.assortment(in),
	}
	s.wire = event.Site{SiteID: in.ID, Kind: string(in.Kind), TimeZone: s.region.cal.Zone.String(),
		Geo: event.Geo{Latitude: in.At.Lat, Longitude: in.At.Lng}}
	for _, c := range in.Makes {
		s.cells = append(s.cells, cell{id: c.ID, key: c.Key(), unitsPerDay: c.UnitsPerDay, lead: c.Lead, cost: c.CostPerUnit})
	}
	for i := range in.Lanes {
		l := &in.Lanes[i]
		b.lanes = append(b.lanes, b.lane(s, l))
		areas = append(areas, l.Area)
		if !l.Area.Cells.Empty() {
			b.cellLanes++
		}
	}
	return areas
}

func (b *builder) lane(s *site, in *config.Lane) lane {
	out := lane{
		id: in.ID, key: in.Key(), path: s.id + "/" + in.ID, keyPath: s.key + "/" + in.Key(), site: s, courier: b.couriers[in.Courier], hasCells: !in.Area.Cells.Empty(), timetable: in.Timetable,
		closesBefore: int64(in.ClosesBefore.Seconds()), parcels: in.Parcels, grams: in.Grams, cost: in.CostPerParcel,
	}
	for _, id := range in.Levels {
		out.levels |= 1 << b.level(id).number
	}
	if in.Kind == config.Collections {
		transit := in.Transit
		out.transit = &transit
	}
	for _, id := range in.Lockers {
		i := slices.IndexFunc(b.banks, func(k bank) bool { return k.id == id })
		out.banks = append(out.banks, int32(i))
	}
	return out
}

// assortment returns the one assortment of all sites that have the same.
func (b *builder) assortment(in *config.Site) *assortment {
	a := &assortment{stocks: in.Stocks}
	var key strings.Builder
	write := func(patterns []lanes.Pattern) {
		for _, p := range patterns {
			key.WriteString(p.String() + " ")
		}
		key.WriteByte('\n')
	}
	write(in.Stocks)
	for _, c := range in.Makes {
		a.makes = append(a.makes, c.SKUs)
		write(c.SKUs)
	}
	if same := b.assortments[key.String()]; same != nil {
		return same
	}
	b.assortments[key.String()] = a
	return a
}

// Size says in a few words how large the network is.
func (n *Network) Size() string {
	sites := map[*site]bool{}
	for i := range n.lanes {
		sites[n.lanes[i].site] = true
	}
	text := fmt.Sprintf("%d sites, %d lanes, %d locker banks, %d service levels", len(sites), len(n.lanes), len(n.banks), len(n.levels))
	if n.geocoder != nil {
		text += ", addresses by " + n.geocoder.Kind
	}
	return text
}
