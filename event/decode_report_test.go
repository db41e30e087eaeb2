package event_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

const rejected = "courier.v1.pyora.rejected"

// fullReport is testdata/report.json, published on rejected.
func fullReport() *event.Report {
	return &event.Report{
		DispatchID: "5d6f9c0e6c9b8c1d8c0d3f0f8f6d2b1a",
		Channel:    "webshop",
		OrderID:    "W00001",
		At:         hour(6, 12),
		Reason:     "vehicle_not_available",
		Note:       "the bike has a flat tyre",
		Courier:    "pyora",
		Status:     event.Rejected,
	}
}

func TestDecodeReport(t *testing.T) {
	t.Parallel()
	plain := string(testdata(t, "report.json"))
	pickedUp := fullReport()
	pickedUp.Reason, pickedUp.Note, pickedUp.Status = "", "", event.PickedUp
	elsewhere := fullReport()
	elsewhere.Courier = "py.ora"
	for name, c := range map[string]struct {
		subject, in string
		want        *event.Report
	}{
		"plain":         {rejected, plain, fullReport()},
		"cloud event":   {"courier.v1.pyora.picked_up", string(testdata(t, "report_cloudevent.json")), pickedUp},
		"another zone":  {rejected, strings.Replace(plain, "06:12:00Z", "09:12:00+03:00", 1), fullReport()},
		"other members": {rejected, strings.Replace(plain, "{", `{"status":"accepted","courier":"x","data":[],`, 1), fullReport()},
		"encoded":       {"courier.v1.py%2Eora.rejected", plain, elsewhere},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, refusal := event.DecodeReport(c.subject, []byte(c.in), now)
			if refusal != nil {
				t.Fatalf("got %v", refusal)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if got.At.Location() != time.UTC {
				t.Errorf("got at in %v, want UTC", got.At.Location())
			}
			if want := (event.Key{Channel: "webshop", Order: "W00001"}); got.Key() != want {
				t.Errorf("got key %v, want %v", got.Key(), want)
			}
		})
	}
}

// Every status has a subject and a type, and no type does for another status.
func TestDecodeReportStatuses(t *testing.T) {
	t.Parallel()
	plain := testdata(t, "report.json")
	for _, status := range event.ReportStatuses() {
		subject := event.ReportSubject("pyora", status)
		for _, typ := range event.ReportStatuses() {
			in := fmt.Sprintf(`{"specversion":"1.0","type":%q,"data":%s}`, typ.Type(), plain)
			got, refusal := event.DecodeReport(subject, []byte(in), now)
			if typ != status {
				checkRefusal(t, in, got != nil, refusal, event.CodeWrongEventType, "/type")
			} else if refusal != nil || got.Status != status {
				t.Errorf("%s: got %+v, %v", subject, got, refusal)
			}
		}
	}
}

