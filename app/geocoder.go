package app

import (
	"context"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo/geocode"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

var (
	_ router.Geocoder = (*geocode.Geocoder)(nil)
	_ geocode.Cache   = ledger.Cache{}
)

// openGeocoder returns nil if none is configured: then no order is ever asked
// about. Its cache lies beside the capacity, under keys that only routers with
// the same digest key can make.
func (a *App) openGeocoder(digestKey []byte) (router.Geocoder, error) {
	c := a.Config.Geocoder
	if c == nil {
		return nil, nil
	}
	g, err := geocode.New(geocode.Options{
		Kind: geocode.Kind(c.Kind), URL: c.URL.Reveal(), UserAgent: c.UserAgent,
		Timeout: c.Timeout, Wait: c.Wait, RatePerSecond: c.RatePerSecond, Concurrency: c.Concurrency,
		KeepFound: c.KeepFound, KeepMissed: c.KeepMissed, Salt: geocode.Salt(digestKey), Cache: a.Ledger.Cache(),
		Log: a.Log.Named("geocoder"), Registerer: a.Registry,
	})
	if err != nil {
		return nil, err
	}
	a.onClose("geocoder", func(context.Context) error { g.Close(); return nil })
	return g, nil
}

// sameGeocoder reports whether a running process asks the geocoder as a new
// config has it. Which countries it is asked about is the network's, and so is
// that it is not asked at all.
func sameGeocoder(was, is *config.Geocoder) bool {
	if is == nil {
		return true
	}
	return was != nil && was.Kind == is.Kind && was.URL == is.URL && was.UserAgent == is.UserAgent &&
		was.Timeout == is.Timeout && was.Wait == is.Wait && was.RatePerSecond == is.RatePerSecond && was.Concurrency == is.Concurrency &&
		was.KeepFound == is.KeepFound && was.KeepMissed == is.KeepMissed
}
