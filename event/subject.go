package event

import (
	"fmt"
	"strings"
)

// Streams.
const (
	StreamOrders   = "ORDERS"
	StreamDispatch = "DISPATCH"
	StreamCourier  = "COURIER"
	StreamRejected = "REJECTED"
	StreamRetry    = "RETRY"
)

// Kind is the last token of a subject on ORDERS: what happened to the order.
type Kind string

const (
	KindPlaced    Kind = "placed"
	KindCancelled Kind = "cancelled"
)

// Subjects as wildcards: what the streams store and what readers filter by.
const (
	AllPlaced     = "orders.v1.*.placed"
	AllCancelled  = "orders.v1.*.cancelled"
	AllDecisions  = "decision.v1.*.*"
	AllDispatches = "dispatch.v1.*.*"
	AllReports    = "courier.v1.*.*"
	AllEpochs     = "epoch.v1.*"
	AllFences     = "fence.v1.*"
	AllRejected   = "rejected.v1.*.*"
)

// SubjectDue is where RETRY puts a message whose time has come.
const SubjectDue = "retry.due"

// AllRetries are the messages of RETRY whose time has not come.
const AllRetries = "retry.at.*.*"

// RetrySubject is where the one schedule of an order stands: publishing again
// replaces it.
func RetrySubject(k Key) string {
	return "retry.at." + Token(k.Channel) + "." + Token(k.Order)
}

// noChannel stands for a channel that no subject can carry; see RejectedSubject.
const noChannel = "-"

// Every subject is built here. Ids are encoded, so any id that passes CheckID
// gives a literal subject; NATS refuses the subject of an empty one.

// PlacedSubject is where a platform publishes the orders of channel.
func PlacedSubject(channel string) string {
	return "orders.v1." + Token(channel) + "." + string(KindPlaced)
}

// CancelledSubject is where a platform publishes the cancellations of channel.
func CancelledSubject(channel string) string {
	return "orders.v1." + Token(channel) + "." + string(KindCancelled)
}

// DecisionSubject is where the decisions on one order stand. It is the subject
// of compare-and-set, so it holds the order's identity and nothing else.
func DecisionSubject(k Key) string {
	return "decision.v1." + Token(k.Channel) + "." + Token(k.Order)
}

// DecisionsOf filters the decisions on all orders of channel.
func DecisionsOf(channel string) string { return "decision.v1." + Token(channel) + ".*" }

// DispatchSubject is where courier receives what it picks up at site.
func DispatchSubject(courier, site string) string {
	return "dispatch.v1." + Token(courier) + "." + Token(site)
}

// DispatchesOf filters all dispatches to courier.
func DispatchesOf(courier string) string { return "dispatch.v1." + Token(courier) + ".*" }

// ReportSubject is where courier reports that a dispatch has come to status.
func ReportSubject(courier string, status ReportStatus) string {
	return "courier.v1." + Token(courier) + "." + string(status)
}

// ReportsOf filters all reports of courier.
func ReportsOf(courier string) string { return "courier.v1." + Token(courier) + ".*" }

// EpochSubject is where the epochs of a region's capacity stand.
func EpochSubject(region string) string { return "epoch.v1." + Token(region) }

// FenceSubject is where the fence of a router stands.
func FenceSubject(router string) string { return "fence.v1." + Token(router) }

// RejectedSubject is where a refused message goes. A channel that is no valid
// id is written as "-", because a refusal has to be storable whatever it was
// that arrived; the original subject travels in a header.
func RejectedSubject(channel, reason string) string {
	if CheckID(channel) != nil {
		channel = noChannel
	}
	return "rejected.v1." + Token(channel) + "." + Token(reason)
}

// RejectedOf filters the refused messages of channel and with reason. Empty
// stands for any, and the channel "-" for none.
func RejectedOf(channel, reason string) string {
	token := func(id string) string {
		if id == "" {
			return "*"
		}
		return Token(id)
	}
	return "rejected.v1." + token(channel) + "." + token(reason)
}

// ParseOrderSubject parses a literal subject of ORDERS.
func ParseOrderSubject(subject string) (channel string, kind Kind, err error) {
	first, last, err := twoTokens(subject, "orders.v1.")
	if err != nil {
		return "", "", err
	}
	kind = Kind(last)
	if kind != KindPlaced && kind != KindCancelled {
		return "", "", fmt.Errorf("parse subject %q: want placed or cancelled, got %q", subject, last)
	}
	if channel, err = Untoken(first); err != nil {
		return "", "", fmt.Errorf("parse subject %q: channel: %w", subject, err)
	}
	return channel, kind, nil
}

// ParseDecisionSubject parses the literal subject of an order's decisions.
func ParseDecisionSubject(subject string) (Key, error) {
	channel, order, err := twoTokens(subject, "decision.v1.")
	if err != nil {
		return Key{}, err
	}
	k, err := keyOf(channel, order)
	if err != nil {
		return Key{}, fmt.Errorf("parse subject %q: %w", subject, err)
	}
	return k, nil
}

// ParseDispatchSubject parses the literal subject of a dispatch.
func ParseDispatchSubject(subject string) (courier, site string, err error) {
	first, last, err := twoTokens(subject, "dispatch.v1.")
	if err != nil {
		return "", "", err
	}
	if courier, err = Untoken(first); err != nil {
		return "", "", fmt.Errorf("parse subject %q: courier: %w", subject, err)
	}
	if site, err = Untoken(last); err != nil {
		return "", "", fmt.Errorf("parse subject %q: site: %w", subject, err)
	}
	return courier, site, nil
}

// ParseReportSubject parses the literal subject of a courier's report. The
// status may be one that this version does not know.
func ParseReportSubject(subject string) (courier string, status ReportStatus, err error) {
	first, last, err := twoTokens(subject, "courier.v1.")
	if err != nil {
		return "", "", err
	}
	if courier, err = Untoken(first); err != nil {
		return "", "", fmt.Errorf("parse subject %q: courier: %w", subject, err)
	}
	return courier, ReportStatus(last), nil
}

// ParseRejectedSubject parses the literal subject of a refused message. The
// channel is empty where RejectedSubject had none.
func ParseRejectedSubject(subject string) (channel, reason string, err error) {
	first, last, err := twoTokens(subject, "rejected.v1.")
	if err != nil {
		return "", "", err
	}
	if channel, err = Untoken(first); err != nil {
		return "", "", fmt.Errorf("parse subject %q: channel: %w", subject, err)
	}
	if channel == noChannel {
		channel = ""
	}
	if reason, err = Untoken(last); err != nil {
		return "", "", fmt.Errorf("parse subject %q: reason: %w", subject, err)
	}
	return channel, reason, nil
}

// ParseFenceSubject gives the router whose fence stands on subject.
func ParseFenceSubject(subject string) (router string, err error) {
	token, ok := strings.CutPrefix(subject, "fence.v1.")
	if !ok {
		return "", fmt.Errorf("parse subject %q: want fence.v1.<router>", subject)
	}
	if router, err = Untoken(token); err != nil {
		return "", fmt.Errorf("parse subject %q: router: %w", subject, err)
	}
	return router, nil
}

// twoTokens splits the two tokens that follow prefix, still encoded.
func twoTokens(subject, prefix string) (first, last string, err error) {
	rest, ok := strings.CutPrefix(subject, prefix)
	if ok {
		first, last, ok = strings.Cut(rest, ".")
	}
	if !ok || strings.Contains(last, ".") {
		return "", "", fmt.Errorf("parse subject %q: want %s and two tokens", subject, prefix)
	}
	return first, last, nil
}
