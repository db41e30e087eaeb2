package event

import (
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
)

// DecodeReport decodes a message of COURIER that was published on subject:
// plain JSON, or a structured CloudEvent of the type that Type gives for the
// subject's status. It accepts members it does not know. At is in UTC.
// Whether there is such a dispatch is for the router to say.
func DecodeReport(subject string, data []byte, now time.Time) (*Report, *Refusal) {
	if refusal := checkSize(data); refusal != nil {
		return nil, refusal
	}
	courier, status, err := ParseReportSubject(subject)
	switch {
	case err != nil:
		return nil, &Refusal{CodeBadSubject, "", err.Error()}
	case !slices.Contains(ReportStatuses(), status):
		return nil, &Refusal{CodeUnknownStatus, "", fmt.Sprintf("want a subject that ends in one of %v, got %s", ReportStatuses(), subject)}
	}
	payload, base, refusal := unwrap(data, status.Type())
	if refusal != nil {
		return nil, refusal
	}
	r := &Report{Courier: courier, Status: status}
	if err := json.Unmarshal(payload, r); err != nil {
		return nil, refuse(err, data).under(base)
	}
	if refusal := r.check(now); refusal != nil {
		return nil, orMissing(payload, refusal).under(base)
	}
	return r, nil
}

// check refuses a report that its own bytes show to be unusable, and puts its
// time into UTC.
func (r *Report) check(now time.Time) *Refusal {
	for _, id := range []struct{ at, id string }{
		{"/dispatchId", r.DispatchID}, {"/channel", r.Channel}, {"/orderId", r.OrderID},
	} {
		if err := CheckID(id.id); err != nil {
			return &Refusal{CodeBadID, id.at, err.Error()}
		}
	}
	if refusal := checkTime("/at", &r.At); refusal != nil {
		return refusal
	}
	if refusal := checkAhead(CodeReportInFuture, "/at", r.At, now); refusal != nil {
		return refusal
	}
	if age := now.Sub(r.At); age > MaxReportAge {
		return &Refusal{CodeTooOld, "/at", fmt.Sprintf("%v ago, at most %v is accepted", age.Round(time.Second), MaxReportAge)}
	}
	if n := len(r.Reason); n > MaxReason {
		return tooLong("/reason", MaxReason, n)
	}
	if n := len(r.Note); n > MaxNote {
		return tooLong("/note", MaxNote, n)
	}
	return nil
}

func tooLong(at string, most, got int) *Refusal {
	return &Refusal{CodeOutOfRange, at, fmt.Sprintf("want at most %d bytes, got %d", most, got)}
}
