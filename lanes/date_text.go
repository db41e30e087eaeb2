package lanes

// MarshalText writes "2026-08-04".
func (d Date) MarshalText() ([]byte, error) { return d.append(nil), nil }

// UnmarshalText reads "2026-08-04".
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}
