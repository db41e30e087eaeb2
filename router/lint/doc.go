// Package lint reads a config that has nothing wrong with it and says what its
// author will not have meant: catchments with holes, lanes that no order can
// catch, cut-offs after the last block, skus that are never made.
//
// It keeps two invariants. A finding names the line to change and what to
// change there, as those of package config do. And whatever it calls never is
// never: it asks the same calendars, timetables and promises that planning
// asks, over days to come, and a test holds it to Network.Plan.
//
// Nothing here does I/O or reads the clock: the day on which the config is
// judged is an argument.
package lint
