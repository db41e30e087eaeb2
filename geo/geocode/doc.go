// Package geocode asks an HTTP geocoder, Nominatim or Photon, where addresses
// are.
//
// It keeps one invariant: asking is bounded and never fails. Whoever calls
// Find gets an answer for every address within Options.Wait, and what is slow,
// down, over the allowed rate or makes no sense is an address that was not
// found; the caller knows another place for it. A geocoder that fails is left
// alone for a while, and then asked one address, to see.
//
// # What is believed
//
// A geocoder answers with something even if it has to look in another city. So
// an answer counts only if its country and its postcode are those that were
// asked for, whatever else it says of itself; importance and score are not
// looked at, since they measure how well known a place is. Of the answers that
// agree the most precise counts, the first of equals:
//
//	a house whose number is in the street line      address
//	a house with another number or none, a street   street
//	a postcode                                      postcode
//	anything larger                                 not found
//
// Street and city names are not compared: they are abbreviated, translated and
// misspelt, and within the right postcode the wrong street is no worse than
// the middle of the postcode.
//
// # What is kept
//
// Answers are cached, also that there was none. The key is an HMAC of the
// address under a salt that only the deployment has, the value is coordinates
// and precision: nobody who reads the cache finds an address in it. Losing it
// costs requests. Neither metrics nor logs tell an address, or the geocoder's
// URL, which may hold a key.
package geocode
