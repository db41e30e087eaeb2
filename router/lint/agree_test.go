package lint

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// TestNeverIsNever holds the linter to the planner: over six weeks, hour by
// hour, a lane has an option at a level exactly if the linter does not say
// that it never has.
func TestNeverIsNever(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		filepath.Join("testdata", "suspicious.yaml"),
		filepath.Join("..", "..", "examples", "helsinki", "nearlane.yaml"),
		filepath.Join("..", "..", "cmd", "nearlane", "testdata", "network.yaml"),
	} {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			t.Parallel()
			c := load(t, path)
			n, err := router.Build(c)
			if err != nil {
				t.Fatal(err)
			}
			never := map[string]bool{}
			for _, f := range Lint(c, november) {
				never[f.Path] = f.Code == NeverInTime
			}
			for i := range c.Sites {
				for j := range c.Sites[i].Lanes {
					s, l := &c.Sites[i], &c.Sites[i].Lanes[j]
					for k, level := range l.Levels {
						said := !never[fmt.Sprintf("%s.serviceLevels[%d]", lanePath(s, l), k)]
						if does := everOffers(n, s, l, level); does != said {
							t.Errorf("%s/%s at %s: the planner offers it: %v, the linter says so: %v", s.ID, l.ID, level, does, said)
						}
					}
				}
			}
		})
	}
}

// everOffers plans one order for a lane as if it came at any hour.
func everOffers(n *router.Network, s *config.Site, l *config.Lane, level string) bool {
	for hour := range 24 * 7 * 6 {
		if offers(n, s, l, level, november.Add(time.Duration(hour)*time.Hour)) {
			return true
		}
	}
	return false
}

// offers plans one order for a lane, placed now.
func offers(n *router.Network, s *config.Site, l *config.Lane, level string, now time.Time) bool {
	stop := false
	o := &event.Order{OrderID: "1", Channel: "shop", ServiceLevel: level, PlacedAt: now, DeliveryMethods: []string{event.MethodCourier},
		Lines: []event.Line{{LineID: "1", SKU: firstSKU(s), Quantity: 1, DimensionsMm: []int64{60, 50, 40}}}, Constraints: event.Constraints{AllowServiceLevelFallback: &stop}}
	o.ShipTo.AddressCountry = "FI"
	if len(l.Area.Countries) > 0 {
		o.ShipTo.AddressCountry = l.Area.Countries[0]
	} else {
		at := middle(served(l)).Center()
		o.ShipTo.Geo = &event.Geo{Latitude: at.Lat, Longitude: at.Lng}
	}
	p := n.Plan(router.Request{Order: o, Place: n.Locate(o), Now: now})
	defer p.Release()
	for options, _ := p.Take(8); len(options) > 0; options, _ = p.Take(8) {
		for _, option := range options {
			if option.Body.Site.SiteID == s.ID && option.Body.Lane == l.ID {
				return true
			}
		}
	}
	return false
}

// firstSKU is one that the site has, in stock if it stocks any.
func firstSKU(s *config.Site) string {
	return strings.ReplaceAll(assortment(s)[0].String(), "*", "x")
}

// TestLastOrder holds the time that the linter gives to the planner, to the
// minute.
func TestLastOrder(t *testing.T) {
	t.Parallel()
	c := load(t, filepath.Join("testdata", "suspicious.yaml"))
	n, err := router.Build(c)
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, time.November, 23, 15, 0, 0, 0, time.UTC) // 17:00 in Helsinki
	inTime, late := 0, 0
	for i := range c.Sites {
		for j := range c.Sites[i].Lanes {
			s, l := &c.Sites[i], &c.Sites[i].Lanes[j]
			if l.Levels[0] != "same_day" {
				continue
			}
			if offers(n, s, l, "same_day", monday) {
				inTime++
			}
			if offers(n, s, l, "same_day", monday.Add(time.Minute)) {
				late++
			}
		}
	}
	if inTime == 0 || late > 0 {
		t.Errorf("got %d lanes at 17:00 and %d a minute later, want some and none", inTime, late)
	}
}
