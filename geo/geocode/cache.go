package geocode

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nearlane/nearlane/geo"
)

// Cache keeps small texts for a while. It may lose them at any time, and an
// error means the same as if it had. It is safe for concurrent use.
type Cache interface {
	// Get returns the value of each key, empty where there is none.
	Get(ctx context.Context, keys []string) ([]string, error)
	// Put keeps a value; one that is there is replaced.
	Put(ctx context.Context, key, value string, keep time.Duration) error
}

// Salt derives the salt of cache keys from a secret of the deployment, which
// it does not give away.
func Salt(secret []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("nearlane: keys of the geocoder's cache, version 1"))
	return mac.Sum(nil)
}

const keyPrefix = "nl:geo:"

// key names an address without telling it: only who has the salt can tell
// whether a given address is in the cache. Another geocoder starts anew.
func (g *Geocoder) key(a geo.Address) string {
	mac := hmac.New(sha256.New, g.Salt)
	for _, part := range []string{string(g.Kind), g.base.Host, a.Country, geo.NormalizePostcode(a.Country, a.Postcode), plain(a.Locality), plain(a.Street)} {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	return keyPrefix + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// plain is a line in one spelling, as far as case and spaces go.
func plain(line string) string { return strings.Join(strings.Fields(strings.ToLower(line)), " ") }

// missed is the value of an address that was not found.
const missed = "-"

// recall fills in what the cache knows and returns the queries that it does
// not. It is back by last.
func (g *Geocoder) recall(ctx context.Context, last time.Time, queries []*query) (unknown []*query) {
	if g.Cache == nil {
		return queries
	}
	ctx, cancel := context.WithDeadline(ctx, last)
	defer cancel()
	keys := make([]string, len(queries))
	for i, q := range queries {
		keys[i] = q.key
	}
	values, err := g.Cache.Get(ctx, keys)
	if err != nil || len(values) != len(queries) {
		g.metrics.cache.WithLabelValues(cacheError).Add(float64(len(queries)))
		return queries
	}
	for i, q := range queries {
		place, ok := decodeValue(values[i])
		if q.place = place; !ok {
			unknown = append(unknown, q)
		}
	}
	g.metrics.cache.WithLabelValues(cacheHit).Add(float64(len(queries) - len(unknown)))
	g.metrics.cache.WithLabelValues(cacheMiss).Add(float64(len(unknown)))
	return unknown
}

// keep remembers what the server said of an address, if it said anything.
func (g *Geocoder) keep(ctx context.Context, q *query, o outcome) {
	if g.Cache == nil || !o.lasting() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, cacheTime)
	defer cancel()
	value, long := missed, g.KeepMissed
	if o == found {
		value, long = encodeValue(q.place), g.KeepFound
	}
	if err := g.Cache.Put(ctx, q.key, value, long); err != nil {
		g.metrics.cache.WithLabelValues(cacheError).Inc()
	}
}

// encodeValue writes a place as "60.184200 24.949700 address". The sixth
// decimal is a tenth of a metre.
func encodeValue(p geo.Place) string {
	return fmt.Sprintf("%.6f %.6f %s", p.Point.Lat, p.Point.Lng, p.Precision)
}

// decodeValue reads what was cached; false: nothing that makes sense.
func decodeValue(text string) (p geo.Place, ok bool) {
	if text == missed {
		return p, true
	}
	lat, rest, _ := strings.Cut(text, " ")
	lng, precision, _ := strings.Cut(rest, " ")
	var err error
	if p.Point.Lat, err = strconv.ParseFloat(lat, 64); err != nil {
		return geo.Place{}, false
	}
	if p.Point.Lng, err = strconv.ParseFloat(lng, 64); err != nil {
		return geo.Place{}, false
	}
	switch p.Precision = geo.Precision(precision); p.Precision {
	case geo.PrecisionAddress, geo.PrecisionStreet, geo.PrecisionPostcode:
		if p.Point.Check() == nil {
			return p, true
		}
	}
	return geo.Place{}, false
}
