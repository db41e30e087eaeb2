package geocode

import (
	"net/url"

	"github.com/nearlane/nearlane/geo"
)

// Kind is what a geocoder speaks.
type Kind string

const (
	Nominatim Kind = "nominatim" // version 4.3 or newer
	Photon    Kind = "photon"    // version 0.4 or newer
)

// format is how one kind is asked and answers.
type format struct {
	path   string
	query  func(to url.Values, a geo.Address)
	decode func(data []byte) ([]candidate, error)
}

var formats = map[Kind]format{
	Nominatim: {"search", askNominatim, decodeNominatim},
	Photon:    {"api", askPhoton, decodePhoton},
}

// most is how many results are asked for: enough to have the right one among
// those of its name.
const most = "5"
