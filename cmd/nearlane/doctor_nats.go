package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event/stream"
)

// How far a clock may be off. Orders are taken that are up to five minutes
// ahead; what goes wrong first is what people read off the times.
const (
	skewWarn = time.Second
	skewFail = 10 * time.Second

	lagWarn = 10 * time.Second
	lagFail = time.Minute
)

func itoa(n int) string { return strconv.Itoa(n) }

func mebibytes(n int64) string {
	if n >= 10<<30 {
		return fmt.Sprintf("%d GiB", n>>30)
	}
	return fmt.Sprintf("%d MiB", n>>20)
}

// lookAtNATS connects, nil if that cannot be.
func (d *doctor) lookAtNATS(ctx context.Context, name string) *stream.Conn {
	const check = "nats"
	url, _, err := d.server()
	if err != nil {
		return nil // said first of all
	}
	began := time.Now()
	conn, err := stream.Connect(ctx, stream.Options{URL: url, Name: name})
	if err != nil {
		do := "start NATS, or set nats.url"
		switch {
		case d.nats.url == "" && d.where != nil && d.where.NATS.URL.Empty() && errors.Is(err, stream.ErrUnreachable):
			do = "nats.url is not set: NATS is inside of 'nearlane run', which does not run"
		case errors.Is(err, stream.ErrTooOld), errors.Is(err, stream.ErrNoJetStream), errors.Is(err, stream.ErrUnsafe):
			do = "it has to be nats-server 2.12 or later, with JetStream and a max_payload of 512 KiB or more"
		}
		d.fail(check, do, "%v", err)
		d.away = true
		return nil
	}
	d.ok(check, "version %s with JetStream, connected in %s", conn.Version(), time.Since(began).Round(100*time.Microsecond))
	return conn
}

// lookAtStreams holds each stream to what routing rests on.
func (d *doctor) lookAtStreams(ctx context.Context, conn *stream.Conn) {
	list, err := conn.Inspect(ctx, d.settings(), app.Durable)
	if err != nil {
		d.fail("streams", "see whether NATS has a majority of its servers", "%v", err)
		return
	}
	for _, s := range list {
		check := "stream " + s.Stream
		switch {
		case s.Missing:
			d.warn(check, "'nearlane run' makes it", "it is not there yet")
		case len(s.Differences) > 0:
			var all []string
			for _, f := range s.Differences {
				all = append(all, fmt.Sprintf("%s is %s, has to be %s", f.Setting, f.Got, f.Want))
			}
			d.fail(check, "nearlane streams apply; routers do not start on it", "%s", strings.Join(all, "; "))
		case s.Leaderless:
			d.fail(check, "bring back a majority of the NATS servers", "it has no leader")
		case len(s.Behind) > 0:
			d.warn(check, "see to these servers; one more that fails stops routing", "behind or offline: %s", strings.Join(s.Behind, ", "))
		default:
			d.ok(check, "settings as they have to be, %s", counted(s.Replicas, "replica"))
		}
	}
}

// lookAtLoads says how full the streams are, and how far the routers lag.
func (d *doctor) lookAtLoads(ctx context.Context, conn *stream.Conn) {
	loads, err := conn.Loads(ctx, app.Durables())
	if err != nil {
		return // said of the streams
	}
	for i := range loads {
		l := &loads[i]
		if share := float64(l.Bytes) / float64(max(l.MaxBytes, 1)); l.MaxBytes > 0 && share > 0.8 {
			say := d.warn
			if share > 0.95 {
				say = d.fail
			}
			say("room "+l.Stream, "nats stream edit "+l.Stream+" --max-bytes", "%.0f %% of %s", 100*share, mebibytes(l.MaxBytes))
		}
		d.judgeQuota(l)
		if !l.Durable {
			continue
		}
		age := time.Duration(0)
		if !l.Oldest.IsZero() {
			age = max(d.now.Sub(l.Oldest), 0).Round(time.Second)
		}
		text := fmt.Sprintf("%d to be given out, %d in hand", l.Pending, l.Unanswered)
		if age > 0 {
			text += ", the oldest since " + age.String()
		}
		switch check := "lag " + l.Stream; {
		case age > lagFail:
			d.fail(check, "see 'nearlane top': does anything move? add a router, or read the log of the one that runs", "%s", text)
		case age > lagWarn:
			d.warn(check, "see 'nearlane top': does it get shorter?", "%s", text)
		default:
			d.ok(check, "%s", text)
		}
	}
}

