package ledger

import "strings"

// All keys of a region carry the hash tag {<region>}, so that one call touches
// one hash slot of a cluster.

func keyspace(region string) string { return "nl:{" + region + "}:" }

func holdKey(region, order string) string      { return keyspace(region) + "hold:" + order }
func slotKey(region, slot string) string       { return keyspace(region) + "slot:" + slot }
func openKey(region string) string             { return keyspace(region) + "open" }
func floorKey(region string) string            { return keyspace(region) + "floor" }
func epochKey(region string) string            { return keyspace(region) + "epoch" }
func rebuildKey(region, auditor string) string { return keyspace(region) + "rebuild:" + auditor }

// literal quotes what SCAN's MATCH would read as a pattern.
var literal = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`)
