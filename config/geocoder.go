package config

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Geocoder is an HTTP geocoder that knows where addresses are.
type Geocoder struct {
	Kind          string // "nominatim" or "photon"
	URL           Secret
	UserAgent     string
	Timeout       time.Duration // of one request
	Wait          time.Duration // of all orders that were pulled together
	RatePerSecond float64       // of one router
	Concurrency   int
	Countries     []string // sorted; none: all
	KeepFound     time.Duration
	KeepMissed    time.Duration
}

// Asks reports whether addresses of a country are asked for. There need be no
// geocoder.
func (g *Geocoder) Asks(country string) bool {
	return g != nil && (len(g.Countries) == 0 || slices.Contains(g.Countries, country))
}

// publicNominatim is the server of the OpenStreetMap Foundation. Its rules allow
// one request a second, from everybody together who uses an application.
const publicNominatim = "nominatim.openstreetmap.org"

// waitSlack is what a wait has to leave beside the timeout of a request.
const waitSlack = 100 * time.Millisecond

const geocoderHint = `{kind: nominatim, url: "https://nominatim.example.com", userAgent: "shop.example (it@shop.example)"}`

// geocoder reads how addresses are asked for.
func (l *loader) geocoder(v value) {
	if v.absent() {
		return
	}
	g := &Geocoder{Timeout: 300 * time.Millisecond, Wait: 600 * time.Millisecond, RatePerSecond: 1, Concurrency: 4,
		KeepFound: 30 * day, KeepMissed: day}
	m := v.mapping(geocoderHint)
	g.Kind = readOr(m.need("kind", "nominatim or photon"), oneOf("a kind of geocoder", "nominatim", "photon"), "")
	host := l.geocoderURL(g, m.need("url", `where it is: url: "https://nominatim.example.com"`))
	g.UserAgent = readOr(m.need("userAgent", `say who asks, and how to reach you: userAgent: "shop.example (it@shop.example)"`), userAgent, "")
	g.Timeout = readOr(m.get("timeout"), moment, g.Timeout)
	wait := m.get("wait")
	if wait.absent() {
		g.Wait = max(g.Wait, 2*g.Timeout)
	} else if g.Wait = readOr(wait, moment, max(g.Wait, 2*g.Timeout)); g.Wait < g.Timeout+waitSlack {
		wait.fail(CodeConflict, "give it twice the timeout", "it leaves no time for a request: that takes up to %v, and the cache up to %v", g.Timeout, waitSlack)
	}
	rate := m.get("ratePerSecond")
	g.RatePerSecond = readOr(rate, decimal("a rate", "requests a second, from 0.01 to 1000", 0.01, 1000), g.RatePerSecond)
	if host == publicNominatim && g.RatePerSecond > 1 {
		rate.fail(CodeRange, "ratePerSecond: 1, divided by the number of routers; or run a geocoder of your own",
			"%s allows one request a second", publicNominatim)
	}
	g.Concurrency = int(readOr(m.get("concurrency"), whole("a number of requests", 1, 64), int64(g.Concurrency)))
	l.geocoderCountries(g, m.get("countries"))
	if keep := m.get("keep"); !keep.absent() {
		k := keep.mapping("{found: 30d, missed: 1d}")
		g.KeepFound = readOr(k.get("found"), longer, g.KeepFound)
		g.KeepMissed = readOr(k.get("missed"), longer, g.KeepMissed)
		k.done()
	}
	m.done()
	l.config.Geocoder = g
}

// geocoderURL reads the URL and returns its host. A key in it is a secret.
func (l *loader) geocoderURL(g *Geocoder, v value) (host string) {
	if v.absent() {
		return ""
	}
	var given bool
	if g.URL, given = l.url(v, "https", "http"); !given {
		if !l.sealed {
			v.fail(CodeMissing, `such as url: "https://nominatim.example.com", or delete the section`, "the URL is empty")
		}
		return ""
	}
	u, err := url.Parse(g.URL.Reveal())
	if err != nil {
		return ""
	}
	if u.Scheme == "http" && !nearby(u.Hostname()) {
		v.warn(CodeClearText, "begin it with https://, or run the geocoder in your own network",
			"addresses of recipients go to %s unencrypted", u.Hostname())
	}
	return u.Hostname()
}

// nearby reports whether a host is by its name or address one of the own
// network.
func nearby(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	if !strings.Contains(host, ".") {
		return true
	}
	return slices.ContainsFunc([]string{".local", ".internal", ".lan", ".localhost", ".home.arpa"}, func(end string) bool {
		return strings.HasSuffix(host, end)
	})
}

// geocoderCountries reads which countries' addresses are asked for.
func (l *loader) geocoderCountries(g *Geocoder, v value) {
	if v.absent() {
		return
	}
	for _, item := range v.some("[FI], or leave it out for all countries") {
		code, ok := read(item, country)
		switch {
		case !ok:
		case slices.Contains(g.Countries, code):
			item.fail(CodeDuplicate, "name each country once", "%s is there already", code)
		default:
			g.Countries = append(g.Countries, code)
			l.fallsBack(item, code)
		}
	}
	slices.Sort(g.Countries)
}

// fallsBack warns of a country whose addresses nobody knows while the geocoder
// is down.
func (l *loader) fallsBack(v value, code string) {
	if l.config.Gazetteers[code] == nil {
		v.warn(CodeFallback, "add {country: "+code+", file: ...} to geocoding.gazetteers",
			"without a gazetteer of %s its orders have no cell while the geocoder is slow or down", code)
	}
}

// userAgent is a header: it names an application and whom to write to.
var userAgent = field[string]{what: "a user agent", hint: `such as "shop.example (it@shop.example)"`, parse: func(text string) (string, error) {
	for i, r := range text {
		if r < ' ' || r > '~' {
			return "", &problem{offset: i, message: "a header has none but ASCII characters"}
		}
	}
	if len(strings.TrimSpace(text)) < 3 {
		return "", &problem{code: CodeRange, message: "it says nothing"}
	}
	return text, nil
}}

// moment is a time that an order may have to wait.
var moment = field[time.Duration]{what: "a short time", hint: "write it as 300ms or 1s, from 10ms to 5s", parse: func(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil || !strings.HasSuffix(text, "s") || strings.ContainsAny(text, ".-+hnuµ"):
		return 0, &problem{message: "it is not a number of milliseconds or seconds"}
	case d < 10*time.Millisecond || d > 5*time.Second:
		return 0, &problem{code: CodeRange, message: "it is not between 10ms and 5s"}
	}
	return d, nil
}}
