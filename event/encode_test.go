package event

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// The encoders have to write what json.Marshal would, which follows the tags.

var written = time.Date(2026, 8, 4, 6, 10, 0, 0, time.UTC)

func marshalEvent[T any](typ, id, subject string, trace Trace, data *T) ([]byte, error) {
	return json.Marshal(&cloudEvent[T]{
		SpecVersion:     specVersion,
		ID:              id,
		Source:          Source,
		Type:            typ,
		Subject:         subject,
		Time:            written,
		DataContentType: "application/json",
		TraceParent:     trace.Parent,
		TraceState:      trace.State,
		Data:            data,
	}, json.Deterministic(true))
}

func sameDecision(t *testing.T, d *Decision, at string) {
	t.Helper()
	got, err := EncodeDecision(d, written)
	want, wantErr := marshalEvent(TypeDecision, d.DecisionID, d.Key().String(), d.Trace, d)
	same(t, at, got, err, want, wantErr)
}

func sameDispatch(t *testing.T, d *Dispatch, at string) {
	t.Helper()
	if d.Status == "" {
		d.Status = Requested
	}
	got, err := EncodeDispatch(d, written)
	if d.Status != Requested && (d.Destination != nil || d.Recipient != nil) {
		return // refused; see TestWithdrawnCarriesNoPersonalData
	}
	want, wantErr := marshalEvent(TypeDispatch, d.DispatchID+"/"+d.Status, d.Key().String(), d.Trace, d)
	same(t, at, got, err, want, wantErr)
}

func sameBody(t *testing.T, b *Body, at string) {
	t.Helper()
	got, err := EncodeBody(b)
	want, wantErr := json.Marshal(&held{Body: *b, Located: b.Located})
	same(t, at, got, err, want, wantErr)
}

func sameMark(t *testing.T, m *Mark, at string) {
	t.Helper()
	got, err := EncodeMark(TypeFence, *m, written)
	want, wantErr := marshalEvent(TypeFence, m.Of+"/2026-08-04T06:10:00Z", m.Of, Trace{}, m)
	same(t, at, got, err, want, wantErr)
}

func sameOrder(t *testing.T, o *Order, at string) {
	t.Helper()
	if got, want := string(new(writer).canonical(o)), sorted(t, o); got != want {
		t.Errorf("%s:\ngot  %s\nwant %s", at, got, want)
	}
}

func same(t *testing.T, at string, got []byte, err error, want []byte, wantErr error) {
	t.Helper()
	if (err == nil) != (wantErr == nil) || err == nil && string(got) != string(want) {
		t.Errorf("%s:\ngot  %s, %v\nwant %s, %v", at, got, err, want, wantErr)
	}
}

// TestEncodeKnowsEveryField fails for a field that is in a type but not in its encoder.
func TestEncodeKnowsEveryField(t *testing.T) {
	t.Parallel()
	alone(t, sameDecision)
	alone(t, sameDispatch)
	alone(t, sameBody)
	alone(t, sameMark)
	alone(t, sameOrder)
}

// alone tries a T in which one field or element is set, each in turn, however
// deep it lies; one in which all are; and one in which none is.
func alone[T any](t *testing.T, try func(t *testing.T, v *T, at string)) {
	root := new(T)
	v, name := reflect.ValueOf(root).Elem(), reflect.TypeFor[T]().Name()
	try(t, root, name)
	vary(v, name, func(at string) { try(t, root, at) })
	fill(v)
	try(t, root, name+" with everything")
}

func vary(v reflect.Value, at string, try func(at string)) {
	switch {
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		for i := range v.NumField() {
			vary(v.Field(i), at+"."+v.Type().Field(i).Name, try)
		}
		return
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		try(at + ", of zero")
		vary(v.Elem(), at, try)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		try(at + "[]")
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		try(at + "[0, 0]")
		vary(v.Index(1), at+"[1]", try)
	case v.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		try(at + "{}")
		fill(v)
		try(at)
	default:
		fill(v)
		try(at)
	}
	v.SetZero()
}

func TestEncodeTimes(t *testing.T) {
	t.Parallel()
	helsinki, odd := time.FixedZone("", 3*60*60), time.FixedZone("", -(24*60*60+30))
	var claims []Claim
	for _, ends := range []time.Time{
		{}, written, written.Add(-written.Sub(time.Unix(1, 0))).UTC(), time.Unix(0, 0).UTC(), time.Unix(-1, 0).UTC(), time.Unix(-86401, 0).UTC(),
		written.Add(17*time.Hour + 49*time.Minute + 59*time.Second), written.Add(17*time.Hour + 50*time.Minute),
		written.Add(time.Nanosecond), written.Add(120 * time.Millisecond), written.In(helsinki), written.Add(18 * time.Hour).In(helsinki), written,
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), written.AddDate(100, 0, 0),
	} {
		claims = append(claims, Claim{Ends: ends})
	}
	sameDecision(t, &Decision{Claims: claims, RetryAt: &written, AcceptedAt: &time.Time{}}, "every kind of time")
	for _, bad := range []time.Time{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), written.In(odd)} {
		sameDecision(t, &Decision{DecidedAt: bad}, bad.String())
		sameDecision(t, &Decision{DecidedAt: written}, "a good time after a bad one")
		if got, err := EncodeDecision(&Decision{DecidedAt: bad}, written); err == nil {
			t.Errorf("got %s, want an error", got)
		}
	}
}

func TestEncodeFloats(t *testing.T) {
	t.Parallel()
	for _, f := range []float64{
		0, math.Copysign(0, -1), 1, -1, 60.1687, -180, 1.0 / 3, 1e-6, 9.99e-7, -1e-7, 1e-9, 1e-10, 5e-324, 1e20, 1e21, -1e21, 1e22, 123456789e15,
		math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1),
	} {
		sameBody(t, &Body{Site: Site{Geo: Geo{Latitude: f, Longitude: -f}}}, "float")
	}
}

func TestEncodeText(t *testing.T) {
	t.Parallel()
	texts := []string{"<&>'", "\x7f", "\u2028\u2029", "\ufffd", "\U0001F600", strings.Repeat("x", 1<<16), `"`, `\`, "\xff", "a\xc3", "\xed\xa0\x80"}
	for c := range byte(' ') {
		texts = append(texts, "a"+string(rune(c))+"b")
	}
	for _, s := range texts {
		sameDecision(t, &Decision{Region: s, ReasonCounts: map[string]int{s: -1, "z": 0, "": 2}, Excluded: []string{"", s}}, s)
		sameDispatch(t, &Dispatch{DispatchID: s, OrderID: s, Channel: s}, s)
	}
	for _, d := range []*Decision{{Region: "\xff"}, {OrderID: "\xff"}, {ReasonCounts: map[string]int{"\xff": 1}}, {Trace: Trace{Parent: "\xff"}}} {
		if got, err := EncodeDecision(d, written); err == nil {
			t.Errorf("got %s, want an error", got)
		}
	}
}
