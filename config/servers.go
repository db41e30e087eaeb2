package config

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// servers reads what the process itself needs, apart from the network it routes.
func (l *loader) servers(m *mapping) {
	nats := m.get("nats")
	external := l.nats(nats)
	if shared, at := l.redis(m.get("redis"), nats.key); external && !shared {
		m.doc.add(at, "$.redis.url", CodeMissing, `set it: redis: {url: "${REDIS_URL}"}`,
			"redis.url is missing: routers on a shared NATS must count capacity in one Redis")
	}
	l.config.DataDir = l.path(readOr(m.get("dataDir"), text("a folder"), l.config.DataDir))
	if v := m.get("http"); !v.absent() {
		h := v.mapping("{listen: 127.0.0.1:8480}")
		l.config.HTTP.Listen = readOr(h.get("listen"), listen, l.config.HTTP.Listen)
		l.hosts(h.get("hosts"))
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
	c.Listen = readOr(m.get("listen"), loopback, c.Listen)
	replicas := m.get("replicas")
	if n, ok := read(replicas, whole("a number of replicas", 1, 5)); ok {
		c.Replicas = int(n)
		switch {
		case n%2 == 0:
			replicas.fail(CodeRange, "1, 3 or 5: an even number survives no more than the odd one below", "%d is an even number of replicas", n)
		case n > 1 && !external && !l.sealed:
			replicas.fail(CodeConflict, "set nats.url to a cluster, or replicas to 1", "the embedded server is one server: it keeps no %d replicas", n)
		}
	}
	if v := m.get("maxBytes"); !v.absent() {
		b := v.mapping("{orders: 1GiB, dispatch: 2GiB, courier: 512MiB, rejected: 256MiB, retry: 256MiB}")
		c.MaxBytes.Orders = readOr(b.get("orders"), size, c.MaxBytes.Orders)
		c.MaxBytes.Dispatch = readOr(b.get("dispatch"), size, c.MaxBytes.Dispatch)
		c.MaxBytes.Courier = readOr(b.get("courier"), size, c.MaxBytes.Courier)
		c.MaxBytes.Retry = readOr(b.get("retry"), size, c.MaxBytes.Retry)
		c.MaxBytes.Rejected = readOr(b.get("rejected"), size, c.MaxBytes.Rejected)
		b.done()
	}
	if v := m.get("quotas"); !v.absent() {
		q := v.mapping("{channel: 500000, courier: 100000}")
		c.Quotas.Channel = readOr(q.get("channel"), quota, c.Quotas.Channel)
		c.Quotas.Courier = readOr(q.get("courier"), quota, c.Quotas.Courier)
		q.done()
	}
	m.done()
	return external
}

// quota is a number of messages.
var quota = whole("a number of messages", 1, 1_000_000_000)

// redis reports whether capacity is counted in a server of its own, and where
// its URL stands or should: elsewhere if there is no such section.
func (l *loader) redis(v value, elsewhere position) (external bool, at position) {
	if v.absent() {
		return false, elsewhere
	}
	m := v.mapping(`{url: "${REDIS_URL}"}`)
	where := m.get("url")
	if at = where.at; where.absent() {
		at = v.key
	}
	l.config.Redis.URL, external = l.url(where, "redis", "rediss", "unix")
	oneCluster(where, l.config.Redis.URL.Reveal())
	l.config.Redis.Grace = readOr(m.get("grace"), longer, l.config.Redis.Grace)
	m.done()
	return external, at
}

// oneCluster finds what several URLs of Redis cannot be: nodes of one cluster,
// which have the same password and TLS, and one database.
func oneCluster(v value, text string) {
	urls := strings.Split(text, ",")
	if len(urls) == 1 {
		return
	}
	first, err := url.Parse(strings.TrimSpace(urls[0]))
	if err != nil {
		return // found already
	}
	for _, one := range urls {
		u, err := url.Parse(strings.TrimSpace(one))
		if err == nil && (u.Scheme == "unix" || u.Scheme != first.Scheme || u.User.String() != first.User.String() || strings.Trim(u.Path, "/0") != "") {
			v.fail(CodeConflict, "such as redis://10.0.0.1:6379,redis://10.0.0.2:6379: several URLs are nodes of one Redis Cluster",
				"the URLs differ in more than the address, or name a database other than 0")
			return
		}
	}
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
		if err == nil && literal(v) && strings.Trim(u.Path, "/") != "" {
			l.paths = append(l.paths, s.Reveal())
		}
		if err == nil && literal(v) && (u.RawQuery != "" || u.Fragment != "") {
			l.literals = append(l.literals, s.Reveal())
			v.warn(CodeSecret, `write the URL as "${NAME}"`, "a query, which may hold a key, is written into the file")
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

// hosts reads the names that the HTTP server goes by.
func (l *loader) hosts(v value) {
	if v.absent() {
		return
	}
	for _, item := range v.some("[router.example.com], or leave it out") {
		if name, ok := read(item, host); ok {
			l.config.HTTP.Hosts = append(l.config.HTTP.Hosts, name)
		}
	}
}

// hostName is what a host may be called: labels of letters, digits, hyphens
// and underscores.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$`)

// host is a name or an IP address, without a port: a tunnel has another one.
var host = field[string]{what: "a host", hint: "a name or an IP address without a port, such as router.example.com", parse: func(text string) (string, error) {
	if _, err := netip.ParseAddr(text); err != nil && (len(text) > 253 || !hostName.MatchString(text)) {
		return "", &problem{message: "it is neither a host's name nor an IP address"}
	}
	return text, nil
}}

// loopback is where the embedded server listens: it has no passwords, so
// nothing from outside may reach it.
var loopback = field[string]{what: "an address on loopback", hint: "127.0.0.1:PORT, such as 127.0.0.1:4222; for other machines run a nats-server and set nats.url", parse: func(text string) (string, error) {
	address, err := listen.parse(text)
	if err == nil && !strings.HasPrefix(text, "127.0.0.1:") {
		return "", &problem{message: "the embedded server listens on 127.0.0.1 only"}
	}
	return address, err
}}
