package event

import "fmt"

// canonical is the canonical JSON (RFC 8785) of o, until w is used again. An
// order is written for nothing else, so that it and what only it has are
// written with their members sorted. What a dispatch has too is written here
// under other names.
func (w *writer) canonical(o *Order) []byte {
	w.b, w.err = w.b[:0], nil
	o.encode(w)
	if w.err != nil {
		panic(fmt.Sprintf("canonical form of a decoded order: %v", w.err))
	}
	return w.b[:len(w.b)-1]
}

func (o *Order) encode(w *writer) {
	w.begin('{')
	w.optText(`"brand":`, o.Brand)
	w.text(`"channel":`, o.Channel)
	if c := &o.Constraints; c.ExcludedSites != nil || c.AllowServiceLevelFallback != nil || c.AllowSplit != nil {
		w.object(`"constraints":`, c)
	}
	w.optTexts(`"deliveryMethods":`, o.DeliveryMethods)
	objects(w, `"lines":`, o.Lines)
	w.text(`"orderId":`, o.OrderID)
	w.time(`"placedAt":`, o.PlacedAt)
	optObject(w, `"recipient":`, (*canonicalRecipient)(o.Recipient))
	optObject(w, `"requestedWindow":`, o.RequestedWindow)
	w.optText(`"serviceLevel":`, o.ServiceLevel)
	w.object(`"shipTo":`, (*canonicalAddress)(&o.ShipTo))
	w.end('}')
}

func (c *Constraints) encode(w *writer) {
	w.begin('{')
	w.optFlag(`"allowServiceLevelFallback":`, c.AllowServiceLevelFallback)
	w.optFlag(`"allowSplit":`, c.AllowSplit)
	w.optTexts(`"excludedSites":`, c.ExcludedSites)
	w.end('}')
}

func (l *Line) encode(w *writer) {
	w.begin('{')
	w.optNumbers(`"dimensionsMm":`, l.DimensionsMm)
	w.optText(`"lineId":`, l.LineID)
	w.number(`"quantity":`, l.Quantity)
	w.text(`"sku":`, l.SKU)
	optObject(w, `"unitValue":`, l.UnitValue)
	w.optNumber(`"weightGrams":`, l.WeightGrams)
	w.end('}')
}

func (s *Window) encode(w *writer) {
	w.begin('{')
	w.time(`"end":`, s.End)
	w.time(`"start":`, s.Start)
	w.end('}')
}

type canonicalAddress Address

func (a *canonicalAddress) encode(w *writer) {
	w.begin('{')
	w.text(`"addressCountry":`, a.AddressCountry)
	w.optText(`"addressLocality":`, a.AddressLocality)
	optObject(w, `"geo":`, (*canonicalGeo)(a.Geo))
	w.optText(`"lockerId":`, a.LockerID)
	w.optText(`"postalCode":`, a.PostalCode)
	w.optText(`"streetAddress":`, a.StreetAddress)
	w.end('}')
}

type canonicalGeo Geo

func (g *canonicalGeo) encode(w *writer) {
	w.begin('{')
	w.float(`"latitude":`, g.Latitude+0) // -0 becomes 0
	w.float(`"longitude":`, g.Longitude+0)
	w.end('}')
}

type canonicalRecipient Recipient

func (r *canonicalRecipient) encode(w *writer) {
	w.begin('{')
	w.optText(`"email":`, r.Email)
	w.optText(`"name":`, r.Name)
	w.optText(`"phone":`, r.Phone)
	w.end('}')
}
