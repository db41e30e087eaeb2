package event

import (
	"fmt"
	"strconv"
)

// Bounds of an order. No sum or product of these values over its lines leaves
// int64: MaxLines x MaxQuantity x MaxAmount is 1e18.
const (
	MaxLines    = 1_000
	MaxQuantity = 100_000        // of one line
	MaxGrams    = 100_000_000    // of one unit: 100 t
	MaxMm       = 100_000        // of one side: 100 m
	MaxAmount   = 10_000_000_000 // of one unit, in minor units
)

func checkLines(lines []Line) *Refusal {
	switch n := len(lines); {
	case n == 0:
		return &Refusal{CodeNoLines, "/lines", "want at least one line"}
	case n > MaxLines:
		return &Refusal{CodeOutOfRange, "/lines", fmt.Sprintf("want at most %d lines, got %d", MaxLines, n)}
	}
	for i := range lines {
		if r := lines[i].check(); r != nil {
			return r.under("/lines/" + strconv.Itoa(i))
		}
	}
	return nil
}

// check gives pointers relative to the line.
func (l *Line) check() *Refusal {
	switch {
	case l.SKU == "":
		return &Refusal{CodeMissingField, "/sku", "is missing or empty"}
	case l.Quantity < 1 || l.Quantity > MaxQuantity:
		return outOfRange("/quantity", 1, MaxQuantity, l.Quantity)
	case l.WeightGrams < 0 || l.WeightGrams > MaxGrams:
		return outOfRange("/weightGrams", 0, MaxGrams, l.WeightGrams)
	case l.DimensionsMm != nil && len(l.DimensionsMm) != 3:
		return &Refusal{CodeOutOfRange, "/dimensionsMm", fmt.Sprintf("want three sides, got %d", len(l.DimensionsMm))}
	}
	for i, mm := range l.DimensionsMm {
		if mm < 1 || mm > MaxMm {
			return outOfRange("/dimensionsMm/"+strconv.Itoa(i), 1, MaxMm, mm)
		}
	}
	if l.UnitValue != nil {
		return l.UnitValue.check()
	}
	return nil
}

func (m *Money) check() *Refusal {
	switch {
	case m.Amount < 0 || m.Amount > MaxAmount:
		return outOfRange("/unitValue/amount", 0, MaxAmount, m.Amount)
	case len(m.Currency) != 3 || !upper(m.Currency):
		return &Refusal{CodeBadValue, "/unitValue/currency", "want three capital letters, ISO 4217"}
	}
	return nil
}

func outOfRange(at string, low, high, got int64) *Refusal {
	return &Refusal{CodeOutOfRange, at, fmt.Sprintf("want %d to %d, got %d", low, high, got)}
}
