package event

import (
	"cmp"
	"strings"
)

// Codes of refusals. They are part of the contract: the last token of the
// subject on REJECTED, and what a platform branches on.
const (
	CodeTooLarge                = "too_large"
	CodeBadSubject              = "bad_subject"
	CodeInvalidUTF8             = "invalid_utf8"
	CodeNotJSON                 = "not_json"
	CodeDuplicateKey            = "duplicate_key"
	CodeWrongEventType          = "wrong_event_type" // a CloudEvent that is something else
	CodeWrongValueType          = "wrong_value_type" // a string where a number belongs, and the like
	CodeMissingField            = "missing_field"
	CodeBadID                   = "bad_id"
	CodeBadValue                = "bad_value" // a text that is none of the allowed ones
	CodeOutOfRange              = "out_of_range"
	CodeNoLines                 = "no_lines"
	CodeChannelMismatch         = "channel_mismatch"
	CodePlacedInFuture          = "placed_in_future"
	CodeTooOld                  = "too_old"
	CodeOrderChanged            = "order_changed"            // a repeat with different content
	CodeCancellationUnsupported = "cancellation_unsupported" // by a version that did not route cancellations
	CodeTooLateToCancel         = "too_late_to_cancel"       // the order is completed
	CodeUnknownStatus           = "unknown_status"           // the last token of a report's subject
	CodeReportInFuture          = "report_in_future"
	CodeUnknownOrder            = "unknown_order"          // there is no decision on the order
	CodeWrongCourier            = "wrong_courier"          // the dispatch went to another courier
	CodeReportBeforeDispatch    = "report_before_dispatch" // it happened before anybody asked for it
	CodeNoLocker                = "no_locker"              // for which the status makes no sense
)

// maxPointer bounds a refusal's pointer in bytes, because it travels in a
// header and member names can be as long as a message.
const maxPointer = 256

// Refusal says why a message is refused for what its bytes alone show. It may
// be logged: it has names of members that the contract has, but no text and no
// coordinate from the message, except the character at which broken JSON breaks.
type Refusal struct {
	Code    string // one of the Code constants
	Pointer string // RFC 6901, into the message as it arrived; empty: all of it
	Detail  string // for a person
}

func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString(r.Code)
	if r.Pointer != "" {
		b.WriteString(" at ")
		b.WriteString(r.Pointer)
	}
	if r.Detail != "" {
		b.WriteString(": ")
		b.WriteString(r.Detail)
	}
	return b.String()
}

// under places a refusal of an inner value at base in the message.
func (r *Refusal) under(base string) *Refusal {
	if r == nil {
		return nil
	}
	r.Pointer = base + r.Pointer
	for len(r.Pointer) > maxPointer {
		r.Pointer = r.Pointer[:strings.LastIndexByte(r.Pointer, '/')]
	}
	return r
}

// Reject makes the rejection of a delivery, its bytes unchanged.
func Reject(d *Delivery, r *Refusal) Rejection {
	return Rejection{
		Stream:   cmp.Or(d.Stream, StreamOrders),
		Channel:  channelOf(d),
		Reason:   r.Code,
		Pointer:  r.Pointer,
		Detail:   r.Detail,
		Subject:  d.Subject,
		Sequence: d.Sequence,
		Trace:    d.Trace,
		Data:     d.Data,
	}
}

// channelOf is the channel a delivery belongs to: that of the subject, or the
// one that a report names. It is empty if neither can be read.
func channelOf(d *Delivery) string {
	if d.Stream != StreamCourier {
		channel, _, _ := ParseOrderSubject(d.Subject)
		return channel
	}
	k, refusal := Identify(d.Data)
	if refusal != nil || CheckID(k.Channel) != nil {
		return ""
	}
	return k.Channel
}
