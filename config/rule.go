package config

// Rule is what findings of one code are about, for whoever meets the code and
// not the finding: docs/lint.md, `nearlane check --rules`, code scanners.
type Rule struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"` // the gravest that its findings have
	Meaning  string   `json:"meaning"`  // in a few words, without a full stop
	Help     string   `json:"help"`     // what to do about it, in full sentences
}

// Rules lists the codes of Load's findings.
func Rules() []Rule {
	return []Rule{
		{CodeFile, Error, "a file cannot be read, or is not what it should be", "Paths are relative to the config. Check the path, who may read the file, and its format."},
		{CodeTooLarge, Error, "the file is too long, or nested too deep", "Move shapes and postcodes into files of their own."},
		{CodeSyntax, Error, "this is not YAML; only the first mistake is known", "Indent with spaces, and quote texts that hold any of : # { } [ ] , & * ! | > @ %."},
		{CodeYAML, Error, "YAML that a config does not use: aliases, merge keys, tags, a second document", "Write out what is meant, so that a reader of one line sees what it says."},
		{CodeUnknownKey, Error, "a key that means nothing here", "Correct the spelling, or move the key to where it belongs."},
		{CodeDuplicate, Error, "a key or an item that is there already", "Keep one of the two."},
		{CodeType, Error, "a list where a text should stand, and the like", "The hint shows how it is written."},
		{CodeMissing, Error, "something required is not there", "The hint shows how it is written."},
		{CodeID, Error, "an id that is not lower-case a to z, 0 to 9 and hyphens, at most 64", "Ids become parts of subjects and keys, which must never need escaping: rename it."},
		{CodeValue, Error, "a value that cannot be read", "The hint shows how it is written."},
		{CodeRange, Error, "a value that can be read and cannot be right", "Check the unit and the digits."},
		{CodeReference, Error, "a name that nothing in the file has", "Correct the spelling, or define what it names."},
		{CodeCycle, Error, "fallbacks that lead back to where they started", "Let one of the levels end the chain: delete its fallback."},
		{CodeConflict, Error, "two things that exclude each other, or neither of two", "Keep the one that is meant."},
		{CodeRegion, Error, "a lane and a locker that lie in two regions", "What is reserved together lies in one region: fill lockers of the site's own."},
		{CodePlace, Error, "coordinates that are nowhere near the rest", "Latitude comes first in the config, longitude first in GeoJSON."},
		{CodeCatchment, Error, "a shape that yields no cells, or cannot be compiled", "Draw it larger, or make the grid's resolution finer."},
		{CodeHorizon, Error, "a promise that outlives the journal", "Promise and dwell together must stay under 21 days, holidays included."},
		{CodeEnv, Error, "${NAME} where it is not expanded, or without a value", "Set the variable. Secrets and the URLs of servers take one, nothing else does."},
		{CodeUnsupported, Error, "understood, and not supported yet", "The hint says how to do without."},
		{CodeUnused, Warning, "defined, and nothing refers to it, or nothing ever comes of it", "Use it or delete it."},
		{CodeSecret, Warning, "a secret written into the file", "Take it from the environment, as \"${NAME}\", or from a file, as file:PATH."},
		{CodeClearText, Warning, "personal data that goes over a network unencrypted", "Use https, or keep it within your own network."},
		{CodeFallback, Warning, "something that may fail, and nothing stands in for it", "Add what stands in; the hint says what."},
		{CodeHidden, Error, "orders stand on something that the running router has and this config has not (only with --against)", "Give a thing that is only called something else its first name as `was`, write what is gone for good under `retired`, or wait until it has ended."},
	}
}
