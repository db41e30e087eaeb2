package event

func (d *Dispatch) encode(w *writer) {
	w.begin('{')
	w.text(`"dispatchId":`, d.DispatchID)
	w.text(`"orderId":`, d.OrderID)
	w.text(`"channel":`, d.Channel)
	w.text(`"consignmentId":`, d.ConsignmentID)
	w.number(`"attempt":`, int64(d.Attempt))
	w.optText(`"supersedes":`, d.Supersedes)
	w.text(`"status":`, d.Status)
	w.object(`"site":`, &d.Site)
	w.text(`"courierId":`, d.CourierID)
	w.text(`"lane":`, d.Lane)
	w.object(`"slot":`, &d.Slot)
	w.object(`"pickup":`, &d.Pickup)
	w.object(`"dropoff":`, &d.Dropoff)
	optObject(w, `"locker":`, d.Locker)
	optObject(w, `"destination":`, d.Destination)
	optObject(w, `"recipient":`, d.Recipient)
	objects(w, `"packages":`, d.Packages)
	w.time(`"promiseDate":`, d.PromiseDate)
	w.text(`"configRevision":`, d.ConfigRevision)
	w.end('}')
}

func (s *Site) encode(w *writer) {
	w.begin('{')
	w.text(`"siteId":`, s.SiteID)
	w.text(`"kind":`, s.Kind)
	w.object(`"geo":`, &s.Geo)
	w.text(`"timeZone":`, s.TimeZone)
	w.end('}')
}

func (s *Span) encode(w *writer) {
	w.begin('{')
	w.time(`"start":`, s.Start)
	w.time(`"end":`, s.End)
	w.end('}')
}

func (p *Pickup) encode(w *writer) {
	w.begin('{')
	w.time(`"readyAt":`, p.ReadyAt)
	w.time(`"deadline":`, p.Deadline)
	w.end('}')
}

func (d *Dropoff) encode(w *writer) {
	w.begin('{')
	w.time(`"after":`, d.After)
	w.time(`"before":`, d.Before)
	w.end('}')
}

func (l *Locker) encode(w *writer) {
	w.begin('{')
	w.text(`"bankId":`, l.BankID)
	w.text(`"size":`, l.Size)
	w.time(`"from":`, l.From)
	w.time(`"until":`, l.Until)
	w.end('}')
}

func (p *Package) encode(w *writer) {
	w.begin('{')
	w.optNumbers(`"dimensionsMm":`, p.DimensionsMm)
	w.number(`"grams":`, p.Grams)
	w.texts(`"lines":`, p.Lines)
	w.end('}')
}

func (a *Address) encode(w *writer) {
	w.begin('{')
	optObject(w, `"geo":`, a.Geo)
	w.optText(`"streetAddress":`, a.StreetAddress)
	w.optText(`"addressLocality":`, a.AddressLocality)
	w.optText(`"postalCode":`, a.PostalCode)
	w.text(`"addressCountry":`, a.AddressCountry)
	w.optText(`"lockerId":`, a.LockerID)
	w.end('}')
}

func (g *Geo) encode(w *writer) {
	w.begin('{')
	w.float(`"latitude":`, g.Latitude)
	w.float(`"longitude":`, g.Longitude)
	w.end('}')
}

func (r *Recipient) encode(w *writer) {
	w.begin('{')
	w.optText(`"name":`, r.Name)
	w.optText(`"phone":`, r.Phone)
	w.optText(`"email":`, r.Email)
	w.end('}')
}

func (m *Money) encode(w *writer) {
	w.begin('{')
	w.number(`"amount":`, m.Amount)
	w.text(`"currency":`, m.Currency)
	w.end('}')
}
