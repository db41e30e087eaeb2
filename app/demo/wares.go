package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/nearlane/nearlane/event"
)

// ware is something that the example's sites stock or make.
type ware struct {
	sku    string
	grams  int64
	mm     [3]int64
	cents  int64
	weight float64
}

var (
	stocked = []ware{
		{"mug-blue", 350, [3]int64{100, 90, 120}, 1490, 5},
		{"mug-sand", 350, [3]int64{100, 90, 120}, 1490, 4},
		{"print-a3", 120, [3]int64{60, 60, 450}, 2900, 3},
		{"candle-pine", 260, [3]int64{80, 80, 100}, 1250, 4},
		{"soap-birch", 110, [3]int64{90, 60, 30}, 690, 4},
		{"notebook-dot", 300, [3]int64{150, 210, 20}, 1190, 4},
	}
	made = []ware{
		{"figure-lynx", 420, [3]int64{120, 120, 200}, 3900, 3},
		{"figure-seal", 380, [3]int64{140, 110, 150}, 3500, 3},
		{"lamp-arc", 1900, [3]int64{300, 300, 420}, 14900, 2},
	}
)

// Shares of baskets that are not simply a few things off the shelf.
const (
	shareMade  = 0.12 // made to order
	shareMixed = 0.02 // both, which no one site covers
	shareBulk  = 0.04 // gifts for a whole office
)

// basket draws the lines of an order.
func basket(r *rand.Rand) []event.Line {
	switch x := r.Float64(); {
	case x < shareMade:
		return []event.Line{line(1, pick(r, made, ware.share), 1+rarely(r, 0.2))}
	case x < shareMade+shareMixed:
		return []event.Line{line(1, pick(r, made, ware.share), 1), line(2, pick(r, stocked, ware.share), 1)}
	case x < shareMade+shareMixed+shareBulk:
		return []event.Line{line(1, stocked[r.IntN(len(stocked))], 6+r.Int64N(10))}
	}
	return shelf(r)
}

// shelf draws a few things that are in stock.
func shelf(r *rand.Rand) []event.Line {
	var lines []event.Line
	for n := 1; len(lines) < n; {
		lines = append(lines, line(len(lines)+1, pick(r, stocked, ware.share), 1+rarely(r, 0.25)))
		if len(lines) < 4 && r.Float64() < 0.35 {
			n++
		}
	}
	return lines
}

func line(n int, w ware, quantity int64) event.Line {
	return event.Line{
		LineID:       fmt.Sprint(n),
		SKU:          w.sku,
		Quantity:     quantity,
		WeightGrams:  w.grams,
		DimensionsMm: w.mm[:],
		UnitValue:    &event.Money{Amount: w.cents, Currency: "EUR"},
	}
}

func (w ware) share() float64     { return w.weight }
func (d district) share() float64 { return d.weight }

// pick draws one of all by its share.
func pick[T any](r *rand.Rand, all []T, share func(T) float64) T {
	total := 0.0
	for _, one := range all {
		total += share(one)
	}
	x := r.Float64() * total
	for _, one := range all {
		if x -= share(one); x < 0 {
			return one
		}
	}
	return all[len(all)-1]
}

// rarely is mostly 0, else 1 or 2.
func rarely(r *rand.Rand, share float64) int64 {
	if r.Float64() >= share {
		return 0
	}
	return 1 + r.Int64N(2)
}

// goodsText says in a few characters what an order is about: "2 mug+1" is two
// mugs and another line.
func goodsText(lines []event.Line) string {
	if len(lines) == 0 {
		return "nothing"
	}
	kind, _, _ := strings.Cut(lines[0].SKU, "-")
	text := fmt.Sprintf("%d %s", lines[0].Quantity, kind)
	if n := len(lines) - 1; n > 0 {
		text += fmt.Sprintf("+%d", n)
	}
	return text
}
