package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/nearlane/nearlane/config"
)

// The part of SARIF 2.1.0 (OASIS) that findings need.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID                   string    `json:"id"`
		ShortDescription     sarifText `json:"shortDescription"`
		Help                 sarifText `json:"help"`
		DefaultConfiguration struct {
			Level config.Severity `json:"level"`
		} `json:"defaultConfiguration"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        config.Severity   `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"` // none: the file as a whole
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
)

// writeSARIF writes findings as one run of SARIF. Severities are SARIF's own
// levels by name, and columns count characters, as its default does not.
func writeSARIF(w io.Writer, findings config.Findings) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	driver := sarifDriver{Name: "nearlane", Version: version, InformationURI: "https://github.com/nearlane/nearlane"}
	index := map[string]int{}
	for i, r := range allRules() {
		rule := sarifRule{ID: r.Code, ShortDescription: sarifText{sentence(r.Meaning)}, Help: sarifText{r.Help}}
		rule.DefaultConfiguration.Level = r.Severity
		driver.Rules = append(driver.Rules, rule)
		index[r.Code] = i
	}
	run.Tool.Driver = driver
	for _, f := range findings {
		run.Results = append(run.Results, sarifResultOf(f, index[f.Code]))
	}
	return writeJSON(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifResultOf(f config.Finding, rule int) sarifResult {
	at := sarifLocation{Logical: []sarifLogical{{f.Path}}}
	at.Physical.Artifact.URI = fileURI(f.File)
	if f.Line > 0 {
		at.Physical.Region = &sarifRegion{StartLine: f.Line, StartColumn: f.Column}
	}
	// What a scanner knows a finding by when lines move.
	same := sha256.Sum256([]byte(f.Code + " " + f.Path))
	return sarifResult{RuleID: f.Code, RuleIndex: rule, Level: f.Severity, Message: sarifText{sentence(f.Message) + " Hint: " + f.Hint},
		Locations: []sarifLocation{at}, Fingerprints: map[string]string{"nearlane/v1": hex.EncodeToString(same[:16])}}
}

// fileURI is a path as SARIF wants it: relative to the repository as a rule.
func fileURI(path string) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
	}
	return u.String()
}

// sentence begins with a capital and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
