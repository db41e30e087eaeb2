package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// bench is a NATS server with its streams and no router: what is put back
// stays as it is.
type bench struct {
	t    *testing.T
	conn *stream.Conn
	url  string
}

func newBench(t *testing.T, settings stream.Settings) *bench {
	t.Helper()
	srv, err := embedded.NATS(embedded.NATSOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Shutdown)
	conn, err := stream.Connect(t.Context(), stream.Options{URL: srv.URL(), Name: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	if err := conn.Ensure(t.Context(), settings); err != nil {
		t.Fatal(err)
	}
	return &bench{t, conn, srv.URL()}
}

// reject stores refused messages, one by one, for their order.
func (b *bench) reject(refused ...event.Rejection) {
	b.t.Helper()
	for _, r := range refused {
		if err := b.conn.Rejects().Reject(b.t.Context(), []event.Rejection{r}); err != nil {
			b.t.Fatal(err)
		}
	}
}

// publish stores a message.
func (b *bench) publish(subject string, data []byte) {
	b.t.Helper()
	p := b.conn.Publisher(func(_ stream.Outgoing, o stream.Outcome) {
		if o.Err != nil {
			b.t.Error(o.Err)
		}
	})
	if err := p.Send(b.t.Context(), stream.Outgoing{Subject: subject, Data: data}); err != nil {
		b.t.Fatal(err)
	}
	if err := p.Flush(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// stored is all that stands on a stream.
func (b *bench) stored(name string) (found []string) {
	b.t.Helper()
	err := b.conn.Read(b.t.Context(), name, 1, 0, func(_ uint64, subject string, data []byte) error {
		found = append(found, subject+" "+string(data))
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}

// rejected runs a command and wants its exit code.
func (b *bench) rejected(code int, args ...string) (stdout, stderr string) {
	b.t.Helper()
	var out, errs bytes.Buffer
	args = append(append([]string{"rejected"}, args...), "--nats", b.url)
	if got := run(b.t.Context(), args, strings.NewReader(""), &out, &errs); got != code {
		b.t.Errorf("%v: exit code: got %d, want %d\n%s%s", args, got, code, &out, &errs)
	}
	return out.String(), errs.String()
}

func wantText(t *testing.T, got, want string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func cancelled(order string, seq uint64) event.Rejection {
	return event.Rejection{Channel: "web", Reason: event.CodeCancellationUnsupported, Subject: event.CancelledSubject("web"),
		Sequence: seq, Data: []byte(`{"orderId":"` + order + `"}`)}
}

func TestRequeue(t *testing.T) {
	t.Parallel()
	b := newBench(t, stream.Settings{})
	report := event.ReportSubject("pyora", event.Failed)
	b.reject(
		cancelled("1", 11),
		event.Rejection{Channel: "w.b", Reason: event.CodeCancellationUnsupported, Subject: event.CancelledSubject("w.b"), Sequence: 12, Data: []byte("\xff\r\n")},
		event.Rejection{Stream: event.StreamCourier, Channel: "web", Reason: event.CodeUnknownOrder, Subject: report, Sequence: 1, Data: []byte("{}")},
		event.Rejection{Channel: "web", Reason: event.CodeNotJSON, Subject: event.PlacedSubject("web"), Sequence: 13}, // no bytes at all
		event.Rejection{Reason: event.CodeBadSubject, Subject: "decision.v1.web.1", Sequence: 14, Data: []byte("{}")},
	)
	const reason = event.CodeCancellationUnsupported

	stdout, stderr := b.rejected(exitOK, "requeue", "--reason", reason, "--dry-run")
	wantText(t, stdout, "1 to be requeued onto orders.v1.web.cancelled, 15 bytes\n2 to be requeued onto orders.v1.w%2Eb.cancelled, 3 bytes\n")
	wantText(t, stderr, "2 to be requeued\n")
	if got := b.stored(event.StreamOrders); len(got) > 0 {
		t.Errorf("dry run stored %q", got)
	}

	stdout, _ = b.rejected(exitOK, "requeue", "--reason", reason, "--channel", "web")
	wantText(t, stdout, "1 requeued onto orders.v1.web.cancelled at 1\n")
	stdout, stderr = b.rejected(exitOK, "requeue", "--reason", reason)
	wantText(t, stdout, "1 requeued before onto orders.v1.web.cancelled at 1\n2 requeued onto orders.v1.w%2Eb.cancelled at 2\n")
	wantText(t, stderr, "1 requeued, 1 requeued before\n")

	// Each once and in their order; what cannot be put back stops no other.
	stdout, stderr = b.rejected(exitData, "requeue", "9", "5", "3", "4", "3", "1")
	wantText(t, stdout, `1 requeued before onto orders.v1.web.cancelled at 1
3 requeued onto courier.v1.pyora.failed at 1
4 requeued onto orders.v1.web.placed at 3
5 not requeued: nothing is ever taken from the subject that it came on, decision.v1.web.1
9 not requeued: REJECTED has no such message
`)
	wantText(t, stderr, "2 requeued, 1 requeued before, 2 not requeued\n")

	// That these are known is no server's doing: nothing is sent.
	stdout, _ = b.rejected(exitOK, "requeue", "--dry-run", "3", "4")
	wantText(t, stdout, "3 requeued before onto courier.v1.pyora.failed at 1\n4 requeued before onto orders.v1.web.placed at 3\n")

	if diff := cmp.Diff([]string{
		"orders.v1.web.cancelled " + `{"orderId":"1"}`, "orders.v1.w%2Eb.cancelled \xff\r\n", "orders.v1.web.placed ",
	}, b.stored(event.StreamOrders)); diff != "" {
		t.Errorf("ORDERS (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{report + " {}"}, b.stored(event.StreamCourier)); diff != "" {
		t.Errorf("COURIER (-want +got):\n%s", diff)
	}
	if got := b.stored(event.StreamDispatch); len(got) > 0 {
		t.Errorf("DISPATCH: got %q, want nothing", got)
	}
}

// Two that put back the same at once put back every message, also where one has
// the bytes of another; what both put back is a repeat to the router.
func TestRequeueAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, stream.Settings{})
	const n = 50
	for i := range uint64(n) {
		b.reject(cancelled("1", i+1))
	}
	var outs [2]string
	var both sync.WaitGroup
	for i := range outs {
		both.Go(func() { outs[i], _ = b.rejected(exitOK, "requeue", "--reason", event.CodeCancellationUnsupported) })
	}
	both.Wait()
	all := outs[0] + outs[1]
	put, before := strings.Count(all, " requeued onto "), strings.Count(all, " requeued before onto ")
	if put < n || put+before != 2*n {
		t.Errorf("got %d requeued and %d requeued before, want each message requeued", put, before)
	}
	if got := len(b.stored(event.StreamOrders)); got != put {
		t.Errorf("ORDERS: got %d messages, want the %d that were requeued", got, put)
	}
	again, _ := b.rejected(exitOK, "requeue", "--reason", event.CodeCancellationUnsupported)
	if got := strings.Count(again, " requeued before onto "); got != n {
		t.Errorf("a third time: got %d requeued before, want %d:\n%s", got, n, again)
	}
}

// A stream that takes no more is no fault of the message.
func TestRequeueFull(t *testing.T) {
	t.Parallel()
	b := newBench(t, stream.Settings{OrdersBytes: 64 << 10})
	for i := range uint64(3) {
		r := cancelled("1", i+1)
		r.Data = make([]byte, 40<<10)
		b.reject(r)
	}
	stdout, stderr := b.rejected(exitUnavailable, "requeue", "--reason", event.CodeCancellationUnsupported)
	wantText(t, stdout, "1 requeued onto orders.v1.web.cancelled at 1\n")
	if !strings.HasPrefix(stderr, "1 requeued, 2 not requeued\nnearlane: requeue 2 and on: journal: stream full") {
		t.Errorf("stderr: got %q", stderr)
	}
}

// Of a large message only the beginning is kept, so it takes the original.
func TestRequeueLarge(t *testing.T) {
	t.Parallel()
	b := newBench(t, stream.Settings{})
	large := bytes.Repeat([]byte("x"), event.MaxOrderBytes+1)
	subject := event.PlacedSubject("web")
	b.publish(subject, large)
	r := event.Rejection{Channel: "web", Reason: event.CodeTooLarge, Subject: subject, Sequence: 1, Data: large}
	gone := r
	gone.Sequence = 99
	b.reject(r, gone)

	stdout, _ := b.rejected(exitOK, "show", "1", "--raw")
	if stdout != string(large) {
		t.Errorf("show --raw: got %d bytes, want all %d", len(stdout), len(large))
	}
	stdout, stderr := b.rejected(exitData, "show", "2", "--raw")
	wantText(t, stdout, "")
	wantText(t, stderr, "nearlane: message at 2: only its beginning is kept, 65536 of 262145 bytes, and ORDERS does not have the whole at 99 any more\n")
	stdout, _ = b.rejected(exitData, "show", "2")
	if body := "\n\n" + strings.Repeat("x", 64<<10) + "\n"; !strings.HasSuffix(stdout, body) {
		t.Errorf("show: got %d bytes, want the headers and what is kept", len(stdout))
	}
	stdout, _ = b.rejected(exitOK, "ls", "--json")
	if n := strings.Count(stdout, `"size":`+strconv.Itoa(len(large))); n != 2 {
		t.Errorf("ls: got %d messages of their whole size, want 2: %s", n, stdout)
	}

	stdout, _ = b.rejected(exitData, "requeue", "--reason", event.CodeTooLarge)
	wantText(t, stdout, `1 requeued onto orders.v1.web.placed at 2
2 not requeued: only its beginning is kept, 65536 of 262145 bytes, and ORDERS does not have the whole at 99 any more
`)
	whole := subject + " " + string(large)
	if got := b.stored(event.StreamOrders); len(got) != 2 || got[1] != whole {
		t.Errorf("ORDERS: got %d messages, want the large one twice", len(got))
	}
}

func TestRejectedLs(t *testing.T) {
	t.Parallel()
	b := newBench(t, stream.Settings{})
	stdout, _ := b.rejected(exitOK, "ls")
	wantText(t, stdout, "refused  0\n")
	stdout, _ = b.rejected(exitOK, "ls", "--json")
	wantText(t, stdout, `{"messages":[],"reasons":{}}`+"\n")

	b.reject(
		cancelled("1", 11),
		event.Rejection{Channel: "\x1b[2J", Reason: event.CodeOutOfRange, Pointer: "/shipTo/geo/latitude", Detail: "91",
			Subject: event.PlacedSubject("\x1b[2J"), Sequence: 12, Data: []byte("{}")},
		event.Rejection{Reason: event.CodeBadSubject, Subject: "orders.v1.%zz.placed", Sequence: 13, Data: []byte("{}")},
		cancelled("2", 14),
	)
	stdout, _ = b.rejected(exitOK, "ls")
	var got []string
	for line := range strings.Lines(stdout) {
		f := strings.Fields(line)
		if len(f) == 7 {
			f[1] = "time"
		}
		got = append(got, strings.Join(f, " "))
	}
	if diff := cmp.Diff([]string{
		"sequence time channel reason pointer subject bytes",
		"1 time web cancellation_unsupported - orders.v1.web.cancelled 15",
		"2 time \\u001b[2J out_of_range /shipTo/geo/latitude orders.v1.%1B[2J.placed 2",
		"3 time - bad_subject - orders.v1.%zz.placed 2",
		"4 time web cancellation_unsupported - orders.v1.web.cancelled 15",
		"",
		"refused 4", "bad_subject 1", "cancellation_unsupported 2", "out_of_range 1",
	}, got); diff != "" {
		t.Errorf("ls (-want +got):\n%s", diff)
	}
	if strings.Contains(stdout, "\x1b") {
		t.Errorf("ls steers the terminal: %q", stdout)
	}

	stdout, _ = b.rejected(exitOK, "ls", "--channel", "web", "--json")
	var list struct {
		Messages []map[string]any
		Reasons  map[string]int
	}
	if err := json.Unmarshal([]byte(stdout), &list); err != nil {
		t.Fatal(err)
	}
	for _, m := range list.Messages {
		delete(m, "storedAt")
	}
	message := func(place, seq float64) map[string]any {
		return map[string]any{"rejectedSequence": place, "channel": "web", "reason": "cancellation_unsupported", "pointer": "", "detail": "",
			"stream": "ORDERS", "subject": "orders.v1.web.cancelled", "sequence": seq, "size": 15.0}
	}
	if diff := cmp.Diff([]map[string]any{message(1, 11), message(4, 14)}, list.Messages); diff != "" {
		t.Errorf("ls --json (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"cancellation_unsupported": 2}, list.Reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestRejectedShow(t *testing.T) {
	t.Parallel()
	b := newBench(t, stream.Settings{})
	data := "{\"a\":\t\x00\xff}\r\n"
	b.reject(event.Rejection{Channel: "web", Reason: event.CodeNotJSON, Pointer: "/a", Subject: event.PlacedSubject("web"), Sequence: 11, Data: []byte(data)})
	stdout, _ := b.rejected(exitOK, "show", "--raw", "1")
	wantText(t, stdout, data)
	stdout, _ = b.rejected(exitOK, "show", "1")
	head, body, _ := strings.Cut(stdout, "\n\n")
	wantText(t, body, data)
	for _, line := range []string{"Sequence: 1", "Bytes: 11", "Nearlane-Reason: not_json", "Nearlane-Pointer: /a",
		"Nearlane-Stream: ORDERS", "Nearlane-Subject: orders.v1.web.placed", "Nearlane-Sequence: 11"} {
		if !strings.Contains("\n"+head+"\n", "\n"+line+"\n") {
			t.Errorf("no line %q in:\n%s", line, head)
		}
	}
	_, stderr := b.rejected(exitData, "show", "2")
	wantText(t, stderr, "nearlane: REJECTED has no message at 2\n")
}
