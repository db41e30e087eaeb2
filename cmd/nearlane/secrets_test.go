package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger/redistest"
)

// mark stands in every secret of the test; a letter behind it says which.
const mark = "s3cret"

// watched is an output that is looked at while it is written.
type watched struct {
	io.Writer
	seen chan string
}

func (w watched) Write(p []byte) (int, error) {
	w.seen <- string(p)
	return len(p), nil
}

// secretive is a config whose servers have a secret in each place that a URL can
// carry one.
func secretive(t *testing.T, nats, redis string) string {
	t.Helper()
	network, err := os.ReadFile("testdata/network.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(
		`nats: {listen: "127.0.0.1:4222"}`, fmt.Sprintf("nats: {url: %q}\nredis: {url: %q}\nsecrets: {orderDigest: %q}\n"+
			"geocoding: {http: {kind: photon, url: %q, userAgent: town}}", nats, redis, mark+"-digest-0123456789", "http://127.0.0.1:1/"+mark+"-path"),
		"127.0.0.1:8480", "127.0.0.1:0").Replace(string(network))
	file := filepath.Join(t.TempDir(), "nearlane.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func wantNoSecret(t *testing.T, what, text string) {
	t.Helper()
	if i := strings.Index(text, mark); i >= 0 {
		t.Errorf("%s tells a secret: %q", what, text[max(0, i-80):min(len(text), i+40)])
	}
}

// No secret of a URL leaves a router that runs: not by its log, its console, what
// it says of itself, or what it keeps, nor by the commands that look at it.
func TestNoSecretLeavesARouter(t *testing.T) {
	t.Parallel()
	nats, err := embedded.NATS(embedded.NATSOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nats.Shutdown)
	address := strings.TrimPrefix(nats.URL(), "nats://")
	urls := fmt.Sprintf("nats://%s-user:%s-password@%s/%s-path?key=%s-query#%s-end,nats://%s-token@%s", mark, mark, address, mark, mark, mark, mark, address)
	file := secretive(t, urls, redistest.Start(t).URL()+"/0?client_name="+mark+"-query")

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	log := watched{seen: make(chan string, 1000)}
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"run", "-c", file}, strings.NewReader(""), io.Discard, log) }()
	var lines, at string
	for at == "" {
		select {
		case line := <-log.seen:
			lines += line
			var start struct{ Msg, HTTP string }
			if json.Unmarshal([]byte(line), &start) == nil && start.Msg == "routing" {
				at = start.HTTP
			}
		case code := <-ended:
			t.Fatalf("the router has ended with %d: %s", code, lines)
		case <-time.After(time.Minute):
			t.Fatalf("the router does not start: %s", lines)
		}
	}
	response, err := http.Get(at + "/v1/config")
	if err != nil {
		t.Fatal(err)
	}
	served, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v", response.Status, err)
	}
	response.Body.Close()
	wantNoSecret(t, "/v1/config", string(served))
	with := []string{"-c", file, "--nats", urls}
	for _, args := range [][]string{
		append([]string{"doctor"}, with...), append([]string{"doctor", "--json"}, with...), append([]string{"audit"}, with...),
		append([]string{"config", "log", "--json"}, with...), append([]string{"explain", "--id", "web/1"}, with...), append([]string{"config", "push"}, with...),
		append([]string{"top", "--once", "--interval", "50ms", "--url", strings.Replace(at, "//", "//"+mark+"-user:"+mark+"@", 1) + "?key=" + mark}, with...),
		append([]string{"top", "--json", "--interval", "50ms", "--url", strings.Replace(at, "//", "//"+mark+"-user:"+mark+"@", 1)}, with...),
		{"reload", "--url", at, "--json"}, {"reload", "--url", at}, {"check", file}, {"check", file, "--format", "json"}, {"check", file, "--format", "sarif"}, {"diff", file, "testdata/network.yaml"},
	} {
		var out, errs bytes.Buffer
		run(t.Context(), args, strings.NewReader(""), &out, &errs)
		wantNoSecret(t, strings.Join(args[:2], " "), out.String()+errs.String())
	}
	wantNothingKept(t, nats.URL())
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the router ended with %d", code)
	}
	for len(log.seen) > 0 {
		lines += <-log.seen
	}
	wantNoSecret(t, "the log", lines)
}

