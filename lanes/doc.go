// Package lanes knows when a site can work, when its lanes leave, what they
// can carry and what taking room on them is called: calendars, blocks,
// collections, cut-offs, promises, transit, box fit, money and slot ids.
//
// Everything here is a pure function of its arguments. Instants are unix
// seconds (int64), civil days are [Date], times of day are [Clock], and spans
// are half-open. A [Calendar] and a [Timetable] remember the days they have
// worked out; that memory makes them fast and never changes an answer, so
// both are safe for concurrent use.
//
// Wall times meet daylight saving in one place, [At]: a time of day that does
// not exist moves to the next that does, an ambiguous one is the first.
//
// Strings that people write (hours, blocks, dates, money and so on) have one
// parser each. A parser refuses what it does not support instead of guessing,
// and its error is always a [*SyntaxError] that points into the string.
package lanes
