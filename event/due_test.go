package event

import "testing"

func TestDueRoundTrip(t *testing.T) {
	t.Parallel()
	want := Due{Channel: "web shop", OrderID: "a/b", DispatchID: "d1"}
	data, err := EncodeDue(&want)
	if err != nil {
		t.Fatal(err)
	}
	got, refusal := DecodeDue(data)
	if refusal != nil || *got != want {
		t.Errorf("got %+v, %v, want %+v", got, refusal, want)
	}
}

func TestDueRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ data, code, pointer string }{
		{`{`, CodeNotJSON, ""},
		{`{"channel":"c"}`, CodeBadID, "/orderId"},
		{`{"orderId":"o"}`, CodeBadID, "/channel"},
	} {
		_, refusal := DecodeDue([]byte(c.data))
		if refusal == nil || refusal.Code != c.code || refusal.Pointer != c.pointer {
			t.Errorf("%s: got %v, want %s at %q", c.data, refusal, c.code, c.pointer)
		}
	}
}
