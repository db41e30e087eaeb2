package geo

// Address is a postal address as an order has it, every part as it was
// written. It is personal data: it goes to a geocoder and nowhere else.
type Address struct {
	Street   string // street and house number, in whatever order
	Locality string // may be empty
	Postcode string
	Country  string // ISO 3166-1 alpha-2, in capitals
}
