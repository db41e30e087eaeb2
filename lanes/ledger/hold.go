package ledger

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nearlane/nearlane/lanes"
)

// Hold is what the ledger keeps of one order in one region.
type Hold struct {
	Order  string
	Live   *LivePart
	Open   *OpenPart
	Listed bool // a member of the region's sorted set of open parts and verify marks
}

// LivePart is what the decision at Seq claims; without claims it is a tombstone.
// The claims carry no limit.
type LivePart struct {
	Seq    uint64
	Claims []lanes.Claim
}

// OpenPart is what an attempt in progress claims. The claims carry no limit.
type OpenPart struct {
	Basis  uint64
	Epoch  string
	Body   []byte
	Claims []lanes.Claim
}

// readHold decodes the fields of a hold as the scripts write them.
func readHold(region string, f map[string]string) (Hold, error) {
	var h Hold
	var err error
	if seq, ok := f["seq"]; ok {
		h.Live = &LivePart{}
		if h.Live.Seq, err = strconv.ParseUint(seq, 10, 64); err != nil {
			return h, err
		}
		if h.Live.Claims, err = readClaims(region, f["claims"]); err != nil {
			return h, err
		}
	}
	if basis, ok := f["basis"]; ok {
		h.Open = &OpenPart{Epoch: f["epoch"], Body: []byte(f["body"])}
		if h.Open.Basis, err = strconv.ParseUint(basis, 10, 64); err != nil {
			return h, err
		}
		if h.Open.Claims, err = readClaims(region, f["open"]); err != nil {
			return h, err
		}
	}
	return h, nil
}

// readClaims decodes lines of "<units> <end, seconds> <key of the slot>".
func readClaims(region, text string) ([]lanes.Claim, error) {
	var claims []lanes.Claim
	for line := range strings.Lines(text) {
		var c lanes.Claim
		var ends int64
		units, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		end, key, ok := strings.Cut(rest, " ")
		if !ok {
			return nil, fmt.Errorf("read claim %q: no slot", line)
		}
		var err error
		if c.Units, err = strconv.ParseInt(units, 10, 64); err != nil {
			return nil, err
		}
		if ends, err = strconv.ParseInt(end, 10, 64); err != nil {
			return nil, err
		}
		c.Slot, c.Ends = strings.TrimPrefix(key, slotKey(region, "")), time.Unix(ends, 0)
		claims = append(claims, c)
	}
	return claims, nil
}
