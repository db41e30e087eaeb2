package event

import (
	"embed"
	"path"
	"strings"
)

//go:embed schema/*.json
var schemaFiles embed.FS

// Schema is the JSON Schema (2020-12) of one kind of message. References
// between schemas are relative to each other's $id.
type Schema struct {
	Name string // order, cancellation, report, decision or dispatch
	JSON []byte
}

// Schemas lists the contract's schemas by name.
func Schemas() []Schema {
	const dir = "schema"
	entries, err := schemaFiles.ReadDir(dir)
	if err != nil {
		panic(err) // embedded
	}
	schemas := make([]Schema, len(entries))
	for i, e := range entries {
		text, err := schemaFiles.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			panic(err) // embedded
		}
		schemas[i] = Schema{Name: strings.TrimSuffix(e.Name(), ".json"), JSON: text}
	}
	return schemas
}
