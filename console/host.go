package console

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// open are the paths that answer whoever reaches them, by whatever name: they
// are for probes and Prometheus, which come by addresses that nobody lists, and
// show nothing that is worth a trick.
var open = []string{"/healthz", "/readyz", "/metrics"}

// byName refuses, with 421, what was asked for by a name that is not the
// router's. A page in somebody's browser may give its own name the router's
// address (DNS rebinding), and would read the answers as its own: the browser
// still says which name it asked for.
//
// The router's names are those of loopback, the address that a request came in
// by, and hosts. Ports are not looked at: a tunnel and a published port have
// others, and a page cannot gain by one.
func byName(hosts []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostOf(r.Host)
		own := loopback(host) || arrivedAt(r, host) || host != "" && slices.ContainsFunc(hosts, func(h string) bool { return hostOf(h) == host })
		if !own && !slices.Contains(open, r.URL.Path) {
			answer(w, http.StatusMisdirectedRequest, failure{"this router does not go by the host of the request: ask by the address that it listens on, or add the host to http.hosts in its config"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostOf is the name or address in a Host header, without its port, spelt in
// one way.
func hostOf(header string) string {
	host, _, err := net.SplitHostPort(header)
	if err != nil { // without a port
		host = strings.TrimSuffix(strings.TrimPrefix(header, "["), "]")
	}
	if ip := net.ParseIP(host); ip != nil {
		return ip.String()
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// arrivedAt reports whether host is the address at which a request arrived: of
// a router that listens on all addresses, any that is its machine's.
func arrivedAt(r *http.Request, host string) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ok && net.ParseIP(host) != nil && hostOf(local.String()) == host
}
