package demo

import (
	"fmt"
	"math/rand/v2"

	"github.com/nearlane/nearlane/event"
)

// First names and initials are as near to a person as the demo comes.
var firstNames = []string{"Aino", "Eero", "Helmi", "Ilmari", "Kerttu", "Lauri", "Maija", "Niilo", "Oona", "Otso", "Saga", "Toivo", "Venla", "Väinö"}

func recipient(r *rand.Rand) *event.Recipient {
	return &event.Recipient{
		Name:  firstNames[r.IntN(len(firstNames))] + " " + string(rune('A'+r.IntN(20))) + ".",
		Phone: fmt.Sprintf("+358 00 000 %04d", r.IntN(10000)),
	}
}

func street(r *rand.Rand, name string) string {
	return fmt.Sprintf("%s %d", name, 1+r.IntN(48))
}