func TestDecodeReportRefuses(t *testing.T) {
	t.Parallel()
	plain := string(testdata(t, "report.json"))
	with := func(old, new string) string {
		t.Helper()
		if strings.Count(plain, old) != 1 {
			t.Fatalf("%q occurs %d times in %s", old, strings.Count(plain, old), plain)
		}
		return strings.Replace(plain, old, new, 1)
	}
	const dispatch = `"5d6f9c0e6c9b8c1d8c0d3f0f8f6d2b1a"`
	for _, c := range []struct{ subject, in, code, pointer string }{
		{"", plain, event.CodeBadSubject, ``},
		{"courier.v1.pyora", plain, event.CodeBadSubject, ``},
		{"courier.v1.%2e.accepted", plain, event.CodeBadSubject, ``},
		{"orders.v1.webshop.placed", plain, event.CodeBadSubject, ``},
		{"courier.v1.pyora.lost", plain, event.CodeUnknownStatus, ``},
		{"courier.v1.pyora.ACCEPTED", plain, event.CodeUnknownStatus, ``},
		{"courier.v1.pyora.", plain, event.CodeUnknownStatus, ``},

		{rejected, ``, event.CodeNotJSON, ``},
		{rejected, `{"at":`, event.CodeNotJSON, `/at`},
		{rejected, with("flat", "\xff"), event.CodeInvalidUTF8, `/note`},
		{rejected, with(`{`, `{"at":"2026-08-04T06:12:00Z",`), event.CodeDuplicateKey, `/at`},
		{rejected, `[]`, event.CodeWrongValueType, ``},
		{rejected, with(dispatch, `7`), event.CodeWrongValueType, `/dispatchId`},
		{rejected, with(`"vehicle_not_available"`, `["x"]`), event.CodeWrongValueType, `/reason`},
		{rejected, with(`"2026-08-04T06:12:00Z"`, `1785823920`), event.CodeWrongValueType, `/at`},

		{rejected, `null`, event.CodeMissingField, `/dispatchId`},
		{rejected, `{}`, event.CodeMissingField, `/dispatchId`},
		{rejected, with(dispatch, `null`), event.CodeMissingField, `/dispatchId`},
		{rejected, with(`"channel"`, `"chan"`), event.CodeMissingField, `/channel`},
		{rejected, with(`"orderId"`, `"order"`), event.CodeMissingField, `/orderId`},
		{rejected, with(`"at"`, `"when"`), event.CodeMissingField, `/at`},
		{rejected, with(dispatch, `""`), event.CodeBadID, `/dispatchId`},
		{rejected, with(`"webshop"`, `""`), event.CodeBadID, `/channel`},
		{rejected, with(`"W00001"`, `"`+strings.Repeat("x", 129)+`"`), event.CodeBadID, `/orderId`},

		{rejected, with(`"2026-08-04T06:12:00Z"`, `"noon"`), event.CodeBadValue, `/at`},
		{rejected, with(`2026-08-04`, `1969-08-04`), event.CodeOutOfRange, `/at`},
		{rejected, with(`06:12:00Z`, `06:15:01Z`), event.CodeReportInFuture, `/at`},
		{rejected, with(`2026-08-04T06:12:00Z`, `2026-05-26T06:09:59Z`), event.CodeTooOld, `/at`},
		{rejected, with(`2026-08-04T06:12:00Z`, `1970-01-01T00:00:00Z`), event.CodeTooOld, `/at`},
		{rejected, with(`vehicle_not_available`, strings.Repeat("x", event.MaxReason+1)), event.CodeOutOfRange, `/reason`},
		{rejected, with(`flat`, strings.Repeat("x", event.MaxNote)), event.CodeOutOfRange, `/note`},
		{rejected, with(`flat`, strings.Repeat("x", event.MaxOrderBytes)), event.CodeTooLarge, ``},

		{rejected, `{"specversion":"1.0","type":"dev.nearlane.order.cancelled.v1","data":` + plain + `}`, event.CodeWrongEventType, `/type`},
		{rejected, `{"specversion":"1.0","type":"dev.nearlane.courier.rejected.v1"}`, event.CodeMissingField, `/data`},
		{rejected, `{"specversion":"1.0","type":"dev.nearlane.courier.rejected.v1","data":{}}`, event.CodeMissingField, `/data/dispatchId`},
	} {
		got, refusal := event.DecodeReport(c.subject, []byte(c.in), now)
		checkRefusal(t, c.subject+" "+c.in, got != nil, refusal, c.code, c.pointer)
	}
}

func TestDecodeReportBounds(t *testing.T) {
	t.Parallel()
	in := fmt.Sprintf(`{"dispatchId":"d","channel":"webshop","orderId":"1","at":"2026-08-04T06:15:00Z","reason":%q,"note":%q}`,
		strings.Repeat("x", event.MaxReason), strings.Repeat("y", event.MaxNote))
	if _, refusal := event.DecodeReport(rejected, []byte(in), now); refusal != nil {
		t.Error(refusal)
	}
}

func TestReasonCode(t *testing.T) {
	t.Parallel()
	for _, reason := range event.ReportReasons() {
		if got := (&event.Report{Reason: strings.ToUpper(reason)}).ReasonCode(); got != reason {
			t.Errorf("got %q, want %q", got, reason)
		}
	}
	for in, want := range map[string]string{
		"":                                     event.ReasonOther,
		"no_fuel_2":                            "no_fuel_2",
		"Äiti Öberg is not home":               event.ReasonOther,
		"vehicle-not-available":                event.ReasonOther,
		strings.Repeat("x", event.MaxReason+1): event.ReasonOther,
	} {
		if got := (&event.Report{Reason: in}).ReasonCode(); got != want {
			t.Errorf("report %q: got %q, want %q", in, got, want)
		}
		if got := (&event.Cancellation{Reason: in}).ReasonCode(); got != want {
			t.Errorf("cancellation %q: got %q, want %q", in, got, want)
		}
	}
}

// FuzzDecodeReport holds DecodeReport to a report or a refusal, never both,
// and to reports that are about an order and a dispatch that can exist.
func FuzzDecodeReport(f *testing.F) {
	f.Add(rejected, testdata(f, "report.json"))
	f.Add("courier.v1.pyora.picked_up", testdata(f, "report_cloudevent.json"))
	f.Add("courier.v1.%.lost", []byte(`{"dispatchId":"d"}`))
	f.Fuzz(func(t *testing.T, subject string, data []byte) {
		r, refusal := event.DecodeReport(subject, data, now)
		if (r == nil) == (refusal == nil) {
			t.Fatalf("got %v and %v", r, refusal)
		}
		if refusal != nil {
			if refusal.Code == "" || (refusal.Pointer != "" && refusal.Pointer[0] != '/') {
				t.Fatalf("got %+v", refusal)
			}
			return
		}
		if got := event.ReportSubject(r.Courier, r.Status); got != subject {
			t.Fatalf("subject %q comes back as %q", subject, got)
		}
		if k, err := event.ParseKey(r.Key().String()); err != nil || k != r.Key() {
			t.Fatalf("key %+v comes back as %+v, %v", r.Key(), k, err)
		}
	})
}
