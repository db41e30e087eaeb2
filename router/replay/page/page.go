// Package page writes the report of a replay as one HTML file: maps and plots
// as SVG in it, tables beside them, and nothing that is fetched from anywhere.
// It is made to be printed, without colour if need be. Equal reports give equal
// bytes.
package page

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router/replay"
)

// Page is what a report shows.
type Page struct {
	Config     string // the name of the file
	Report     *replay.Report
	Against    string             // likewise; empty: no other config
	Before     *replay.Report     // through the other config, or nil
	Comparison *replay.Comparison // from the other config to this one, or nil
	Sweeps     []*replay.Swept
	Verdicts   []replay.Verdict
	Refused    int // messages that the router would refuse
	Sites      []config.Site
	Lockers    []config.Bank
}

//go:embed page.html
var layout string

//go:embed page.css
var style string

// sheet is what the layout is filled with.
type sheet struct {
	*Page
	Style    template.CSS
	From, To string
	Figures  []figure
	Outcomes table
	Facts    table
	Reasons  table
	Late     table
	Levels   table
	Weekdays table
	Sites    table
	Capacity table
	Fullest  table
	Slack    table
	Flows    table
	Sweeps   []sweepPart

	Days, Heat, Histogram        template.HTML
	OrderMap, SiteMap, MovedMap  template.HTML
	BusiestCells, CellsWithOrder int
}

// figure is one of the numbers at the top.
type figure struct{ Value, Name, Change string }

// HTML writes the page.
func (p *Page) HTML() ([]byte, error) {
	t, err := template.New("report").Parse(layout)
	if err != nil {
		return nil, fmt.Errorf("read layout of the report: %w", err)
	}
	s := sheet{Page: p, Style: template.CSS(style), Figures: p.figures(),
		Outcomes: p.outcomes(), Facts: p.facts(), Reasons: counts(p.Report.Reasons, p.Report), Late: counts(p.Report.LateFor, p.Report),
		Levels: p.levels(), Weekdays: p.weekdays(), Sites: p.sites(), Capacity: p.capacity(), Fullest: p.fullest(), Slack: p.slack(),
		Days: svg(p.days()), Heat: svg(p.heat()), Histogram: svg(p.histogram()),
		CellsWithOrder: len(p.Report.Cells),
	}
	zone, err := time.LoadLocation(p.Report.Zone)
	if err != nil {
		zone = time.UTC
	}
	const when = "Mon 2 January 2006"
	s.From, s.To = p.Report.From.In(zone).Format(when), p.Report.To.In(zone).Format(when)
	if err := s.maps(); err != nil {
		return nil, err
	}
	if p.Comparison != nil {
		s.Flows = p.flows()
	}
	for i, one := range p.Sweeps {
		s.Sweeps = append(s.Sweeps, p.sweep(i, one))
	}
	var out bytes.Buffer
	if err := t.Execute(&out, &s); err != nil {
		return nil, fmt.Errorf("write report: %w", err)
	}
	return out.Bytes(), nil
}

// svg puts a drawing into the page as it is: the drawing escapes its texts.
func svg(drawing []byte) template.HTML { return template.HTML(drawing) }
