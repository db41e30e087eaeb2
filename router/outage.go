package router

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"
)

// outage is a time in which nothing is routed, from the first failure to the
// next that goes well.
type outage struct {
	since time.Time // zero: there is none
	why   string    // as it was said last
	said  time.Time
	tries int
}

const (
	longestPause = 5 * time.Second
	sayAgain     = time.Minute
)

// stumble notes a failure, says what is wrong when that is news, and waits
// longer each time.
func (r *Router) stumble(ctx context.Context, err error) {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return
	}
	o, now := &r.outage, r.RealClock()
	r.unready(err.Error())
	if o.since.IsZero() {
		o.since = now
		r.metrics.pauses.Inc()
	}
	if o.why != err.Error() || now.Sub(o.said) >= sayAgain {
		o.why, o.said = err.Error(), now
		r.Log.Warn("routing paused", zap.Error(err), zap.Duration("for", now.Sub(o.since).Round(time.Millisecond)))
	}
	pause(ctx, min(retryDelay<<min(o.tries, 8), longestPause))
	o.tries++
}

// entered makes the router ready, unless there is an outage: then only what
// goes well afterwards proves that it is over.
func (r *Router) entered() {
	if r.outage.since.IsZero() {
		r.ready.Store(true)
	}
}

// well ends an outage, after a batch or a look at an idle network that went
// well.
func (r *Router) well() {
	if o := &r.outage; !o.since.IsZero() {
		r.Log.Info("routing again", zap.Duration("after", r.RealClock().Sub(o.since).Round(time.Millisecond)))
		*o = outage{}
	}
	r.ready.Store(true)
}

// look is how long to wait for messages before looking whether all is well.
func (o *outage) look() time.Duration {
	if o.since.IsZero() {
		return idleLook
	}
	return retryDelay
}
