package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

// Reloaded is what became of an attempt to load the config again.
type Reloaded struct {
	Taken    bool            `json:"taken"`   // it is in force; false: the old one stays
	Changed  bool            `json:"changed"` // it is another network than before
	Was      string          `json:"was"`     // revision before
	Revision string          `json:"revision"`
	Source   string          `json:"source"` // file or push
	Changes  []config.Change `json:"changes,omitzero"`
	Error    string          `json:"error,omitzero"`
	Findings config.Findings `json:"findings"`
	Hidden   []router.Hidden `json:"hidden,omitzero"` // why it was refused: what it would leave out of sight
}

// Where a config comes from.
const (
	fromFile = "file"
	fromPush = "push"
)

// reload loads the config from where the process has it from, and puts it into
// force.
func (k *keeper) reload(ctx context.Context) Reloaded {
	r := Reloaded{Was: k.network.Revision, Source: k.source}
	load := k.loadFile
	if k.Follow {
		load = k.followPush
	}
	return k.outcome(r, load(ctx, &r))
}

// explained is reload for somebody who wants to know what has changed.
func (k *keeper) explained(ctx context.Context) Reloaded {
	before := k.config.Bundle()
	r := k.reload(ctx)
	r.Changes = config.Changes(before, k.config.Bundle())
	return r
}

// outcome writes down what became of a reload.
func (k *keeper) outcome(r Reloaded, err error) Reloaded {
	r.Revision, r.Source, r.Findings = k.network.Revision, k.source, append(config.Findings{}, r.Findings...)
	r.Changed = r.Revision != r.Was
	result := reloadUnchanged
	switch {
	case err != nil:
		result, r.Error, k.refused, r.Hidden = reloadRefused, err.Error(), err.Error(), hiddenBy(err)
		k.metrics.successful.Set(0)
		k.Log.Error("config not reloaded, the old one stays in force", zap.Error(err))
	case r.Changed:
		result = reloadTaken
		fallthrough
	default:
		r.Taken, k.refused = true, ""
		k.metrics.loaded(k.Now())
		k.Log.Info("config reloaded", zap.String("revision", r.Revision), zap.String("was", r.Was), zap.String("source", r.Source))
		for _, f := range r.Findings {
			k.Log.Warn("config has a warning", zap.Stringer("finding", f))
		}
	}
	k.metrics.reloads.WithLabelValues(result).Inc()
	k.publish()
	return r
}

// loadFile does everything that can fail first, then swaps one pointer. Batches
// in hand finish with the network they began with.
func (k *keeper) loadFile(ctx context.Context, r *Reloaded) error {
	k.watch.again()
	loaded, findings := config.Load(k.Path, config.Options{ReadFile: k.watch.readFile})
	r.Findings = findings
	if loaded == nil {
		return fmt.Errorf("%w: see nearlane check %s", findings.Err(), k.Path)
	}
	if what := fixed(k.own, loaded); len(what) > 0 {
		return fmt.Errorf("changed, and takes a restart: %s", strings.Join(what, ", "))
	}
	return k.take(ctx, loaded, fromFile)
}

// take builds the network of a config and puts it into force, unless that would
// leave claims out of sight.
func (k *keeper) take(ctx context.Context, loaded *config.Config, source string) error {
	base, err := router.Build(loaded)
	if err != nil {
		return err
	}
	done, err := k.admit(ctx, base)
	if err != nil {
		return err
	}
	defer done()
	k.config, k.base, k.source = loaded, base, source
	k.putInForce(ctx)
	return nil
}

// askReload is what the console asks of the process.
func (a *App) askReload(ctx context.Context) (answer any, taken bool, err error) {
	r, err := a.keeper.Ask(ctx)
	return r, r.Taken, err
}

// fixed names the settings that differ and that a running process cannot
// change.
func fixed(was, is *config.Config) (names []string) {
	for _, setting := range []struct {
		name    string
		differs bool
	}{
		{"dataDir", was.DataDir != is.DataDir},
		{"geocoding.http", !sameGeocoder(was.Geocoder, is.Geocoder)},
		{"http", was.HTTP.Listen != is.HTTP.Listen || !slices.Equal(was.HTTP.Hosts, is.HTTP.Hosts)},
		{"nats", was.NATS != is.NATS},
		{"redis", was.Redis != is.Redis},
		{"secrets.orderDigest", was.OrderDigestKey != is.OrderDigestKey},
	} {
		if setting.differs {
			names = append(names, setting.name)
		}
	}
	return names
}
