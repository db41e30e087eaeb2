package event

func (d *Decision) encode(w *writer) {
	w.begin('{')
	w.text(`"decisionId":`, d.DecisionID)
	w.text(`"outcome":`, string(d.Outcome))
	w.optTexts(`"reasons":`, d.Reasons)
	w.number(`"attempt":`, int64(d.Attempt))
	w.sequence(`"basis":`, d.Basis)
	w.text(`"orderId":`, d.OrderID)
	w.text(`"channel":`, d.Channel)
	w.sequence(`"orderSequence":`, d.OrderSequence)
	w.text(`"orderDigest":`, d.OrderDigest)
	w.optText(`"cell":`, d.Cell)
	w.optText(`"precision":`, d.Precision)
	w.optText(`"locatedBy":`, d.LocatedBy)
	w.optText(`"serviceLevel":`, d.ServiceLevel)
	w.optText(`"region":`, d.Region)
	optObject(w, `"frees":`, d.Frees)
	w.optText(`"dispatchId":`, d.DispatchID)
	optObjects(w, `"consignments":`, d.Consignments)
	optObjects(w, `"candidates":`, d.Candidates)
	w.optCounts(`"reasonCounts":`, d.ReasonCounts)
	optObjects(w, `"claims":`, d.Claims)
	w.text(`"configRevision":`, d.ConfigRevision)
	w.optText(`"epoch":`, d.Epoch)
	w.optTexts(`"excluded":`, d.Excluded)
	w.optNumber(`"voids":`, int64(d.Voids))
	w.text(`"decidedBy":`, d.DecidedBy)
	w.time(`"decidedAt":`, d.DecidedAt)
	w.optTime(`"retryAt":`, d.RetryAt)
	w.optTexts(`"waitsFor":`, d.WaitsFor)
	w.optTime(`"acceptedAt":`, d.AcceptedAt)
	w.end('}')
}

func (f *Frees) encode(w *writer) {
	w.begin('{')
	w.text(`"region":`, f.Region)
	w.sequence(`"seq":`, f.Seq)
	w.end('}')
}

func (c *Claim) encode(w *writer) {
	w.begin('{')
	w.text(`"slot":`, c.Slot)
	w.number(`"units":`, c.Units)
	w.number(`"limit":`, c.Limit)
	w.time(`"ends":`, c.Ends)
	w.end('}')
}

func (c *Candidate) encode(w *writer) {
	w.begin('{')
	w.text(`"site":`, c.Site)
	w.text(`"lane":`, c.Lane)
	w.optText(`"locker":`, c.Locker)
	w.text(`"serviceLevel":`, c.Level)
	w.optText(`"reason":`, c.Reason)
	w.end('}')
}

func (c *Consignment) encode(w *writer) {
	w.begin('{')
	w.text(`"consignmentId":`, c.ConsignmentID)
	w.text(`"dispatchId":`, c.DispatchID)
	c.members(w)
	w.end('}')
}
