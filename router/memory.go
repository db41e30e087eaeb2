package router

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Company is the routers that run beside this one, as they speak of themselves.
type Company interface {
	// Apart asks who runs now, and is nil unless one of them counts in another
	// Redis. The error names both.
	Apart(ctx context.Context) error
	// Unlike is nil unless one that was here first has another digest key, as
	// far as is known. The error names both.
	Unlike() error
}

// memory is where a region is counted, beside where the journal says that it
// is.
type memory struct {
	region string
	last   event.EpochRecord // on the region's epoch subject; zero: none
	here   lanes.Memory
}

// lost reports whether the region has to be rebuilt here before anything is
// reserved: it has no epoch of this memory, or another memory was given one
// since (E6).
func (m *memory) lost() bool {
	return m.here.Epoch == 0 || m.foreign() && m.here.Epoch < m.last.Sequence
}

// foreign reports whether the journal names another memory.
func (m *memory) foreign() bool { return m.last.In != m.here.ID }

// past is the epoch that another memory had last; 0: none had.
func (m *memory) past() uint64 {
	if m.foreign() {
		return m.last.Sequence
	}
	return 0
}

// memories looks where the regions are counted. The journal is read first: what
// it says that was rebuilt here is then found here.
func (r *Router) memories(ctx context.Context, regions []string) ([]memory, error) {
	records, err := r.History.Epochs(ctx, regions)
	if err != nil {
		return nil, fmt.Errorf("read epochs: %w", err)
	}
	all := make([]memory, len(regions))
	for i, region := range regions {
		here, err := r.Projection.Memory(ctx, region)
		if err != nil {
			return nil, err
		}
		all[i] = memory{region, records[i], here}
	}
	return all, nil
}

// stand reads the fence, and holds it to be this router's only if the memory at
// hand is the one that the journal names: whoever rebuilds a region elsewhere
// stores its epoch before it raises the fences (E6).
func (r *Router) stand(ctx context.Context) error {
	fence, err := r.readFence(ctx)
	if err != nil {
		return err
	}
	all, err := r.memories(ctx, r.network.Load().Regions())
	if err != nil {
		return err
	}
	stood := make(map[string]uint64, len(all))
	for i := range all {
		if all[i].lost() {
			return errRegionLost
		}
		stood[all[i].region] = all[i].last.Sequence
	}
	if r.Company != nil {
		if err := r.Company.Unlike(); err != nil {
			return r.outcast(err)
		}
	}
	r.stood.Store(&stood)
	r.fence.Store(fence)
	r.estranged.Store(false)
	return nil
}

// stands reports whether the region's memory has been looked at.
func (r *Router) stands(region string) bool {
	_, ok := (*r.stood.Load())[region]
	return ok
}

// strange reports whether it is news to this router that the region is not
// counted here. It is none after it stood on the very record that the journal
// still ends with: then this memory was lost, by a restart or a failover, and
// nobody has come in between.
func (r *Router) strange(m *memory) bool {
	stood, known := (*r.stood.Load())[m.region]
	return m.lost() && m.foreign() && !(known && stood == m.last.Sequence)
}

// Strange reports whether a region is to be rebuilt here that the journal
// does not know to be counted here: nobody else may then run on another Redis.
func (r *Router) Strange(ctx context.Context) (bool, error) {
	all, err := r.memories(ctx, r.network.Load().Regions())
	if err != nil {
		return false, err
	}
	for i := range all {
		if r.strange(&all[i]) {
			return true, nil
		}
	}
	return false, nil
}

// Counted is nil if no region is counted elsewhere: what is settled or taken
// back in a Redis that the journal does not name is lacking in the one that it
// does, and there nobody looks for it (E6).
func (r *Router) Counted(ctx context.Context) error {
	all, err := r.memories(ctx, r.network.Load().Regions())
	if err != nil {
		return err
	}
	for i := range all {
		if m := &all[i]; m.lost() && m.foreign() && m.last.Sequence > 0 {
			return fmt.Errorf("region %s is not counted in this Redis (%s): router %s rebuilt it in %s, at sequence %d of %s; "+
				"give redis.url of the routers that run, or start one with this Redis, which fills it",
				m.region, m.here.ID, m.last.By, cmp.Or(m.last.In, "another"), m.last.Sequence, event.StreamDispatch)
		}
	}
	return nil
}

// welcome is nil if the regions may be rebuilt here where they have to be.
// Whoever runs on another Redis keeps them while it runs.
func (r *Router) welcome(ctx context.Context, all []memory) error {
	if r.Company == nil {
		return nil
	}
	for i := range all {
		if !r.strange(&all[i]) {
			continue
		}
		err := r.Company.Apart(ctx)
		if err == nil {
			return nil
		}
		if last := all[i].last; last.Sequence > 0 {
			err = fmt.Errorf("%w; region %s was last rebuilt by router %s, at sequence %d of %s",
				err, all[i].region, last.By, last.Sequence, event.StreamDispatch)
		}
		return r.outcast(err)
	}
	return nil
}

// outcast keeps the auditor of this router from following the journal: what
// it settled here, all others would lack.
func (r *Router) outcast(err error) error {
	r.estranged.Store(true)
	return err
}

// lookAgain is nil if the router still stands where it stood, looked at now and
// then: what claims nothing carries no fence, and must not be decided by a
// Redis that others left.
func (r *Router) lookAgain(ctx context.Context) error {
	now := r.RealClock()
	if now.Sub(r.looked) < idleLook {
		return nil
	}
	r.looked = now
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	if err := r.stand(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

const lookTimeout = 5 * time.Second