// wantNothingKept looks at what a router says and keeps on NATS.
func wantNothingKept(t *testing.T, url string) {
	t.Helper()
	conn, err := stream.Connect(t.Context(), stream.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	present, err := conn.Presence().List(t.Context())
	if err != nil || len(present) == 0 {
		t.Fatalf("got %v, %v, want a router", present, err)
	}
	wantNoSecret(t, "PRESENCE", fmt.Sprintf("%+v", present))
	packed, found, err := conn.Config().Revision(t.Context(), present[0].Revision)
	if err != nil || !found {
		t.Fatalf("no archive of %s: %v", present[0].Revision, err)
	}
	bundle, err := gunzip(packed)
	if err != nil {
		t.Fatal(err)
	}
	wantNoSecret(t, "CONFIG", bundle)
}

// An error about a server tells no secret of its URL, whatever is wrong.
func TestErrorsTellNoSecret(t *testing.T) {
	t.Parallel()
	nobody := "127.0.0.1:1"
	redis := redistest.Start(t)
	redis.Do("CONFIG SET requirepass another")
	nats, err := embedded.NATS(embedded.NATSOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nats.Shutdown)
	var cases [][]string
	for _, server := range []string{nobody, "nowhere.invalid:4222", "127.0.0.1:x" + mark} {
		for _, url := range []string{
			"nats://" + mark + "-token@" + server, "nats://u:" + mark + "@" + server, mark + "-token@" + server, "tls://" + mark + ":x@" + server + "/" + mark + "?k=" + mark + "#" + mark,
			"nats://u:" + mark + "/x@" + server, "nats://" + mark + ",more@" + server, "nats://u:%zz" + mark + "@" + server, "ws://" + mark + "@" + server,
			"nats://a@" + server + ",nats://" + mark + "-token@" + server,
		} {
			cases = append(cases, []string{"tail", "--once", "--nats", url}, []string{"doctor", "-c", "testdata/network.yaml", "--nats", url})
		}
		if server == "nowhere.invalid:4222" {
			continue // a name takes its time not to be found
		}
		for _, url := range []string{
			"redis://" + mark + "-user:" + mark + "-password@" + server, "rediss://:" + mark + "@" + server + "/0", "redis://" + server + "/" + mark, "redis://" + server + "?db=" + mark,
			"redis://" + server + "?" + mark + "=1", "redis://:" + mark + "@" + server + ",redis://:" + mark + "@" + server, "redis://:" + mark + "%zz@" + server,
		} {
			file := secretive(t, nats.URL(), url)
			cases = append(cases, []string{"run", "-c", file}, []string{"doctor", "-c", file}, []string{"audit", "-c", file, "--repair"}, []string{"check", file})
		}
		url := "http://" + mark + "-user:" + mark + "@" + server + "/" + mark + "?key=" + mark
		cases = append(cases, []string{"reload", "--url", url}, []string{"healthcheck", "--url", url}, []string{"top", "-c", "testdata/network.yaml", "--once", "--json", "--url", url, "--nats", nats.URL()})
	}
	var all sync.WaitGroup
	defer all.Wait()
	for _, args := range append(cases, []string{"doctor", "-c", secretive(t, nats.URL(), "redis://"+mark+"-user:"+mark+"-password@127.0.0.1:"+redis.Port)}) {
		all.Go(func() {
			var out, errs bytes.Buffer
			if code := run(t.Context(), args, strings.NewReader(""), &out, &errs); code == exitOK && args[0] != "check" && args[0] != "top" {
				t.Errorf("%v: got exit code 0", args)
			}
			wantNoSecret(t, strings.Join(args, " "), out.String()+errs.String())
		})
	}
}

func gunzip(data []byte) (string, error) {
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(zip)
	return string(text), err
}
