package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// judgeWithin bounds a look at everything that stands: the journal is read for
// it from its beginning.
const judgeWithin = 45 * time.Second

// HiddenError means that a network would leave claims out of sight: their slots
// would be sold a second time under another name.
type HiddenError struct{ Hidden []router.Hidden }

func (e *HiddenError) Error() string {
	var b strings.Builder
	b.WriteString("what was promised would be out of sight, and could be sold again under another name:")
	var paths []string
	var until time.Time
	for i := range e.Hidden {
		h := &e.Hidden[i]
		paths = append(paths, h.Path)
		fmt.Fprintf(&b, "\n  %s", TellHidden(h))
		if h.Until.After(until) {
			until = h.Until
		}
	}
	b.WriteString("\nif it is the same thing under another name, give that its first name: 'was: NAME'. If it is gone for good, say so in the config: 'retired: [" +
		strings.Join(paths, ", ") + "]'.")
	if !until.IsZero() {
		fmt.Fprintf(&b, " What stands there has ended by %s.", until.Format(time.RFC3339))
	}
	return b.String()
}

// TellHidden says in one line what stands there.
func TellHidden(h *router.Hidden) string {
	text := h.Path + ":"
	if h.Orders == 1 {
		text += " order " + h.Such[0]
	} else if h.Orders > 1 {
		text += fmt.Sprintf(" %d orders, such as %s,", h.Orders, strings.Join(h.Such, ", "))
	}
	if h.Orders > 0 {
		text += " until " + h.Until.Format(time.RFC3339)
	}
	if h.Trying > 0 {
		text += fmt.Sprintf(" (%d not decided yet)", h.Trying)
	}
	if len(h.Others) > 0 {
		text += " still sold by " + strings.Join(h.Others, ", ")
	}
	return text
}

// admit makes sure that a network may come into force: that it keeps in sight
// all that the one before it sells. Where it does not, whatever stands there
// stands in the way. No order is in hand until done is called, so that nothing
// is added meanwhile.
func (k *keeper) admit(ctx context.Context, next *router.Network) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, judgeWithin)
	defer cancel()
	inForce := k.was
	if inForce == nil {
		inForce = k.servedLast(ctx, next)
	}
	if inForce != nil && len(next.Lacks(inForce)) == 0 {
		return func() {}, nil
	}
	sight := &sight{conn: k.conn, attempts: k.attempts, standing: router.NewClaimed(k.Now())}
	if err := k.judge(ctx, sight, inForce, next); err != nil {
		return nil, err
	}
	done, err = k.rest(ctx)
	if err != nil {
		return nil, fmt.Errorf("wait until no order is in hand: %w", err)
	}
	if err := k.judge(ctx, sight, inForce, next); err != nil { // what the last ones came to
		done()
		return nil, err
	}
	return done, nil
}

// servedLast is the network that this router served before it was started;
// nil: that is not known.
func (k *keeper) servedLast(ctx context.Context, next *router.Network) *router.Network {
	revision, found, err := k.store.Served(ctx, k.Name)
	if err != nil || !found {
		return nil
	}
	if revision == next.Revision {
		return next
	}
	return k.networkOf(ctx, revision)
}

// networkOf is an archived network; nil: it cannot be built here.
func (k *keeper) networkOf(ctx context.Context, revision string) *router.Network {
	_, network, _, err := Archived(ctx, k.store, revision, config.Options{Dir: filepath.Dir(k.Path)})
	if err != nil {
		k.Log.Debug("archived config not read", zap.String("revision", revision), zap.Error(err))
	}
	return network
}

// judge refuses what would hide claims that stand, or what others sell.
func (k *keeper) judge(ctx context.Context, s *sight, inForce, next *router.Network) error {
	regions := next.Regions()
	if inForce != nil {
		regions = append(regions, inForce.Regions()...)
	}
	if err := s.look(ctx, regions); err != nil {
		return fmt.Errorf("see what stands: %w", err)
	}
	hidden := next.Hides(inForce, s.standing)
	others, err := k.soldElsewhere(ctx, inForce, next)
	if err != nil {
		return err
	}
	if hidden = append(hidden, others...); len(hidden) > 0 {
		return &HiddenError{hidden}
	}
	return nil
}

// soldElsewhere lists what other routers sell and a network would not count:
// nobody would see what they go on to promise.
func (k *keeper) soldElsewhere(ctx context.Context, inForce, next *router.Network) (list []router.Hidden, err error) {
	present, err := k.presence.List(ctx)
	if errors.Is(err, stream.ErrNoBucket) { // nobody can say that they run
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("see which other routers run: %w", err)
	}
	for _, p := range present {
		revision, _, _ := strings.Cut(p.Revision, "+")
		if p.Router == k.Name || revision == next.Revision {
			continue
		}
		theirs := inForce
		if inForce == nil || revision != inForce.Revision {
			theirs = k.networkOf(ctx, p.Revision)
		}
		if theirs == nil {
			theirs = inForce
		}
		if theirs == nil {
			continue
		}
		for _, path := range next.Lacks(theirs) {
			if inForce != nil && !slices.Contains(next.Lacks(inForce), path) {
				continue // neither has it: it is hidden already
			}
			i := slices.IndexFunc(list, func(h router.Hidden) bool { return h.Path == path })
			if i < 0 {
				i, list = len(list), append(list, router.Hidden{Path: path, Such: []string{}})
			}
			list[i].Others = append(list[i].Others, p.Router)
		}
	}
	return list, nil
}

// sight is what stands, as it was seen last.
type sight struct {
	conn     *stream.Conn
	attempts func(ctx context.Context, region string) (map[string][]lanes.Claim, error) // nil: nobody can ask Redis
	standing *router.Claimed
}

// look reads on in the journal, and what attempts hold in some regions and in
// those that the journal names.
func (s *sight) look(ctx context.Context, regions []string) error {
	if err := s.conn.Read(ctx, event.StreamDispatch, s.standing.Through()+1, 0, s.standing.Add); err != nil {
		return err
	}
	if s.attempts == nil {
		return nil
	}
	s.standing.Forget()
	regions = append(slices.Clone(regions), s.standing.Regions()...)
	slices.Sort(regions)
	for _, region := range slices.Compact(regions) {
		open, err := s.attempts(ctx, region)
		if err != nil {
			return err
		}
		for order, claims := range open {
			s.standing.Attempt(region, order, claims)
		}
	}
	return nil
}

// Standing reads what the journal says stands after an instant.
func Standing(ctx context.Context, conn *stream.Conn, after time.Time) (*router.Claimed, error) {
	s := &sight{conn: conn, standing: router.NewClaimed(after)}
	if err := s.look(ctx, nil); err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	return s.standing, nil
}

// hiddenBy is what an error says would be hidden.
func hiddenBy(err error) []router.Hidden {
	var hidden *HiddenError
	if errors.As(err, &hidden) {
		return hidden.Hidden
	}
	return nil
}
