package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTree(t *testing.T) {
	t.Parallel()
	root := &branch{text: "root"}
	first := root.add("first %d", 1)
	first.add("below")
	first.add("%s", strings.Repeat("ä ", 60))
	root.add("%s", strings.Repeat("long ", 17)).add("leaf")
	root.add("%s", "https://"+strings.Repeat("x", 90))
	var out strings.Builder
	if err := root.print(&out); err != nil {
		t.Fatal(err)
	}
	want := `root
├─ first 1
│  ├─ below
│  └─ ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä
│       ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä
├─ long long long long long long long long long long long long long long long
│  │ long long
│  └─ leaf
└─ https://` + strings.Repeat("x", 90) + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
}
