package config

import (
	"time"

	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// Config is a network that has been checked. All lists are sorted by id,
// except those whose order means something and says so. It does not change
// after Load.
type Config struct {
	Network  string
	Currency string // ISO 4217; all amounts are in its minor units
	Decimals int    // of the currency
	Revision string // 12 hexadecimal digits of a digest of the file and the files it names

	Defaults    Defaults
	Resolution  int // of the H3 grid
	Containment geo.Containment
	Gazetteers  geo.Gazetteers // by country
	Geocoder    *Geocoder      // nil: addresses are known by their postcodes
	Holidays    []HolidayList
	Rank        []RankKey // in order
	Regions     []Region
	Levels      []Level
	Couriers    []Courier
	Sites       []Site
	Lockers     []Bank
	Retired     []string // beginnings of slots that are gone on purpose, as REGION/lane/SITE/LANE/10:00; as listed

	NATS           NATS
	Redis          Redis
	DataDir        string // joined to the config file's folder
	HTTP           HTTP
	OrderDigestKey Secret   // empty: the embedded default makes one in DataDir
	Shapes         []Shape  // in the order read
	Files          []string // that the config names and Load has read, joined likewise

	page   *page   // nil: not from a file
	bundle *Bundle // nil: likewise
}

// Defaults stand in for what an order does not say.
type Defaults struct {
	ServiceLevel    string    // empty: an order without one is unroutable
	DeliveryMethods []string  // in order of preference
	Parcel          lanes.Box // of a line without dimensions; zero: not known
}

// NATS says where events live.
type NATS struct {
	URL      Secret // empty: embedded
	Listen   string // HOST:PORT on loopback where the embedded server is found; port 0: any free one
	Replicas int
	MaxBytes MaxBytes
	Quotas   Quotas
}

// MaxBytes bounds the streams. A full ORDERS or DISPATCH refuses new messages
// instead of losing old ones.
type MaxBytes struct{ Orders, Dispatch, Courier, Rejected, Retry int64 }

// Quotas bound how many messages a stream keeps of one partner, so that it
// cannot take the room of all others. What is more is refused at the publish.
type Quotas struct {
	Channel int64 // orders, and as many cancellations, that ORDERS keeps of a channel
	Courier int64 // reports of each status that COURIER keeps of a courier
}

// Redis says where capacity is counted.
type Redis struct {
	URL   Secret        // empty: in-process
	Grace time.Duration // how long holds outlive their slots
}

// HTTP is health, metrics and the console.
type HTTP struct {
	Listen string   // HOST:PORT
	Hosts  []string // names and addresses that it goes by, beside loopback's and its own, as listed
}

// HolidayList is the days that regions call by one name.
type HolidayList struct {
	ID   string
	Days []lanes.Dates // as listed
}

// Shape is what a catchment draws as polygons.
type Shape struct {
	Name     string // FILE#FEATURE, as written
	Path     string // where the file first names it
	Coverage geo.Coverage
}

// Region is a metropolitan area whose capacity is reserved together.
type Region struct {
	ID       string
	Was      string // its first name, if that was another; so everywhere below
	Zone     *time.Location
	List     string // id of the HolidayList; empty: none
	Holidays lanes.DateSet
}

// Level is a service level.
type Level struct {
	ID       string
	Cutoffs  lanes.Cutoffs // none: any time of any day
	Promise  lanes.Promise
	Fallback string // id of the next level; empty: none
	WhenFull WhenFull
}

// WhenFull says what happens to an order that no level has room for.
type WhenFull string

const (
	Reject WhenFull = "reject" // it is unroutable
	Wait   WhenFull = "wait"   // it is tried again while the promise holds
)

// RankKey is one criterion of the ranking.
type RankKey string

const (
	RankPromise  RankKey = "promise"  // earlier first
	RankMethod   RankKey = "method"   // as the order prefers
	RankCost     RankKey = "cost"     // cheaper first
	RankDistance RankKey = "distance" // nearer first
)

// Courier is who fetches parcels from a site.
type Courier struct {
	ID           string
	MaxParcel    lanes.Room
	AcceptWithin time.Duration // of being asked, or the order is routed anew; 0: accepted when stored
}

// SiteKind is what a site is there for. Either kind may both stock and make.
type SiteKind string

const (
	MicroHub     SiteKind = "micro_hub"
	Microfactory SiteKind = "microfactory"
)

// Site is a place that fulfils.
type Site struct {
	ID       string
	Was      string
	Kind     SiteKind
	Region   string
	At       geo.Point
	Calendar *lanes.Calendar
	Closed   []lanes.Dates // as listed
	Handling Handling
	Stocks   []lanes.Pattern // as listed
	Makes    []Cell
	Lanes    []Lane
}

// Handling is what every order costs at a site.
type Handling struct {
	Time         time.Duration // of opening hours
	CostPerOrder int64
}

// Cell makes things to order.
type Cell struct {
	ID          string
	Was         string
	SKUs        []lanes.Pattern // as listed
	UnitsPerDay int64
	Lead        time.Duration // of opening hours
	CostPerUnit int64
}

// Lane is a way out of a site.
type Lane struct {
	ID            string
	Was           string
	Courier       string
	Levels        []string // as listed
	Area          geo.Area // its cells at the network's resolution
	Kind          LaneKind
	Blocks        []lanes.Block      // of Blocks, as listed
	Collections   []lanes.Collection // of Collections, as listed
	Timetable     *lanes.Timetable
	Transit       lanes.Transit // of Collections
	ClosesBefore  time.Duration // before a departure
	Parcels       int64         // per departure; 0: not limited
	Grams         int64         // per departure; 0: not limited
	CostPerParcel int64
	Lockers       []string // ids of banks that the lane fills, as listed
}

// LaneKind says what a lane's departures are.
type LaneKind string

const (
	Blocks      LaneKind = "blocks"      // delivered by the end of the block
	Collections LaneKind = "collections" // delivered after a transit
)

// Bank is a bank of parcel lockers.
type Bank struct {
	ID            string
	Was           string
	Region        string
	At            geo.Point
	OfferWithinKm float64 // of an order's address
	DwellDays     int     // local days from arrival that a parcel may stay
	CostPerParcel int64
	Sizes         []Size // in order: the first that fits is taken
}

// Size is one size of compartment.
type Size struct {
	ID    string
	Was   string
	Count int64
	Room  lanes.Room // its Grams may be 0: not limited
}

// Default is what a file that says nothing about it gets: servers inside the
// process, on loopback, with data beside the file.
func Default() *Config {
	return &Config{
		Defaults:    Defaults{DeliveryMethods: []string{"courier"}},
		Resolution:  9,
		Containment: geo.Center,
		Gazetteers:  geo.Gazetteers{},
		Rank:        []RankKey{RankPromise, RankMethod, RankCost, RankDistance},
		NATS: NATS{Listen: "127.0.0.1:4222", Replicas: 1, MaxBytes: MaxBytes{
			Orders: 1 << 30, Dispatch: 2 << 30, Courier: 512 << 20, Rejected: 256 << 20, Retry: 256 << 20,
		}, Quotas: Quotas{Channel: 500_000, Courier: 100_000}},
		Redis:   Redis{Grace: 24 * time.Hour},
		DataDir: "nearlane-data",
		HTTP:    HTTP{Listen: "127.0.0.1:8480"},
	}
}
