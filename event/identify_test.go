package event_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

func TestIdentify(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		in   string
		want event.Key
		code string
		at   string
	}{
		"plain":                {in: `{"orderId":"1","channel":"web"}`, want: event.Key{Channel: "web", Order: "1"}},
		"without a channel":    {in: `{"orderId":"1"}`, want: event.Key{Order: "1"}},
		"null channel":         {in: `{"orderId":"1","channel":null}`, want: event.Key{Order: "1"}},
		"wrong elsewhere":      {in: `{"orderId":"a/b c","channel":"w.b","placedAt":7,"lines":"none"}`, want: event.Key{Channel: "w.b", Order: "a/b c"}},
		"duplicate key":        {in: `{"orderId":"1","orderId":"2","channel":"web"}`, want: event.Key{Channel: "web", Order: "2"}},
		"invalid UTF-8":        {in: "{\"orderId\":\"1\",\"channel\":\"web\",\"brand\":\"\xff\"}", want: event.Key{Channel: "web", Order: "1"}},
		"cloud event":          {in: `{"specversion":"1.0","type":"x","data":{"orderId":"1","channel":"web"}}`, want: event.Key{Channel: "web", Order: "1"}},
		"data of a plain one":  {in: `{"orderId":"1","channel":"web","data":{"orderId":"2"}}`, want: event.Key{Channel: "web", Order: "1"}},
		"empty":                {in: ``, code: event.CodeNotJSON},
		"text":                 {in: `order 1`, code: event.CodeNotJSON},
		"two":                  {in: `{"orderId":"1"} {"orderId":"2"}`, code: event.CodeNotJSON},
		"a list":               {in: `[1]`, code: event.CodeWrongValueType},
		"no id":                {in: `{"channel":"web"}`, code: event.CodeMissingField, at: "/orderId"},
		"null id":              {in: `{"orderId":null}`, code: event.CodeMissingField, at: "/orderId"},
		"a number":             {in: `{"orderId":1}`, code: event.CodeWrongValueType, at: "/orderId"},
		"empty id":             {in: `{"orderId":""}`, code: event.CodeBadID, at: "/orderId"},
		"cloud event, no id":   {in: `{"specversion":"1.0","data":{}}`, code: event.CodeMissingField, at: "/data/orderId"},
		"cloud event, no data": {in: `{"specversion":"1.0"}`, code: event.CodeMissingField, at: "/orderId"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, refusal := event.Identify([]byte(test.in))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("key (-want +got):\n%s", diff)
			}
			var code, at string
			if refusal != nil {
				code, at = refusal.Code, refusal.Pointer
			}
			if code != test.code || at != test.at {
				t.Errorf("refusal: got %q at %q, want %q at %q", code, at, test.code, test.at)
			}
		})
	}
}
