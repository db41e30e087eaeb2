package router

import (
	"strings"
	"testing"
)

// Room takes the best option with room, and notes what was full before it.
func TestRoom(t *testing.T) {
	t.Parallel()
	n := network(t, town)
	for name, tt := range map[string]struct {
		full       []string // parts of slot ids
		want       string   // empty: none
		candidates []string
	}{
		"nothing is full": {nil, "hub/bike Tue 04 16:00",
			[]string{"hub/bike same_day", "hub/post same_day other_service_level", "hub/bike national other_service_level", "hub/post national"}},
		"one of the bikes": {[]string{"T16:00"}, "hub/bike Tue 04 18:00",
			[]string{"hub/bike same_day", "hub/post same_day other_service_level", "hub/bike national other_service_level", "hub/post national"}},
		"every bike": {[]string{"bike"}, "hub/post Tue 04 17:30",
			[]string{"hub/bike same_day full", "hub/post same_day other_service_level", "hub/bike national other_service_level", "hub/post national"}},
		"everything": {[]string{"hub"}, "",
			[]string{"hub/bike same_day full", "hub/post same_day other_service_level", "hub/bike national other_service_level", "hub/post national full"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := plan(n, mugOrder(tuesday), tuesday)
			option := p.Room(func(slot string) int64 {
				for _, part := range tt.full {
					if strings.Contains(slot, part) {
						return 1 << 40
					}
				}
				return 0
			})
			got := ""
			if option != nil {
				got = brief(option)
			}
			equal(t, "options", got, tt.want)
			equal(t, "candidates", told(p, 100), tt.candidates)
		})
	}
}
