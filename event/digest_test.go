package event

import (
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// sorted is the definition that canonical has to meet: RFC 8785 of the order.
func sorted(t testing.TB, o *Order) string {
	t.Helper()
	out, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := (*jsontext.Value)(&out).Canonicalize(); err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// fill sets every field under v to something other than zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0))
		fill(v.Index(1))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 8, 4, 6, 7, 0, 120, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.String:
		v.SetString("é\u2028</\"\\\x01\n😀")
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]int{"past_cutoff": 3, "closed": 1, "full": 22, "é": 4, "": 5}))
	case reflect.Int, reflect.Int64:
		v.SetInt(1_234_567)
	case reflect.Uint64:
		v.SetUint(1_234_567)
	case reflect.Float64:
		v.SetFloat(60.1687)
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("no filling for " + v.Type().String())
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	negative := Order{ShipTo: Address{Geo: &Geo{Latitude: -1e-7, Longitude: math.Copysign(0, -1)}}, Lines: []Line{{}}}
	for _, o := range []*Order{&negative, {}, {Lines: []Line{}}} {
		sameOrder(t, o, "order")
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	key := []byte("key")
	order := func(change func(*Order)) *Order {
		o := &Order{OrderID: "1", Channel: "c", ShipTo: Address{Geo: &Geo{Latitude: 1}}, Lines: []Line{{SKU: "a", Quantity: 1}}}
		change(o)
		return o
	}
	same := Digest(order(func(*Order) {}), key)
	// By openssl dgst -sha256 -hmac key, of {"channel":"c","lines":[{"quantity":1,"sku":"a"}],...
	if want := "1d10cb694bb910332bd17aa9177ac71e7e94e7289fbc839b0c77f8dc35f0e31e"; same != want {
		t.Errorf("got %s, want %s", same, want)
	}
	if got := Digest(order(func(o *Order) { o.ShipTo.Geo.Longitude = math.Copysign(0, -1) }), key); got != same {
		t.Error("-0 differs from 0")
	}
	for name, change := range map[string]func(*Order){
		"quantity": func(o *Order) { o.Lines[0].Quantity++ },
		"point":    func(o *Order) { o.ShipTo.Geo.Latitude += 1e-6 },
		"placedAt": func(o *Order) { o.PlacedAt = o.PlacedAt.Add(time.Second) },
		"line":     func(o *Order) { o.Lines = append(o.Lines, o.Lines[0]) },
		"phone":    func(o *Order) { o.Recipient = &Recipient{Phone: "1"} },
	} {
		if Digest(order(change), key) == same {
			t.Errorf("%s: same digest after a change", name)
		}
	}
	if Digest(order(func(*Order) {}), []byte("other")) == same {
		t.Error("same digest with another key")
	}
}
