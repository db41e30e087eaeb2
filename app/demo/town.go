package demo

import (
	"math"
	"math/rand/v2"

	"github.com/nearlane/nearlane/event"
)

// district is a part of town that orders come from, as a round cloud of
// addresses.
type district struct {
	name     string
	locality string
	postcode string
	lat, lng float64
	spread   float64 // metres, one standard deviation
	weight   float64 // share of the local orders
	streets  []string
	locker   string // the bank people there pick; empty: none
}

// districts of Helsinki and Espoo with real streets. Numbers and people on
// them are made up.
var districts = []district{
	{"Kallio", "Helsinki", "00530", 60.1838, 24.9500, 420, 17, []string{"Fleminginkatu", "Vaasankatu", "Helsinginkatu"}, "hakaniemi"},
	{"Sörnäinen", "Helsinki", "00500", 60.1868, 24.9610, 330, 9, []string{"Hämeentie", "Lautatarhankatu"}, "sornainen"},
	{"Vallila", "Helsinki", "00550", 60.1950, 24.9570, 380, 6, []string{"Mäkelänkatu", "Sturenkatu"}, "sornainen"},
	{"Kalasatama", "Helsinki", "00540", 60.1862, 24.9780, 260, 4, []string{"Arielinkatu", "Capellan puistotie"}, ""},
	{"Kamppi", "Helsinki", "00180", 60.1660, 24.9270, 330, 11, []string{"Eerikinkatu", "Kalevankatu", "Lönnrotinkatu"}, "kamppi"},
	{"Punavuori", "Helsinki", "00120", 60.1620, 24.9390, 280, 10, []string{"Iso Roobertinkatu", "Uudenmaankatu"}, "rautatientori"},
	{"Ullanlinna", "Helsinki", "00140", 60.1592, 24.9480, 230, 4, []string{"Korkeavuorenkatu", "Kapteeninkatu"}, ""},
	{"Kruununhaka", "Helsinki", "00170", 60.1730, 24.9565, 240, 5, []string{"Liisankatu", "Mariankatu"}, "rautatientori"},
	{"Töölö", "Helsinki", "00260", 60.1805, 24.9210, 420, 9, []string{"Runeberginkatu", "Topeliuksenkatu"}, "toolontori"},
	{"Jätkäsaari", "Helsinki", "00220", 60.1585, 24.9190, 260, 4, []string{"Välimerenkatu", "Länsisatamankatu"}, "ruoholahti"},
	{"Lauttasaari", "Helsinki", "00200", 60.1590, 24.8760, 420, 5, []string{"Lauttasaarentie", "Otavantie"}, ""},
	{"Pasila", "Helsinki", "00520", 60.1990, 24.9360, 420, 6, []string{"Ratapihantie", "Asemapäällikönkatu"}, "pasila"},
	{"Käpylä", "Helsinki", "00610", 60.2145, 24.9490, 420, 3, []string{"Pohjolankatu", "Koskelantie"}, ""},
	{"Munkkiniemi", "Helsinki", "00330", 60.1975, 24.8790, 380, 2, []string{"Laajalahdentie"}, ""},
	{"Herttoniemi", "Helsinki", "00800", 60.1950, 25.0310, 480, 3, []string{"Hiihtomäentie", "Siilitie"}, ""},
	{"Itäkeskus", "Helsinki", "00930", 60.2098, 25.0830, 480, 4, []string{"Turunlinnantie", "Asiakkaankatu"}, "itakeskus"},
	{"Vuosaari", "Helsinki", "00980", 60.2085, 25.1430, 420, 2, []string{"Mosaiikkitori"}, ""},
	{"Tapiola", "Espoo", "02100", 60.1760, 24.8050, 380, 2, []string{"Tapiontori", "Otsolahdentie"}, ""},
	{"Suomenlinna", "Helsinki", "00190", 60.1460, 24.9860, 220, 1, []string{"Suomenlinna C"}, ""},
}

// remote is a place that no bike reaches: orders from there give a postcode.
type remote struct {
	name, country, postcode, street string
}

var (
	towns = []remote{
		{"Tampere", "FI", "33100", "Hämeenkatu"},
		{"Turku", "FI", "20100", "Yliopistonkatu"},
		{"Oulu", "FI", "90100", "Kirkkokatu"},
		{"Vantaa", "FI", "01300", "Asematie"},
	}
	abroad = []remote{
		{"Stockholm", "SE", "111 22", "Vasagatan"},
		{"Göteborg", "SE", "411 08", "Kungsgatan"},
		{"Tallinn", "EE", "10111", "Narva maantee"},
		{"Berlin", "DE", "10115", "Invalidenstraße"},
		{"Hamburg", "DE", "20095", "Mönckebergstraße"},
		{"London", "GB", "E1 6AN", "Commercial Street"},
		{"Riga", "LV", "LV-1010", "Elizabetes iela"},
	}
)

// address draws one in the district.
func (d *district) address(r *rand.Rand) event.Address {
	const metresPerDegree = 111_195
	north, east := r.NormFloat64()*d.spread, r.NormFloat64()*d.spread
	return event.Address{
		Geo: &event.Geo{
			Latitude:  roundTo(d.lat+north/metresPerDegree, 1e5),
			Longitude: roundTo(d.lng+east/(metresPerDegree*math.Cos(d.lat*math.Pi/180)), 1e5),
		},
		StreetAddress:   street(r, d.streets[r.IntN(len(d.streets))]),
		AddressLocality: d.locality,
		PostalCode:      d.postcode,
		AddressCountry:  "FI",
	}
}

func (p *remote) address(r *rand.Rand) event.Address {
	return event.Address{
		StreetAddress:   street(r, p.street),
		AddressLocality: p.name,
		PostalCode:      p.postcode,
		AddressCountry:  p.country,
	}
}

func roundTo(v, steps float64) float64 { return math.Round(v*steps) / steps }
