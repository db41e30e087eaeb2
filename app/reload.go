package app

import (
	"context"
	"errors"
	"fmt"

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
		return errors.New(findings.Format())
	}
	if what := fixed(a.Config, loaded); what != "" {
		return fmt.Errorf("%s changed: that takes a restart", what)
	}
	network, err := router.Build(loaded)
	if err != nil {
		return err
	}
	a.Router.Swap(network)
	a.metrics.inForce(loaded.Revision)
	a.Log.Info("config reloaded", zap.String("revision", loaded.Revision), zap.Int("warnings", len(findings)))
	return nil
}

// fixed names a setting that differs and that a running process cannot change.
func fixed(was, is *config.Config) string {
	switch {
	case was.NATS != is.NATS:
		return "nats"
	case was.Redis != is.Redis:
		return "redis"
	case was.DataDir != is.DataDir:
		return "dataDir"
	case was.HTTP != is.HTTP:
		return "http"
	case was.OrderDigestKey != is.OrderDigestKey:
		return "secrets.orderDigest"
	}
	return ""
}
