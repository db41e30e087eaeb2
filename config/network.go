package config

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

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
	l.gazetteers(m.get("geocoding"))
	l.rank(m.get("rank"))

	holidays := l.holidays(m.get("holidays"))
	regions := l.regions(m.need("regions", "define one: regions: {helsinki: {timezone: Europe/Helsinki}}"), holidays)
	couriers := l.couriers(m.need("couriers", "define who fetches parcels: couriers: {pyora: {}}"))
	levels := l.levels(m.need("serviceLevels", "define one: serviceLevels: {same_day: {promise: {sameDayBy: \"21:00\"}}}"))
	lockers := l.lockers(m.get("lockers"))
	l.sites(m.need("sites", "define where orders leave from; examples/helsinki has some to copy"))
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

// servers reads what the process itself needs, apart from the network it routes.
func (l *loader) servers(m *mapping) {
	external := l.nats(m.get("nats"))
	l.redis(m.get("redis"))
	l.config.DataDir = l.path(readOr(m.get("dataDir"), text("a folder"), l.config.DataDir))
	if v := m.get("http"); !v.absent() {
		h := v.mapping("{listen: 127.0.0.1:8480}")
		l.config.HTTP.Listen = readOr(h.get("listen"), listen, l.config.HTTP.Listen)
		h.done()
	}
	l.secrets(m, external)
}

// nats reports whether the network uses servers of its own.
func (l *loader) nats(v value) (external bool) {
	if v.absent() {
		return false
	}
	c := &l.config.NATS
	m := v.mapping(`{url: "${NATS_URL}", replicas: 3}`)
	c.URL, external = l.url(m.get("url"), "nats", "tls", "ws", "wss")
	replicas := m.get("replicas")
	if n, ok := read(replicas, whole("a number of replicas", 1, 5)); ok {
		c.Replicas = int(n)
		switch {
		case n%2 == 0:
			replicas.fail(CodeRange, "1, 3 or 5: an even number survives no more than the odd one below", "%d is an even number of replicas", n)
		case n > 1 && !external:
			replicas.fail(CodeConflict, "set nats.url to a cluster, or replicas to 1", "the embedded server is one server: it keeps no %d replicas", n)
		}
	}
	if v := m.get("maxBytes"); !v.absent() {
		b := v.mapping("{orders: 1GiB, dispatch: 2GiB, rejected: 256MiB}")
		c.MaxBytes.Orders = readOr(b.get("orders"), size, c.MaxBytes.Orders)
		c.MaxBytes.Dispatch = readOr(b.get("dispatch"), size, c.MaxBytes.Dispatch)
		c.MaxBytes.Rejected = readOr(b.get("rejected"), size, c.MaxBytes.Rejected)
		b.done()
	}
	m.done()
	return external
}

func (l *loader) redis(v value) {
	if v.absent() {
		return
	}
	m := v.mapping(`{url: "${REDIS_URL}"}`)
	l.config.Redis.URL, _ = l.url(m.get("url"), "redis", "rediss", "unix")
	l.config.Redis.Grace = readOr(m.get("grace"), longer, l.config.Redis.Grace)
	m.done()
}

// url reads the URL of a server. It is false if there is none: the embedded
// server is meant. A URL that was refused still counts as one. Findings never
// repeat it, for it may hold a password.
func (l *loader) url(v value, schemes ...string) (Secret, bool) {
	if v.absent() {
		return Secret{}, false
	}
	s, ok := l.secret(v)
	if !ok {
		return Secret{}, true
	}
	if s.Empty() {
		return s, false
	}
	hint := "such as " + schemes[0] + "://127.0.0.1, with the password from ${NAME}"
	for one := range strings.SplitSeq(s.Reveal(), ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		switch {
		case err != nil || u.Host == "" && u.Scheme != "unix":
			v.fail(CodeValue, hint, "this is not the URL of a server")
			return s, true
		case !slices.Contains(schemes, u.Scheme):
			v.fail(CodeValue, "begin it with one of "+strings.Join(schemes, "://, ")+"://", "%q is not a scheme that works here", u.Scheme)
			return s, true
		case u.User != nil && literal(v):
			v.warn(CodeSecret, `write the credentials as "${NAME}"`, "credentials are written into the file")
		}
	}
	return s, true
}

// secrets reads what the router signs with.
func (l *loader) secrets(m *mapping, external bool) {
	const hint = `make one with openssl rand -hex 32 and write orderDigest: "${NEARLANE_DIGEST_KEY}"`
	s := m.get("secrets")
	if s.absent() {
		if external {
			m.doc.add(m.get("nats").key, "$.secrets.orderDigest", CodeMissing, hint,
				"secrets.orderDigest is missing: routers on a shared NATS must agree on it")
		}
		return
	}
	sub := s.mapping("{orderDigest: \"${NEARLANE_DIGEST_KEY}\"}")
	v := sub.get("orderDigest")
	if external {
		v = sub.need("orderDigest", hint)
	}
	sub.done()
	if v.absent() {
		return
	}
	key, ok := l.secret(v)
	switch {
	case !ok:
		return
	case key.Empty() && !external: // as if it were not there
	case len(key.Reveal()) < minSecret:
		v.fail(CodeRange, hint, "the secret has less than %d characters", minSecret)
	case literal(v):
		v.warn(CodeSecret, hint, "the secret is written into the file")
	}
	l.config.OrderDigestKey = key
}

const minSecret = 16

// literal reports whether a secret stands in the file itself.
func literal(v value) bool {
	text, _ := v.text("", "")
	return !strings.Contains(text, "${") && !strings.HasPrefix(text, "file:")
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

// listen is the address the HTTP server listens on.
var listen = field[string]{what: "an address to listen on", hint: "HOST:PORT, such as 127.0.0.1:8480", parse: func(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", &problem{message: "it is not HOST:PORT"}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		return "", &problem{offset: strings.LastIndexByte(text, ':') + 1, message: "the port is not a number from 0 to 65535"}
	}
	if strings.ContainsAny(host, " /@") {
		return "", &problem{message: "the host has characters that no host has"}
	}
	return text, nil
}}
