// Package examples holds networks to start from. They build without a single
// finding, not even a warning, and travel in the binary for the demo.
package examples

import "embed"

// Helsinki is the network in the folder helsinki, by file. A data folder that
// a router left there is not part of it.
//
//go:embed helsinki/*.yaml helsinki/*.geojson helsinki/gazetteer/*.tsv
var Helsinki embed.FS

// HelsinkiConfig is the path of its config in Helsinki.
const HelsinkiConfig = "helsinki/nearlane.yaml"
