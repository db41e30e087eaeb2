package event_test

import (
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
)

// What is said of a message tells nothing that its sender or recipient wrote,
// wherever it is broken.
func TestRefusalsAreDiscreet(t *testing.T) {
	t.Parallel()
	const canary = "Xqvwzykpj"
	for name, data := range map[string]string{
		"cut off":               `{"recipient":{"name":"Xqvwzykpj`,
		"unquoted":              `{"recipient":{"name":Xqvwzykpj}}`,
		"behind the value":      `{"recipient":{"name":"x"Xqvwzykpj}}`,
		"bad escape":            `{"recipient":{"name":"\Xqvwzykpj"}}`,
		"bad unicode escape":    `{"recipient":{"name":"\uXqvwzykpj"}}`,
		"half a surrogate":      `{"recipient":{"name":"\ud83dXqvwzykpj"}}`,
		"control character":     "{\"recipient\":{\"name\":\"Xqvwzykpj\n\"}}",
		"invalid UTF-8":         "{\"recipient\":{\"name\":\"Xqvwzykpj\xff\"}}",
		"twice the same name":   `{"recipient":{"Xqvwzykpj":1,"Xqvwzykpj":2}}`,
		"below a name":          `{"extra":{"Xqvwzykpj":{"a":[}}}`,
		"wrong type of a name":  `{"recipient":{"name":["Xqvwzykpj"]}}`,
		"text for a number":     `{"shipTo":{"geo":{"latitude":"Xqvwzykpj"}}}`,
		"text for a time":       `{"placedAt":"Xqvwzykpj"}`,
		"text for an object":    `{"recipient":"Xqvwzykpj"}`,
		"method":                `{"orderId":"1","channel":"webshop","placedAt":"2026-08-04T06:00:00Z","deliveryMethods":["Xqvwzykpj"]}`,
		"country":               `{"orderId":"1","channel":"webshop","placedAt":"2026-08-04T06:00:00Z","shipTo":{"addressCountry":"Xqvwzykpj"}}`,
		"channel":               `{"orderId":"1","channel":"Xqvwzykpj","placedAt":"2026-08-04T06:00:00Z"}`,
		"cloud event":           `{"specversion":"1.0","type":"Xqvwzykpj","data":{}}`,
		"cloud event, cut off":  `{"specversion":"1.0","type":"dev.nearlane.order.placed.v1","data":{"recipient":{"name":"Xqvwzykpj`,
		"cloud event, data off": `{"specversion":"1.0","type":"dev.nearlane.order.placed.v1","data":{"recipient":["Xqvwzykpj"]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, refusal := event.DecodeOrder(event.PlacedSubject("webshop"), []byte(data), now)
			if refusal == nil {
				t.Fatal("got an order")
			}
			for i := range len(canary) - 2 {
				if strings.Contains(refusal.Error(), canary[i:i+3]) {
					t.Fatalf("got %q, which tells of %q", refusal, canary)
				}
			}
			if refusal.Detail == "" {
				t.Errorf("%s says nothing", refusal)
			}
		})
	}
}

// A place that is out of bounds may be one in other units.
func TestRefusalsTellNoPlace(t *testing.T) {
	t.Parallel()
	for _, geo := range []string{`{"latitude":60184200,"longitude":24}`, `{"latitude":60,"longitude":24949700}`} {
		data := `{"orderId":"1","channel":"webshop","placedAt":"2026-08-04T06:00:00Z","shipTo":{"addressCountry":"FI","geo":` + geo + `}}`
		_, refusal := event.DecodeOrder(event.PlacedSubject("webshop"), []byte(data), now)
		if refusal == nil || refusal.Code != event.CodeOutOfRange {
			t.Fatalf("got %v, want out_of_range", refusal)
		}
		for _, digits := range []string{"6018", "6.018", "2494", "2.494"} {
			if strings.Contains(refusal.Error(), digits) {
				t.Errorf("got %q, which tells the place", refusal)
			}
		}
	}
}
