package drawing

import (
	"math"

	"github.com/nearlane/nearlane/geo"
)

// bounds is a box of degrees. Its longitudes are continuous, beyond 180 if
// need be: each place is taken where it is nearest to the first.
type bounds struct {
	known                    bool
	south, north, west, east float64
	around                   float64 // the longitude of the first place
}

func (b *bounds) add(p geo.Point) {
	if !b.known {
		*b = bounds{known: true, south: p.Lat, north: p.Lat, west: p.Lng, east: p.Lng, around: p.Lng}
		return
	}
	lng := unroll(p.Lng, b.around)
	b.south, b.north = min(b.south, p.Lat), max(b.north, p.Lat)
	b.west, b.east = min(b.west, lng), max(b.east, lng)
}

func (b *bounds) addArea(a outlinedArea) {
	for _, ring := range a.rings {
		for _, p := range ring {
			b.add(p)
		}
	}
}

// padded leaves a little room around what is shown; a single point gets a
// kilometre.
func (b bounds) padded() bounds {
	const kilometre = 1 / 111.2 // of latitude, in degrees
	shrink := math.Cos(b.middle() * math.Pi / 180)
	tall := max(0.05*(b.north-b.south), kilometre/2)
	wide := max(0.05*(b.east-b.west), kilometre/2/max(shrink, 0.01))
	b.south, b.north = max(b.south-tall, -mostNorth), min(b.north+tall, mostNorth)
	b.west, b.east = b.west-wide, b.east+wide
	return b
}

func (b bounds) middle() float64 { return (b.south + b.north) / 2 }

// mostNorth is where Mercator's square world ends.
const mostNorth = 85.05

// unroll is the longitude that differs from lng by whole turns and is nearest
// to another.
func unroll(lng, around float64) float64 { return around + math.Remainder(lng-around, 360) }

// rect is a box on the sheet, in pixels.
type rect struct{ x, y, w, h float64 }

func (r rect) overlaps(o rect) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

func (r rect) holds(o rect) bool {
	return o.x >= r.x && o.y >= r.y && o.x+o.w <= r.x+r.w && o.y+o.h <= r.y+r.h
}

// frameHeight is that of a frame of a given width: as the extent has it, but
// neither a stripe nor a tower.
func frameHeight(b bounds, width float64) float64 {
	tall := mercator(b.north) - mercator(b.south)
	return math.Round(min(max(width*tall/(b.east-b.west), 0.5*width), 0.9*width))
}

// projection is Mercator's: shapes are true, and one scale bar is right for
// all of a region.
type projection struct {
	left, top float64 // of the frame, projected and in pixels
	scale     float64 // pixels per degree of longitude
	x, y      float64 // of the frame on the sheet
	around    float64
	middle    float64 // latitude at the middle of the frame
}

// fit puts the middle of the extent into the middle of the frame.
func fit(b bounds, frame rect) projection {
	tall := mercator(b.north) - mercator(b.south)
	scale := min(frame.w/(b.east-b.west), frame.h/tall)
	p := projection{scale: scale, x: frame.x, y: frame.y, around: (b.west + b.east) / 2}
	p.left = p.around*scale - frame.w/2
	centre := (mercator(b.north) + mercator(b.south)) / 2
	p.top = -centre*scale - frame.h/2
	p.middle = latitude(centre)
	return p
}

// mercator is the northing of a latitude, in degrees of longitude.
func mercator(lat float64) float64 {
	lat = min(max(lat, -mostNorth), mostNorth)
	return math.Log(math.Tan(math.Pi/4+lat*math.Pi/360)) * 180 / math.Pi
}

func latitude(northing float64) float64 {
	return math.Atan(math.Sinh(northing*math.Pi/180)) * 180 / math.Pi
}

// at is where a place lies on the sheet.
func (p projection) at(place geo.Point) (x, y float64) {
	lng := unroll(place.Lng, p.around)
	return p.x + lng*p.scale - p.left, p.y - mercator(place.Lat)*p.scale - p.top
}

// metres per pixel, at the middle of the frame.
func (p projection) metres() float64 {
	return 111195 * math.Cos(p.middle*math.Pi/180) / p.scale
}