// manyConsumers is near to the thousand that a nats-server makes of a stream
// unless it is told otherwise (default_max_consumers).
const manyConsumers = 800

// judgeQuota says what one partner may have taken of a stream.
func (d *doctor) judgeQuota(l *stream.Load) {
	if l.Consumers > manyConsumers {
		d.warn("consumers "+l.Stream, "nats consumer ls "+l.Stream+"; only the router and operators should make any", "%d, and a server makes 1000 by default", l.Consumers)
	}
	share := float64(l.FullestHolds) / float64(max(l.Quota, 1))
	if l.Quota <= 0 || share <= 0.8 {
		return
	}
	say := d.warn
	if share > 0.95 {
		say = d.fail
	}
	say("quota "+l.Stream, "ask who publishes there whether that is right; then raise nats.quotas, and run 'nearlane streams apply'",
		"%s holds %d of %d messages", l.Fullest, l.FullestHolds, l.Quota)
}

// lookAtClock compares this machine's clock with that of NATS.
func (d *doctor) lookAtClock(ctx context.Context, conn *stream.Conn) {
	if ahead, took, err := conn.Clock(ctx); err == nil {
		d.clock("clock of NATS", "this machine's", ahead, took)
	}
}

// clock judges a clock that is ahead of another, as far as asking for it tells.
func (d *doctor) clock(check, other string, ahead, took time.Duration) {
	const do = "let NTP set both clocks"
	text := "as " + other + ", within " + max(took, time.Millisecond).Round(time.Millisecond).String()
	off := ahead.Abs() - took/2
	if off > skewWarn {
		side := "ahead of"
		if ahead < 0 {
			side = "behind"
		}
		text = fmt.Sprintf("%s %s %s", ahead.Abs().Round(100*time.Millisecond), side, other)
	}
	switch {
	case off > 24*time.Hour: // no machine's clock drifts that far
		d.warn(check, "unless it was started with --clock to try things out, "+do, "%s", text)
	case off > skewFail:
		d.fail(check, do, "%s", text)
	case off > skewWarn:
		d.warn(check, do, "%s", text)
	default:
		d.ok(check, "%s", text)
	}
}

// lookAtRouters says who runs what.
func (d *doctor) lookAtRouters(ctx context.Context, conn *stream.Conn) {
	routers, err := conn.Presence().List(ctx)
	switch {
	case err != nil:
		d.warn("routers", "'nearlane run' makes the list", "who runs is not known: %v", err)
		return
	case len(routers) == 0:
		d.warn("routers", "start one: nearlane run -c "+d.nats.file, "none has said anything for %s", stream.PresenceTTL)
		return
	}
	var revisions []string
	for _, r := range routers {
		if !slices.Contains(revisions, r.Revision) {
			revisions = append(revisions, r.Revision)
		}
	}
	for _, r := range routers {
		check, text := "router "+r.Router, fmt.Sprintf("on %s, version %s, revision %s", r.Host, r.Version, r.Revision)
		own, _, _ := strings.Cut(r.Revision, "+")
		switch {
		case r.Error != "":
			d.warn(check, "nearlane check "+d.nats.file, "%s; its last reload was refused: %s", text, r.Error)
		case len(revisions) > 1:
			d.warn(check, "reload those that are behind: nearlane reload", "%s, others run %s", text, strings.Join(without(revisions, r.Revision), ", "))
		case d.config != nil && own != d.config.Revision:
			d.warn(check, takes(r)+", if that file is meant", "%s, %s is %s", text, d.nats.file, d.config.Revision)
		default:
			d.ok(check, "%s", text)
		}
		d.clock("clock of "+r.Router, "that of NATS", r.Clock.Sub(r.Seen), 0)
	}
}

func without(list []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == one })
}

// takes is how a router gets another config.
func takes(r stream.Presence) string {
	if r.Follows {
		return "nearlane config push"
	}
	return "nearlane reload"
}
