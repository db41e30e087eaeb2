package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/nearlane/nearlane/app"
)

// The network with a region by another name, and with that said to be the same.
// Whatever is promised in helsinki would be sold a second time in the first.
var (
	elsewhere = strings.NewReplacer("  helsinki: {timezone", "  stadi: {timezone", "region: helsinki", "region: stadi").Replace(network)
	same      = strings.Replace(elsewhere, "  stadi: {timezone", "  stadi: {was: helsinki, timezone", 1)
)

// rename has a router load the config with the region renamed, which it has to
// refuse, since much is promised there, and then with its first name, which a
// router that can judge takes. A router that is down, or cannot see what stands,
// does neither.
func (w *world) rename(router int) {
	if err := eventually(patience, retryEvery, w.promised); err != nil {
		w.Errorf("nothing is promised: %v", err)
		return
	}
	if told, answered := w.reload(router, elsewhere); answered && told.Taken {
		w.Errorf("r%d took a config by which helsinki would be sold again: %+v", router, told)
	}
	if told, answered := w.reload(router, same); answered && !told.Taken && !strings.Contains(told.Error, "takes a restart") { // on another database
		w.Errorf("r%d refused a region that keeps its first name: %s", router, told.Error)
	}
}

// promised is nil once an order stands in the region.
func (w *world) promised() error {
	ctx, cancel := context.WithTimeout(context.Background(), asked)
	defer cancel()
	a, err := w.read(ctx)
	if err != nil {
		return err
	}
	for _, s := range a.Standing {
		if s.Region == "helsinki" && len(s.Claims) > 0 {
			return nil
		}
	}
	return errors.New("no order stands in helsinki")
}

// nameBack gives the region its name back: the slots are the same throughout.
func (w *world) nameBack(router int) { w.reload(router, network) }

// reload writes a network and asks a router to load it; false: it does not
// answer.
func (w *world) reload(router int, text string) (told app.Reloaded, answered bool) {
	w.edit(router, func(before string) string {
		_, servers, _ := strings.Cut(before, serversBelow)
		return text + serversBelow + servers
	})
	began := time.Now()
	defer func() { w.Logf("reload of r%d: %.1f s, answered: %t", router, time.Since(began).Seconds(), answered) }()
	client := http.Client{Timeout: patience}
	response, err := client.Post(fmt.Sprintf("http://%s/v1/reload", w.metrics[router]), "", nil)
	if err != nil {
		return told, false
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusUnprocessableEntity {
		return told, false
	}
	return told, json.NewDecoder(response.Body).Decode(&told) == nil
}

// serversBelow is where a router's own part of its config begins.
const serversBelow = "\n# servers\n"
