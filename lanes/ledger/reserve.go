package ledger

import (
	"context"
	"fmt"
	"strconv"

	"github.com/nearlane/nearlane/lanes"
)

// Reserve tries each ask's options in order and makes the first that fits on
// top of all counted claims the order's open part (S2). The answers stand in
// the order of the asks. A failed ask has its Err set: its outcome is unknown
// and its hold, if any, stays.
func (l *Ledger) Reserve(ctx context.Context, asks []lanes.Ask) []lanes.Answer {
	now := l.opts.Now().UnixMilli()
	keep := (l.opts.Grace + day).Milliseconds()
	replies := l.run(ctx, calls{len(asks), func(i int) string { return asks[i].Region },
		func(i int, history string) []any { return reserveCall(&asks[i], history, now, keep) }})
	answers := make([]lanes.Answer, len(asks))
	for i, r := range replies {
		a, err := readAnswer(&asks[i], r)
		if err != nil {
			a = lanes.Answer{Err: fmt.Errorf("reserve for order %s: %w", asks[i].Order, err)}
		}
		answers[i] = a
	}
	return answers
}

func reserveCall(a *lanes.Ask, history string, now, keep int64) []any {
	keys := 3
	for _, o := range a.Options {
		keys += len(o.Claims)
	}
	args := reserveScript.call(keys, 5+2*len(a.Options))
	args = append(args, holdKey(a.Region, a.Order), openKey(a.Region), epochKey(a.Region))
	slots := slotKey(a.Region, "")
	for _, o := range a.Options {
		for _, c := range o.Claims {
			args = append(args, slots+c.Slot)
		}
	}
	args = append(args, a.Order, a.Basis, history, now, keep)
	for _, o := range a.Options {
		args = append(args, claimNumbers(o.Claims), o.Body)
	}
	return args
}

// claimNumbers writes "<units> <limit> <end in seconds> " of each claim: one
// argument for an option, because a script pays for each, tried or not.
func claimNumbers(claims []lanes.Claim) []byte {
	text := make([]byte, 0, 24*len(claims))
	for _, c := range claims {
		for _, n := range [...]int64{c.Units, c.Limit, c.Ends.Unix()} {
			text = append(strconv.AppendInt(text, n, 10), ' ')
		}
	}
	return text
}

// readAnswer decodes the reply of reserve.lua, whose codes are lanes.Status.
func readAnswer(ask *lanes.Ask, r reply) (lanes.Answer, error) {
	if r.err != nil {
		return lanes.Answer{}, r.err
	}
	f := fields{values: r.values}
	a := lanes.Answer{Status: lanes.Status(f.number())}
	switch a.Status {
	case lanes.Granted:
		option := f.number()
		if option < 1 || option > int64(len(ask.Options)) {
			return a, fmt.Errorf("read reply %v: no such option", r.values)
		}
		a.Body, a.Epoch = ask.Options[option-1].Body, f.text()
	case lanes.Existing:
		a.Body, a.Epoch = []byte(f.text()), f.text()
	case lanes.Behind:
		a.Seq = uint64(f.number())
	case lanes.Full, lanes.Unsettled, lanes.Rebuild:
	default:
		f.bad = true
	}
	return a, f.err()
}
