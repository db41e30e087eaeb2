package console

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"
)

// reloadTimeout is how long a reload may take: the gazetteers of a continent
// are read in less.
const reloadTimeout = time.Minute

// Live is what a console can say of the network in force, and ask for. Both
// answers are written as JSON.
type Live struct {
	Config func() any
	Reload func(context.Context) (answer any, taken bool, err error)
}

// Live adds /v1/config and /v1/reload. Call it before Serve.
func (c *Console) Live(l Live) {
	c.mux.HandleFunc("GET /v1/config", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, l.Config()) })
	c.mux.Handle("POST /v1/reload", onLoopback(l.reload))
}

func (l Live) reload(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), reloadTimeout)
	defer cancel()
	told, taken, err := l.Reload(ctx)
	switch {
	case err != nil:
		answer(w, http.StatusServiceUnavailable, failure{"the process is starting, stopping or busy: " + err.Error()})
	case taken:
		answer(w, http.StatusOK, told)
	default:
		answer(w, http.StatusUnprocessableEntity, told)
	}
}

// failure is the answer to what was not done.
type failure struct {
	Error string `json:"error"`
}

// onLoopback refuses what does not come from this machine. A proxy on this
// machine says for whom it asks, and is refused as well, and so is any name of
// the router's but loopback's.
func onLoopback(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !loopback(r.RemoteAddr) || !loopback(r.Host) || forwarded(r.Header) {
			answer(w, http.StatusForbidden, failure{"only from the router's own machine, by a loopback address: ask there, or send it SIGHUP"})
			return
		}
		next(w, r)
	}
}

// loopback reports whether an address, with a port or without, is this
// machine's alone.
func loopback(address string) bool {
	host := hostOf(address)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// forwarded reports whether a proxy passed the request on.
func forwarded(h http.Header) bool {
	for name := range h {
		switch {
		case name == "Forwarded", name == "Via", name == "X-Real-Ip", strings.HasPrefix(name, "X-Forwarded-"):
			return true
		}
	}
	return false
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(body) // who does not read on knows it
}
