package config

import (
	"os"
	"regexp"
	"testing"
)

// TestEveryCodeHasARule reads the codes out of finding.go.
func TestEveryCodeHasARule(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("finding.go")
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]Rule{}
	for _, r := range Rules() {
		if rules[r.Code].Code != "" || r.Meaning == "" || r.Help == "" {
			t.Errorf("the rule %q is incomplete, or there twice", r.Code)
		}
		rules[r.Code] = r
	}
	codes := regexp.MustCompile(`(?m)^\tCode\w+\s+= "(\w+)"`).FindAllSubmatch(source, -1)
	if len(codes) != len(rules) {
		t.Errorf("got %d codes and %d rules", len(codes), len(rules))
	}
	for _, code := range codes {
		if _, there := rules[string(code[1])]; !there {
			t.Errorf("the code %s has no rule", code[1])
		}
	}
}
