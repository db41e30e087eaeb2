package event

// RefusalCodes lists every code of a refusal, as they stand in the contract.
func RefusalCodes() []string {
	return []string{
		CodeTooLarge, CodeBadSubject, CodeInvalidUTF8, CodeNotJSON, CodeDuplicateKey, CodeWrongEventType,
		CodeWrongValueType, CodeMissingField, CodeBadID, CodeBadValue, CodeOutOfRange, CodeNoLines,
		CodeChannelMismatch, CodePlacedInFuture, CodeTooOld, CodeOrderChanged, CodeCancellationUnsupported,
		CodeTooLateToCancel, CodeUnknownStatus, CodeReportInFuture, CodeUnknownOrder, CodeWrongCourier,
		CodeReportBeforeDispatch, CodeNoLocker,
	}
}
