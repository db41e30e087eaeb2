package config

import (
	"bytes"
	"fmt"

	"github.com/nearlane/nearlane/geo"
)

// geocoding reads who knows where orders without coordinates ship to.
func (l *loader) geocoding(v value) {
	if v.absent() {
		return
	}
	m := v.mapping("{gazetteers: [{country: FI, file: gazetteer/FI.tsv}]}")
	l.gazetteers(m.get("gazetteers"))
	l.geocoder(m.get("http"))
	m.done()
}

// gazetteers reads where postcodes are.
func (l *loader) gazetteers(list value) {
	if list.absent() {
		return
	}
	for _, item := range list.list("[{country: FI, file: gazetteer/FI.tsv}]") {
		g := item.mapping("{country: FI, file: gazetteer/FI.tsv}")
		where := g.need("country", "country: FI")
		code, known := read(where, country)
		from := g.need("file", "the file in the layout of GeoNames' postal files, plain or .gz")
		name, ok := read(from, text("a file"))
		g.done()
		if known && l.config.Gazetteers[code] != nil {
			where.fail(CodeDuplicate, "put both files into one", "%s has a gazetteer already", code)
			continue
		}
		if known && ok {
			l.gazetteer(from, code, name)
		}
	}
}

func (l *loader) gazetteer(v value, code, name string) {
	data, ok := l.open(v, name, MaxGazetteerBytes)
	if !ok {
		return
	}
	g, err := geo.LoadGazetteer(bytes.NewReader(data), code)
	if err != nil {
		v.fail(CodeFile, "the layout is that of GeoNames' postal files: 12 columns, tabs between them", "%s: %v", name, err)
		return
	}
	l.config.Gazetteers[code] = g
	l.gazetteerFiles = append(l.gazetteerFiles, BundledGazetteer{Country: code, Name: name, SHA256: digestOf(data)})
}

// country is an ISO 3166-1 code. NO is one.
var country = field[string]{what: "a country", hint: "an ISO 3166-1 code in capitals, such as FI", parse: func(text string) (string, error) {
	code, err := geo.ParseCountry(text)
	if err != nil {
		return "", err
	}
	if code != text {
		return "", &problem{message: "it is not in capitals", hint: fmt.Sprintf("write %s", code)}
	}
	return code, nil
}}
