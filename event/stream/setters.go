package stream

import (
	"github.com/nats-io/nats.go/jetstream"
)

// byHand is what to do about a setting that nats-server (2.15.2) does not change
// on a stream that stands; empty: it does.
func byHand(setting string, got, want jetstream.StreamConfig) string {
	fixed := false
	switch setting {
	case "storage", "sealed", "allow_msg_ttl", "allow_msg_counter", "persist_mode":
		fixed = true
	case "max_bytes":
		fixed = got.Storage != want.Storage // a size for a disk is no size for memory
	case "retention":
		fixed = got.Retention == jetstream.WorkQueuePolicy
	case "allow_msg_schedules":
		fixed = got.AllowMsgSchedules // it is turned on, and never off
	case "allow_rollup_hdrs":
		fixed = want.AllowRollup && got.DenyPurge // roll-ups need purges, and deny_purge is never taken back
	}
	if !fixed {
		return ""
	}
	return "the server never changes it: make the stream anew, see 'A stream made anew' in docs/ops.md"
}

// streamSetters change a setting to what is wanted.
var streamSetters = map[string]func(to, want *jetstream.StreamConfig){
	"subjects":  func(to, want *jetstream.StreamConfig) { to.Subjects = want.Subjects },
	"retention": func(to, want *jetstream.StreamConfig) { to.Retention = want.Retention },
	"discard":   func(to, want *jetstream.StreamConfig) { to.Discard = want.Discard },
	"max_age":   func(to, want *jetstream.StreamConfig) { to.MaxAge = want.MaxAge },
	"max_msgs":  func(to, want *jetstream.StreamConfig) { to.MaxMsgs = want.MaxMsgs },
	"max_msgs_per_subject": func(to, want *jetstream.StreamConfig) {
		to.MaxMsgsPerSubject = want.MaxMsgsPerSubject
	},
	"discard_new_per_subject": func(to, want *jetstream.StreamConfig) {
		to.DiscardNewPerSubject = want.DiscardNewPerSubject
	},
	"max_msg_size":        func(to, want *jetstream.StreamConfig) { to.MaxMsgSize = want.MaxMsgSize },
	"no_ack":              func(to, _ *jetstream.StreamConfig) { to.NoAck = false },
	"allow_rollup_hdrs":   func(to, want *jetstream.StreamConfig) { to.AllowRollup = want.AllowRollup },
	"allow_msg_schedules": func(to, want *jetstream.StreamConfig) { to.AllowMsgSchedules = want.AllowMsgSchedules },
	"sources":             func(to, _ *jetstream.StreamConfig) { to.Sources = nil },
	"subject_transform":   func(to, _ *jetstream.StreamConfig) { to.SubjectTransform = nil },
	"deny_delete":         func(to, _ *jetstream.StreamConfig) { to.DenyDelete = true },
	"deny_purge":          func(to, _ *jetstream.StreamConfig) { to.DenyPurge = true },
	"allow_atomic":        func(to, _ *jetstream.StreamConfig) { to.AllowAtomicPublish = true },
	"allow_direct":        func(to, _ *jetstream.StreamConfig) { to.AllowDirect = false },
	"duplicate_window":    func(to, want *jetstream.StreamConfig) { to.Duplicates = want.Duplicates },
	"num_replicas":        func(to, want *jetstream.StreamConfig) { to.Replicas = want.Replicas },
	"max_bytes":           func(to, want *jetstream.StreamConfig) { to.MaxBytes = want.MaxBytes },
	"mirror":              func(to, _ *jetstream.StreamConfig) { to.Mirror = nil },
}

// durableSetters are those of a durable.
var durableSetters = map[string]func(to, want *jetstream.ConsumerConfig){
	"filter_subjects": func(to, want *jetstream.ConsumerConfig) {
		to.FilterSubject, to.FilterSubjects = want.FilterSubject, want.FilterSubjects
	},
	"ack_wait":        func(to, want *jetstream.ConsumerConfig) { to.AckWait = want.AckWait },
	"max_deliver":     func(to, want *jetstream.ConsumerConfig) { to.MaxDeliver = want.MaxDeliver },
	"max_ack_pending": func(to, want *jetstream.ConsumerConfig) { to.MaxAckPending = want.MaxAckPending },
}
