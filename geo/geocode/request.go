package geocode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/redact"
)

// outcome is what became of a request. The words are label values.
type outcome string

const (
	found       outcome = "found"
	notFound    outcome = "not_found"
	elsewhere   outcome = "wrong_place" // all that it found is in another country or postcode
	refused     outcome = "refused"     // it does not like this address
	garbled     outcome = "bad_answer"  // not what a geocoder of this kind says
	tooLarge    outcome = "too_large"
	timedOut    outcome = "timeout"
	unreachable outcome = "unreachable"
	throttled   outcome = "throttled" // it wants to be asked less
	statusOther outcome = "status"    // any other status but 200
)

// failed reports whether the server failed, and not just this address.
func (o outcome) failed() bool {
	switch o {
	case found, notFound, elsewhere, refused:
		return false
	}
	return true
}

// lasting reports whether the same request would have the same outcome
// tomorrow.
func (o outcome) lasting() bool { return o == found || o == notFound || o == elsewhere }

// maxAnswer is the longest answer that is read. Five results have some 5 KiB.
const maxAnswer = 256 << 10

// answer is what a request came to.
type answer struct {
	outcome    outcome
	place      geo.Place     // of found
	retryAfter time.Duration // that the server asked to be left alone
	err        error         // without URL and address
}

// newClient follows no redirects: an address goes to the server that the
// config names and to no other.
func newClient(concurrency int) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			MaxIdleConnsPerHost:    concurrency,
			IdleConnTimeout:        time.Minute,
			MaxResponseHeaderBytes: 16 << 10,
			ForceAttemptHTTP2:      true,
		},
	}
}

// request asks the server for one address.
func (g *Geocoder) request(ctx context.Context, a geo.Address) answer {
	ctx, cancel := context.WithTimeout(ctx, g.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.address(a), nil)
	if err != nil {
		return answer{outcome: refused, err: g.withoutURL(err)}
	}
	req.Header.Set("User-Agent", g.UserAgent)
	req.Header.Set("Accept", "application/json")
	resp, err := g.client.Do(req)
	if err != nil {
		return g.lost(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return g.unwilling(resp)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return g.lost(err)
	case len(data) > maxAnswer:
		return answer{outcome: tooLarge, err: fmt.Errorf("the answer has more than %d bytes", maxAnswer)}
	}
	candidates, err := g.format.decode(data)
	if err != nil {
		return answer{outcome: garbled, err: errors.New("the answer is not that of a " + string(g.Kind))}
	}
	place, o := believe(a, candidates)
	return answer{outcome: o, place: place}
}

// address is the URL to ask for an address: the server's own, its path and
// query included.
func (g *Geocoder) address(a geo.Address) string {
	to := *g.base
	if !strings.HasSuffix(strings.TrimSuffix(to.Path, "/"), "/"+g.format.path) {
		to = *to.JoinPath(g.format.path)
	}
	values := to.Query()
	g.format.query(values, a)
	to.RawQuery = values.Encode()
	return to.String()
}

// lost is the answer of a request that has none.
func (g *Geocoder) lost(err error) answer {
	o := unreachable
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		o = timedOut
	}
	return answer{outcome: o, err: g.withoutURL(err)}
}

// unwilling reads any status but 200.
func (g *Geocoder) unwilling(resp *http.Response) answer {
	a := answer{outcome: statusOther, err: errors.New("it answers " + strconv.Itoa(resp.StatusCode))}
	switch resp.StatusCode {
	case http.StatusBadRequest, http.StatusRequestURITooLong, http.StatusUnprocessableEntity:
		a.outcome = refused
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		a.outcome, a.retryAfter = throttled, retryAfter(resp.Header.Get("Retry-After"), g.Now())
		if resp.StatusCode == http.StatusTooManyRequests {
			a.retryAfter = max(a.retryAfter, firstPause)
		}
	}
	return a
}

// retryAfter reads the header in either form; 0: it says nothing.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// withoutURL drops the URL from an error of net/http: it holds the address,
// and maybe a key.
func (g *Geocoder) withoutURL(err error) error {
	var about *url.Error
	if errors.As(err, &about) {
		err = about.Err
	}
	return redact.New(g.URL).Clean(err)
}
