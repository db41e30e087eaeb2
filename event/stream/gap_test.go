package stream_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event/stream"
)

func TestWithout(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ gaps, known, want []stream.Gap }{
		{nil, nil, nil},
		{[]stream.Gap{{3, 9}}, nil, []stream.Gap{{3, 9}}},
		{[]stream.Gap{{3, 9}}, []stream.Gap{{1, 2}, {10, 12}}, []stream.Gap{{3, 9}}},
		{[]stream.Gap{{3, 9}}, []stream.Gap{{3, 9}}, nil},
		{[]stream.Gap{{3, 9}}, []stream.Gap{{1, 20}}, nil},
		{[]stream.Gap{{3, 9}}, []stream.Gap{{8, 9}, {3, 4}}, []stream.Gap{{5, 7}}},
		{[]stream.Gap{{3, 9}, {12, 12}}, []stream.Gap{{5, 5}}, []stream.Gap{{3, 4}, {6, 9}, {12, 12}}},
		{[]stream.Gap{{3, 9}}, []stream.Gap{{4, 6}, {5, 8}}, []stream.Gap{{3, 3}, {9, 9}}},
	} {
		if diff := cmp.Diff(stream.Without(tt.gaps, tt.known), tt.want); diff != "" {
			t.Errorf("%v without %v (-got +want):\n%s", tt.gaps, tt.known, diff)
		}
	}
	if got := stream.Missing([]stream.Gap{{3, 9}, {12, 12}}); got != 8 {
		t.Errorf("missing: got %d, want 8", got)
	}
}
