package ledger

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Nodes disagree right after a failover, and all of them name the same current
// epoch: only the master's own configuration tells who is right.
func TestShapeBelievesTheLatestConfiguration(t *testing.T) {
	t.Parallel()
	const (
		a = "aaa 127.0.0.1:7000@17000 "
		b = "bbb 127.0.0.1:7001@17001,b.example "
		r = "ccc :7002@17002 "
	)
	before := a + "master - 0 0 1 connected 0-8191 [5->-bbb]\n" + b + "myself,master - 0 0 2 connected 8192-16382 16383\n" + r + "slave aaa 0 0 1 connected\n"
	after := a + "master,fail - 0 0 1 connected\n" + b + "master - 0 0 2 connected 8192-16383\n" + r + "myself,master - 0 0 3 connected 0-8191\n" +
		"ddd :0@0 handshake - 0 0 0 disconnected\n"
	want := []keeping{{0, 8191, "10.0.0.1:7002"}, {8192, 16383, "127.0.0.1:7001"}}
	for name, said := range map[string][]string{"old view first": {before, after}, "old view last": {after, before}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := new(shape)
			for _, nodes := range said {
				if err := s.add(nodes, "10.0.0.1"); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, s.spans(), cmp.AllowUnexported(keeping{})); diff != "" {
				t.Errorf("who keeps what (-want +got):\n%s", diff)
			}
			if len(s.known) != 3 {
				t.Errorf("known: got %v, want the 3 that can be dialled", s.known)
			}
		})
	}
}

func TestShapeRefusesWhatIsNotOne(t *testing.T) {
	t.Parallel()
	for _, nodes := range []string{"ERR", "a 127.0.0.1:1@2 master - 0 0 x connected 1", "a 127.0.0.1:1@2 master - 0 0 1 connected 16384",
		"a 127.0.0.1:1@2 master - 0 0 1 connected 1-", "a 127.0.0.1:1@2 master - 0 0 1 connected -1-3"} {
		if err := new(shape).add(nodes, "h"); err == nil || !strings.Contains(err.Error(), "CLUSTER NODES") {
			t.Errorf("%q: got error %v, want one that names CLUSTER NODES", nodes, err)
		}
	}
}
