package event

import "strings"

// ReasonOther stands for a reason that nobody gave, and for one that is not
// written as a code.
const ReasonOther = "other"

// ReportReasons lists the reasons that couriers give in the trade. The list is
// open: any other code is as good.
func ReportReasons() []string {
	return []string{"price_exceeded", "vehicle_not_available", "no_deliveryperson_available",
		"does_not_meet_requested_times", "region_not_served", ReasonOther}
}

// reasonCode is a reason from outside in lower case, if it is a code: up to
// MaxReason letters a to z, digits and underscores. Any other text might tell
// about a person, and becomes ReasonOther.
func reasonCode(text string) string {
	code := strings.ToLower(text)
	if code == "" || len(code) > MaxReason || strings.ContainsFunc(code, notOfCode) {
		return ReasonOther
	}
	return code
}

func notOfCode(c rune) bool {
	return c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9')
}
