package console

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestReload(t *testing.T) {
	t.Parallel()
	asked := 0
	answers := map[string]struct {
		taken bool
		err   error
	}{"taken": {true, nil}, "refused": {false, nil}, "busy": {false, errors.New("too long")}}
	for _, c := range []struct {
		name, method, from, answer string
		header                     [2]string
		want                       int
		asks                       bool
		body                       string
	}{
		{"by name", http.MethodPost, "127.0.0.1:5", "taken", [2]string{"Host", "localhost:8480"}, 200, true, `"taken"`},
		{"by IPv6", http.MethodPost, "[::1]:5", "taken", [2]string{"Host", "[::1]"}, 200, true, `"taken"`},
		{"by a name that was rebound", http.MethodPost, "127.0.0.1:5", "taken", [2]string{"Host", "router.example:8480"}, 421, false, "http.hosts"},
		{"by a name of the router's that is not loopback's", http.MethodPost, "127.0.0.1:5", "taken", [2]string{"Host", "router.internal:8480"}, 403, false, "loopback"},
		{"by a proxy that keeps quiet about whom", http.MethodPost, "127.0.0.1:5", "taken", [2]string{"X-Forwarded-For", ""}, 403, false, "SIGHUP"},
		{"by another kind of proxy", http.MethodPost, "127.0.0.1:5", "taken", [2]string{"Via", "1.1 edge"}, 403, false, "SIGHUP"},
		{"taken", http.MethodPost, "127.0.0.1:5", "taken", [2]string{}, 200, true, `"taken"`},
		{"IPv6", http.MethodPost, "[::1]:5", "taken", [2]string{}, 200, true, `"taken"`},
		{"refused", http.MethodPost, "127.0.0.1:5", "refused", [2]string{}, 422, true, `"refused"`},
		{"busy", http.MethodPost, "127.0.0.1:5", "busy", [2]string{}, 503, true, "too long"},
		{"from elsewhere", http.MethodPost, "10.0.0.7:5", "taken", [2]string{}, 403, false, "SIGHUP"},
		{"from nowhere", http.MethodPost, "@", "taken", [2]string{}, 403, false, "SIGHUP"},
		{"by a proxy", http.MethodPost, "127.0.0.1:5", "taken", [2]string{"X-Forwarded-For", "10.0.0.7"}, 403, false, "SIGHUP"},
		{"by a page", http.MethodPost, "127.0.0.1:5", "taken", [2]string{"Sec-Fetch-Site", "cross-site"}, 403, false, "cross-origin"},
		{"by reading", http.MethodGet, "127.0.0.1:5", "taken", [2]string{}, 405, false, ""},
	} {
		console := New(prometheus.NewRegistry(), nil, "router.internal")
		asked = 0
		console.Live(Live{Reload: func(context.Context) (any, bool, error) {
			asked++
			a := answers[c.answer]
			return c.answer, a.taken, a.err
		}})
		request := httptest.NewRequest(c.method, "/v1/reload", nil)
		request.RemoteAddr, request.Host = c.from, "127.0.0.1:8480"
		switch c.header[0] {
		case "":
		case "Host":
			request.Host = c.header[1]
		default:
			request.Header.Set(c.header[0], c.header[1])
		}
		recorder := httptest.NewRecorder()
		console.server.Handler.ServeHTTP(recorder, request)
		if recorder.Code != c.want || (asked == 1) != c.asks || !strings.Contains(recorder.Body.String(), c.body) {
			t.Errorf("%s: got %d, asked %d times, %s; want %d, asked %t, %q", c.name, recorder.Code, asked, recorder.Body, c.want, c.asks, c.body)
		}
	}
}

func TestServedConfig(t *testing.T) {
	t.Parallel()
	console := New(prometheus.NewRegistry(), nil)
	console.Live(Live{Config: func() any { return map[string]string{"revision": "4f1c"} }})
	recorder := httptest.NewRecorder()
	console.server.Handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "http://localhost/v1/config", nil))
	if recorder.Code != http.StatusOK || recorder.Header().Get("Content-Type") != "application/json" || !strings.Contains(recorder.Body.String(), `"revision": "4f1c"`) {
		t.Errorf("got %d, %v, %s", recorder.Code, recorder.Header(), recorder.Body)
	}
}
