package event

// encode writes b as the ledger keeps it; in a decision it stands without Located.
func (b *Body) encode(w *writer) {
	w.begin('{')
	b.members(w)
	optObject(w, `"located":`, b.Located)
	w.end('}')
}

func (b *Body) members(w *writer) {
	w.object(`"site":`, &b.Site)
	w.text(`"courierId":`, b.CourierID)
	w.text(`"lane":`, b.Lane)
	w.text(`"method":`, b.Method)
	w.object(`"slot":`, &b.Slot)
	w.object(`"pickup":`, &b.Pickup)
	w.object(`"dropoff":`, &b.Dropoff)
	optObject(w, `"locker":`, b.Locker)
	objects(w, `"packages":`, b.Packages)
	w.time(`"promiseDate":`, b.PromiseDate)
	w.text(`"serviceLevel":`, b.ServiceLevel)
	w.object(`"cost":`, &b.Cost)
	w.number(`"distanceM":`, b.DistanceM)
	w.text(`"region":`, b.Region)
	objects(w, `"claims":`, b.Claims)
	w.number(`"attempt":`, int64(b.Attempt))
	w.optTexts(`"excluded":`, b.Excluded)
	w.optTexts(`"fallback":`, b.Fallback)
	w.text(`"configRevision":`, b.ConfigRevision)
	w.time(`"plannedAt":`, b.PlannedAt)
}

func (l *Located) encode(w *writer) {
	w.begin('{')
	w.optText(`"cell":`, l.Cell)
	w.text(`"precision":`, l.Precision)
	w.optText(`"by":`, l.By)
	w.end('}')
}
