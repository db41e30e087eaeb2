package config

import (
	"slices"

	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// network reads the whole file.
func (l *loader) network(root value) {
	c := l.config
	m := root.mapping("a config begins with network: ID")
	c.Network = readOr(m.need("network", "name the network: network: helsinki"), identifier, "")
	c.Currency = readOr(m.need("currency", "name the currency of all amounts: currency: EUR"), currency, "")
	c.Decimals, _ = lanes.Decimals(c.Currency)
	l.amount = amount(c.Decimals)
	if c.Currency == "" {
		l.amount = amount(2) // that it is missing is said once; amounts are still checked
	}
	l.grid(m.get("grid"))
	l.servers(m)
	l.geocoding(m.get("geocoding"))
	l.rank(m.get("rank"))

	holidays := l.holidays(m.get("holidays"))
	regions := l.regions(m.need("regions", "define one: regions: {helsinki: {timezone: Europe/Helsinki}}"), holidays)
	couriers := l.couriers(m.need("couriers", "define who fetches parcels: couriers: {pyora: {}}"))
	levels := l.levels(m.need("serviceLevels", "define one: serviceLevels: {same_day: {promise: {sameDayBy: \"21:00\"}}}"))
	lockers := l.lockers(m.get("lockers"))
	l.sites(m.need("sites", "define where orders leave from; examples/helsinki has some to copy"))
	l.retired(m.get("retired"))
	l.defaults(m.get("defaults"))
	m.done()

	l.checkPlaces()
	l.checkHorizon(levels)
	l.unused(kindHolidays, holidays, "give it to a region: {timezone: ..., holidays: ID}, or delete it")
	l.unused(kindRegion, regions, "give it a site, or delete it")
	l.unused(kindCourier, couriers, "give it a lane, or delete it")
	l.unused(kindLevel, levels, "list it under a lane's serviceLevels, or delete it")
	l.unused(kindLocker, lockers, "list it under the lockers of the lane that fills it, or delete it")
}

func (l *loader) grid(v value) {
	if v.absent() {
		return
	}
	m := v.mapping("{resolution: 9, containment: center}")
	l.config.Resolution = int(readOr(m.get("resolution"), whole("a resolution of the H3 grid", 5, 12), int64(l.config.Resolution)))
	word := readOr(m.get("containment"), oneOf("a containment", "center", "full", "overlapping"), string(l.config.Containment))
	l.config.Containment = geo.Containment(word)
	m.done()
}

// rank reads the order in which options are compared.
func (l *loader) rank(v value) {
	if v.absent() {
		return
	}
	var keys []RankKey
	for _, item := range v.some("[promise, method, cost, distance]") {
		word, ok := read(item, oneOf("a rank key", "promise", "method", "cost", "distance"))
		if ok && slices.Contains(keys, RankKey(word)) {
			item.fail(CodeDuplicate, "name each key once: a second time it changes nothing", "%q is there already", word)
			continue
		}
		if ok {
			keys = append(keys, RankKey(word))
		}
	}
	l.config.Rank = keys
}
