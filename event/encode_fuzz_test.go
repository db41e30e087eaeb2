package event

import (
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

// FuzzEncode holds the encoders to json.Marshal, of values that are drawn from
// bytes: also of those that have no JSON.
func FuzzEncode(f *testing.F) {
	for n := range byte(16) {
		seed := make([]byte, 2000)
		for i := range seed {
			seed[i] = byte(i*i>>3)*(n|1) + n
		}
		f.Add(seed, n > 12)
	}
	f.Fuzz(func(t *testing.T, data []byte, wild bool) {
		from := &lots{data, wild}
		sameDecision(t, drawn[Decision](from), "decision")
		sameDispatch(t, drawn[Dispatch](from), "dispatch")
		sameBody(t, drawn[Body](from), "body")
		sameMark(t, drawn[Mark](from), "mark")
		if !wild {
			sameOrder(t, drawn[Order](from), "order")
		}
	})
}

func drawn[T any](from *lots) *T {
	v := new(T)
	from.draw(reflect.ValueOf(v).Elem())
	return v
}

// lots are bytes to be drawn. When they run out, all is zero. What is drawn
// has a form in JSON, unless they are wild.
type lots struct {
	left []byte
	wild bool
}

func (l *lots) next(n int) []byte {
	out := make([]byte, n)
	l.left = l.left[copy(out, l.left):]
	return out
}

func (l *lots) below(n int) int { return int(l.next(1)[0]) % n }

func (l *lots) draw(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if l.below(2) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			l.draw(v.Elem())
		}
	case reflect.Slice:
		if n := l.below(5); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n-1, n-1))
			for i := range n - 1 {
				l.draw(v.Index(i))
			}
		}
	case reflect.Map:
		if n := l.below(20); n > 0 {
			counts := make(map[string]int)
			for range n - 1 {
				counts[l.text()] = l.below(256)
			}
			v.Set(reflect.ValueOf(counts))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(l.time()))
			return
		}
		for i := range v.NumField() {
			l.draw(v.Field(i))
		}
	case reflect.String:
		v.SetString(l.text())
	case reflect.Int, reflect.Int64:
		n := int64(binary.LittleEndian.Uint64(l.next(8)))
		if !l.wild {
			n >>= 11 // canonical JSON has no more digits
		}
		v.SetInt(n)
	case reflect.Uint64:
		v.SetUint(binary.LittleEndian.Uint64(l.next(8)))
	case reflect.Float64:
		if f := math.Float64frombits(binary.LittleEndian.Uint64(l.next(8))); l.wild || f-f == 0 {
			v.SetFloat(f)
		}
	case reflect.Bool:
		v.SetBool(l.below(2) > 0)
	default:
		panic("no drawing for " + v.Type().String())
	}
}

func (l *lots) text() string {
	switch n := l.below(8); {
	case n > 3:
		return []string{"bike", "past_cutoff", "Äiti", `"\`}[n-4]
	case n > 1 && l.wild:
		return string(l.next(n))
	default:
		return strings.ToValidUTF8(string(l.next(8*n)), "\u2028")
	}
}

func (l *lots) time() time.Time {
	sec := int64(binary.LittleEndian.Uint32(l.next(4)))
	t := time.Unix(sec, 0).UTC()
	switch n := l.below(128); n % 8 {
	case 0:
		return time.Time{}
	case 1:
		return t.Add(time.Duration(n))
	case 2:
		return t.In(time.FixedZone("", 1800*(n/8)))
	case 3:
		return t.In(time.FixedZone("", -61*n))
	case 4:
		if l.wild {
			return time.Unix(sec<<8, 0).In(time.FixedZone("", 3600*(n-64))) // often without RFC 3339
		}
		return t.AddDate(5000, 0, 0)
	case 5:
		return time.Unix(-sec, 0).UTC()
	case 6:
		return t
	default:
		return time.Unix(int64(n)<<10, 0).UTC() // of a few days
	}
}
