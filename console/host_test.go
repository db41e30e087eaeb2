package console

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// A page whose name has come to mean the router's address reads nothing, by
// whatever path; probes and Prometheus come by any name.
func TestHosts(t *testing.T) {
	t.Parallel()
	arrived := &net.TCPAddr{IP: net.ParseIP("10.0.0.5"), Port: 8480}
	for listen, hosts := range map[string]map[string]bool{
		"0.0.0.0:8480": {
			"localhost": true, "LOCALHOST:9000": true, "localhost.": true, "127.0.0.1:8480": true, "127.0.0.2": true, "[::1]:8480": true, "[::1]": true,
			"10.0.0.5:8480": true, "[::ffff:10.0.0.5]:8480": true, "10.0.0.6:8480": false, "": false, ":8480": false,
			"router.example": true, "Router.Example:80": true, "router.example.": true, "[fd00::1]:8480": true,
			"evil.example": false, "evil.example:8480": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false,
			"router.example.evil.example": false, "router.example@evil.example": false, "evil.example:router.example": false,
		},
		":8480":              {"": false, ":8480": false, "evil.example": false, "localhost": true, "10.0.0.5": true},
		"router.lan:8480":    {"router.lan:8480": true, "evil.lan:8480": false},
		"192.168.1.4:8480":   {"192.168.1.4": true, "192.168.1.5": false},
		"[2001:db8::1]:8480": {"[2001:db8:0::1]:8480": true, "[2001:db8::2]:8480": false},
	} {
		for host, want := range hosts {
			console := New(prometheus.NewRegistry(), nil, listen, "router.example", "fd00::1")
			console.Live(Live{Config: func() any { return "secret" }})
			ask := func(method, path string) *httptest.ResponseRecorder {
				r := httptest.NewRequest(method, path, nil)
				r.Host = host
				recorder := httptest.NewRecorder()
				console.server.Handler.ServeHTTP(recorder, r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, arrived)))
				return recorder
			}
			for _, path := range []string{"/v1/config", "/", "/v1/other", "/healthz/../v1/config"} {
				got := ask(http.MethodGet, path)
				if refused := got.Code == http.StatusMisdirectedRequest; refused == want {
					t.Errorf("listen on %s, %s of %q: got %d, want it answered: %t", listen, path, host, got.Code, want)
				}
				if !want && (strings.Contains(got.Body.String(), "secret") || !strings.Contains(got.Body.String(), "http.hosts")) {
					t.Errorf("%s of %q: got %s", path, host, got.Body)
				}
			}
			if got := ask(http.MethodPost, "/v1/reload"); !want && got.Code != http.StatusMisdirectedRequest {
				t.Errorf("POST of %q: got %d", host, got.Code)
			}
			for _, path := range open {
				if got := ask(http.MethodGet, path); got.Code != http.StatusOK {
					t.Errorf("%s of %q: got %d", path, host, got.Code)
				}
			}
		}
	}
}

// A page elsewhere asks nothing that changes something, by whatever path.
func TestOrigins(t *testing.T) {
	t.Parallel()
	console := New(prometheus.NewRegistry(), nil)
	console.mux.HandleFunc("POST /v1/other", func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r := httptest.NewRequest(http.MethodPost, "http://localhost:8480/v1/other", nil)
		r.Header.Set(name, value)
		recorder := httptest.NewRecorder()
		console.server.Handler.ServeHTTP(recorder, r)
		if recorder.Code != http.StatusForbidden {
			t.Errorf("%s: got %d, want 403", name, recorder.Code)
		}
	}
}
