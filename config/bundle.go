package config

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Bundle is a config with all that it names, to be kept and sent: whoever has
// it and the gazetteers can build the network again. It holds no secret that
// the file does not write out; see Blanked.
type Bundle struct {
	Revision   string             `json:"revision"` // as the process that made the bundle worked it out
	Name       string             `json:"name"`     // of the config file, without its folder
	Text       string             `json:"text"`     // of the config file, as written
	Files      []BundledFile      `json:"files,omitempty"`
	Gazetteers []BundledGazetteer `json:"gazetteers,omitempty"`

	literals []string // secrets that Text writes out
	paths    []string // URLs that Text writes out and whose paths may hold a key
}

// BundledFile is a GeoJSON file.
type BundledFile struct {
	Name string `json:"name"` // as the config names it
	Text string `json:"text"`
}

// BundledGazetteer names a gazetteer. Its content, which is large, stays where
// it is.
type BundledGazetteer struct {
	Country string `json:"country"`
	Name    string `json:"name"` // as the config names it
	SHA256  string `json:"sha256"`
}

// Bundle is the config as it was read.
func (c *Config) Bundle() *Bundle { return c.bundle }

// maxBundleBytes bounds what is unpacked of a bundle.
const maxBundleBytes = 8 * MaxFileBytes

// Encode packs the bundle. Equal bundles give equal bytes.
func (b *Bundle) Encode() ([]byte, error) {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		err = json.NewEncoder(zip).Encode(b)
	}
	if err == nil {
		err = zip.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("pack config %s: %w", b.Revision, err)
	}
	return out.Bytes(), nil
}

// DecodeBundle unpacks what Encode has packed.
func DecodeBundle(data []byte) (*Bundle, error) {
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("unpack config: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(zip, maxBundleBytes+1))
	if err != nil {
		return nil, fmt.Errorf("unpack config: %w", err)
	}
	if len(text) > maxBundleBytes {
		return nil, fmt.Errorf("unpack config: it is larger than %d MiB, more than any config with its files", maxBundleBytes>>20)
	}
	b := new(Bundle)
	if err := json.Unmarshal(text, b); err != nil {
		return nil, fmt.Errorf("unpack config: %w", err)
	}
	return b, nil
}

// bundle collects what Load has read.
func (l *loader) bundle(name string, data []byte) *Bundle {
	b := &Bundle{Revision: l.config.Revision, Name: name, Text: string(data), Gazetteers: l.gazetteerFiles, literals: l.literals, paths: l.paths}
	for _, f := range l.files {
		if !slices.ContainsFunc(b.Gazetteers, func(g BundledGazetteer) bool { return g.Name == f.name }) {
			b.Files = append(b.Files, BundledFile{Name: f.name, Text: string(f.data)})
		}
	}
	return b
}
