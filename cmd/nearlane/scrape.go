package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nearlane/nearlane/redact"
)

// scrape is /metrics of one router, or the sum of several: a value by series,
// which is spelt as it is served.
type scrape map[string]float64

const scrapeTimeout = 3 * time.Second

// scrapeOf reads /metrics of the router at url.
func scrapeOf(ctx context.Context, url string) (scrape, error) {
	at := redact.New(url)
	ctx, cancel := context.WithTimeout(ctx, scrapeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(url, "/")+"/metrics", nil)
	if err != nil {
		return nil, usageError{fmt.Errorf("--url: %w", at.Clean(err))}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s does not answer: %w", at, at.Clean(err))
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask %s/metrics: it answers %s", at, response.Status)
	}
	return readScrape(response.Body)
}

// readScrape reads what Nearlane serves, and skips the rest.
func readScrape(r io.Reader) (scrape, error) {
	found := scrape{}
	lines := bufio.NewScanner(io.LimitReader(r, 16<<20))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		at := strings.LastIndexByte(line, ' ')
		if !strings.HasPrefix(line, "nearlane_") || at < 0 {
			continue
		}
		value, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			return nil, fmt.Errorf("read metric %q: %w", line, err)
		}
		found[line[:at]] = value
	}
	return found, lines.Err()
}

// add adds what another router has.
func (s scrape) add(other scrape) {
	for series, value := range other {
		s[series] += value
	}
}

// since is what has been counted since an earlier scrape. A router that began
// anew in between counts from zero.
func (s scrape) since(earlier scrape) scrape {
	d := make(scrape, len(s))
	for series, value := range s {
		if d[series] = value - earlier[series]; d[series] < 0 {
			d[series] = value
		}
	}
	return d
}

// by is the values of a metric by one of its labels.
func (s scrape) by(metric, label string) map[string]float64 {
	values := map[string]float64{}
	for series, value := range s {
		labels, ok := strings.CutPrefix(series, metric+"{")
		if !ok {
			continue
		}
		if _, rest, ok := strings.Cut(","+labels, ","+label+`="`); ok {
			text, _, _ := strings.Cut(rest, `"`)
			values[text] += value
		}
	}
	return values
}

// quantile estimates a quantile of a histogram, over all of its other labels,
// as Prometheus does; false: nothing was observed.
func (s scrape) quantile(q float64, metric string) (float64, bool) {
	type bucket struct{ le, n float64 }
	var buckets []bucket
	for le, n := range s.by(metric+"_bucket", "le") {
		bound, err := strconv.ParseFloat(le, 64)
		if err != nil {
			continue
		}
		buckets = append(buckets, bucket{bound, n})
	}
	slices.SortFunc(buckets, func(a, b bucket) int { return cmp.Compare(a.le, b.le) })
	if len(buckets) == 0 || buckets[len(buckets)-1].n <= 0 {
		return 0, false
	}
	rank := q * buckets[len(buckets)-1].n
	below := bucket{}
	for _, b := range buckets {
		if b.n >= rank {
			if math.IsInf(b.le, 1) {
				return below.le, true // all that is known
			}
			return below.le + (b.le-below.le)*(rank-below.n)/max(b.n-below.n, 1e-9), true
		}
		below = b
	}
	return below.le, true
}
