package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

// reloadMetrics say which config is in force and whether the last reload took.
type reloadMetrics struct {
	successful prometheus.Gauge
	revision   *prometheus.GaugeVec
}

func newReloadMetrics(reg prometheus.Registerer, revision string) *reloadMetrics {
	m := &reloadMetrics{
		successful: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "nearlane", Name: "config_last_reload_successful",
			Help: "1 if the config in force is the one that was loaded last."}),
		revision: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "nearlane", Name: "config_info",
			Help: "Always 1; the label is the revision of the config in force."}, []string{"revision"}),
	}
	reg.MustRegister(m.successful, m.revision)
	m.inForce(revision)
	return m
}

func (m *reloadMetrics) inForce(revision string) {
	m.revision.Reset()
	m.revision.WithLabelValues(revision).Set(1)
	m.successful.Set(1)
}

// followReloads loads the config again each time it is told to.
func (a *App) followReloads(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-a.Reload:
			if !ok {
				<-ctx.Done()
				return nil
			}
			if err := a.reload(); err != nil {
				a.metrics.successful.Set(0)
				a.Log.Error("config not reloaded, the old one stays in force", zap.Error(err))
			}
		}
	}
}

// reload does everything that can fail first, then swaps one pointer. Batches
// in hand finish with the network they began with.
func (a *App) reload() error {
	loaded, findings := config.Load(a.Path, config.Options{})
	if loaded == nil {
		return fmt.Errorf("%w: see nearlane check %s", findings.Err(), a.Path)
	}
	if what := fixed(a.Config, loaded); len(what) > 0 {
		return fmt.Errorf("changed, and takes a restart: %s", strings.Join(what, ", "))
	}
	network, err := router.Build(loaded)
	if err != nil {
		return err
	}
	a.Router.Swap(network)
	a.metrics.inForce(loaded.Revision)
	a.Log.Info("config reloaded", zap.String("revision", loaded.Revision))
	for _, f := range findings {
		a.Log.Warn("config has a warning", zap.Stringer("finding", f))
	}
	return nil
}

// fixed names the settings that differ and that a running process cannot
// change.
func fixed(was, is *config.Config) []string {
	var names []string
	for name, differs := range map[string]bool{
		"nats":                was.NATS != is.NATS,
		"redis":               was.Redis != is.Redis,
		"dataDir":             was.DataDir != is.DataDir,
		"http":                was.HTTP != is.HTTP,
		"secrets.orderDigest": was.OrderDigestKey != is.OrderDigestKey,
	} {
		if differs {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
