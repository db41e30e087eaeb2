package stream

import (
	"cmp"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

// How long the streams keep their messages. DISPATCH outlives ORDERS, because
// once a decision is forgotten its order could be decided again.
const (
	KeepOrders   = 14 * 24 * time.Hour
	KeepDispatch = 35 * 24 * time.Hour
	KeepCourier  = 35 * 24 * time.Hour
	KeepRejected = 35 * 24 * time.Hour
)

// The largest messages that partners may publish, in bytes with their headers.
// An order that is too large is still stored, refused and kept up to here.
const (
	LargestOrder  = 4 * event.MaxOrderBytes
	LargestReport = 16 << 10
)

// Settings is what operators choose about the streams. The sizes bound a
// stream when it is made; a stream that exists keeps its own. The quotas bound
// what one partner can take of a stream from all others.
type Settings struct {
	Replicas      int   // of each stream; default 1
	OrdersBytes   int64 // default 8 GiB. A full ORDERS takes no orders.
	DispatchBytes int64 // default 16 GiB. A full DISPATCH takes no decisions.
	CourierBytes  int64 // default 4 GiB. A full COURIER takes no reports.
	RejectedBytes int64 // default 1 GiB. A full REJECTED forgets its oldest.
	RetryBytes    int64 // default 1 GiB. A full RETRY forgets its oldest.
	ConfigBytes   int64 // default 256 MiB. A full CONFIG takes no configs.
	ChannelQuota  int64 // messages of each kind that ORDERS keeps of a channel; default 500,000
	CourierQuota  int64 // reports of each status that COURIER keeps of a courier; default 100,000
}

func (s Settings) withDefaults() Settings {
	s.Replicas = cmp.Or(s.Replicas, 1)
	s.OrdersBytes = cmp.Or(s.OrdersBytes, 8<<30)
	s.DispatchBytes = cmp.Or(s.DispatchBytes, 16<<30)
	s.CourierBytes = cmp.Or(s.CourierBytes, 4<<30)
	s.RejectedBytes = cmp.Or(s.RejectedBytes, 1<<30)
	s.RetryBytes = cmp.Or(s.RetryBytes, 1<<30)
	s.ConfigBytes = cmp.Or(s.ConfigBytes, 256<<20)
	s.ChannelQuota = cmp.Or(s.ChannelQuota, 500_000)
	s.CourierQuota = cmp.Or(s.CourierQuota, 100_000)
	return s
}

// streams is what Ensure makes and checks.
func (s Settings) streams() []jetstream.StreamConfig {
	s = s.withDefaults()
	common := lasting(s.Replicas)

	orders := common
	orders.Name = event.StreamOrders
	orders.Description = "Orders and cancellations as the platforms published them"
	orders.Subjects = []string{event.AllPlaced, event.AllCancelled}
	orders.MaxAge = KeepOrders
	orders.MaxBytes = s.OrdersBytes
	orders.MaxMsgSize = LargestOrder
	orders.MaxMsgsPerSubject, orders.DiscardNewPerSubject = s.ChannelQuota, true

	dispatch := common
	dispatch.Name = event.StreamDispatch
	dispatch.Description = "The journal: decisions, and the dispatches stored with them"
	dispatch.Subjects = []string{event.AllDecisions, event.AllDispatches, event.AllEpochs, event.AllFences}
	dispatch.MaxAge = KeepDispatch
	dispatch.MaxBytes = s.DispatchBytes
	dispatch.AllowAtomicPublish = true

	courier := common
	courier.Name = event.StreamCourier
	courier.Description = "What the couriers report about their dispatches"
	courier.Subjects = []string{event.AllReports}
	courier.MaxAge = KeepCourier
	courier.MaxBytes = s.CourierBytes
	courier.MaxMsgSize = LargestReport
	courier.MaxMsgsPerSubject, courier.DiscardNewPerSubject = s.CourierQuota, true

	// What is refused still stands on its stream, so REJECTED may forget rather
	// than hold up the orders behind it, and people may clear it.
	rejected := common
	rejected.Name = event.StreamRejected
	rejected.Description = "Messages of ORDERS and COURIER that were refused, with the reason"
	rejected.Subjects = []string{event.AllRejected}
	rejected.MaxAge = KeepRejected
	rejected.MaxBytes = s.RejectedBytes
	rejected.Discard = jetstream.DiscardOld
	rejected.DenyDelete = false
	rejected.DenyPurge = false
	rejected.Duplicates = time.Hour // a redelivered refusal is stored once; see rejectionID

	// Schedules and DiscardNew exclude each other, and a schedule replaces the
	// one before it. What it loses, the order's next retry would have done.
	retry := common
	retry.Name = event.StreamRetry
	retry.Description = "Orders that come back to the routers at a given time"
	retry.Subjects = []string{event.AllRetries, event.SubjectDue}
	retry.MaxAge = KeepDispatch
	retry.MaxBytes = s.RetryBytes
	retry.Discard = jetstream.DiscardOld
	retry.DenyDelete, retry.DenyPurge = false, false
	retry.AllowMsgSchedules, retry.AllowRollup = true, true
	retry.Duplicates = 2 * time.Minute // what many routers wake is delivered once; a wake may be lost

	return append([]jetstream.StreamConfig{orders, dispatch, courier, rejected, retry}, s.buckets()...)
}

// buckets are the key-value buckets among the streams. People may purge keys
// of both: what runs goes on without them.
func (s Settings) buckets() []jetstream.StreamConfig {
	config := lasting(s.Replicas)
	config.Name = bucketStreams + bucketConfig
	config.Description = "Configs by revision, the one to follow, and what staff have closed"
	config.Subjects = []string{bucketSubjects + bucketConfig + ".>"}
	config.MaxMsgsPerSubject = keepPushes
	config.MaxBytes = s.ConfigBytes
	config.DenyPurge, config.AllowRollup = false, true

	presence := lasting(s.Replicas)
	presence.Name = bucketStreams + bucketPresence
	presence.Description = "Which routers run, and what"
	presence.Subjects = []string{bucketSubjects + bucketPresence + ".>"}
	presence.MaxMsgsPerSubject = 1
	presence.MaxAge = PresenceTTL
	presence.MaxBytes = presenceBytes
	presence.Discard = jetstream.DiscardOld
	presence.DenyPurge, presence.AllowRollup = false, true

	return []jetstream.StreamConfig{config, presence}
}

const presenceBytes = 16 << 20

// dedupe is the shortest window for message ids that the server takes; it
// cannot be told to ignore them. Clients choose their ids, so for that long one
// of them can have another's message dropped, if it knows its id in advance:
// acknowledged, and never stored.
const dedupe = 100 * time.Millisecond

// lasting is a stream on disk that nobody can take messages from and that
// refuses new ones once it is full.
func lasting(replicas int) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Retention:         jetstream.LimitsPolicy,
		Storage:           jetstream.FileStorage,
		Discard:           jetstream.DiscardNew,
		Replicas:          replicas,
		MaxMsgs:           -1,
		MaxMsgsPerSubject: -1,
		MaxMsgSize:        -1,
		MaxConsumers:      -1,
		DenyDelete:        true,
		DenyPurge:         true,
		Duplicates:        dedupe,
	}
}
