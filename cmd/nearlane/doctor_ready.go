package main

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"

	"github.com/nearlane/nearlane/console"
)

// lookAtReadiness asks the router on this machine whether it is ready: it knows
// of what cannot be found out without writing. Where none runs, there is
// nothing to say; the list of routers says so.
func (d *doctor) lookAtReadiness(ctx context.Context) {
	if d.config == nil {
		return
	}
	url, err := doorOf(d.config)
	if err != nil {
		return
	}
	health, err := readiness(ctx, url)
	if err != nil {
		return
	}
	if health.Ready {
		d.ok("ready", "%s says so", url)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(health.Checks)) {
		if said := health.Checks[name]; said != "ok" {
			d.fail("ready: "+name, "docs/ops.md, 'When a router is not ready'", "%s says: %s", url, said)
		}
	}
}

// readiness is what /readyz of a router says.
func readiness(ctx context.Context, url string) (health console.Health, err error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
	if err != nil {
		return health, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return health, err
	}
	defer response.Body.Close()
	return health, json.NewDecoder(io.LimitReader(response.Body, 1<<16)).Decode(&health)
}
