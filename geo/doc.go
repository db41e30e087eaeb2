// Package geo answers where: points, H3 cells, the shapes of catchments, the
// index from a cell to the catchments that hold it, and a postcode gazetteer.
//
// It keeps one invariant: a point is indexed once, at the network's
// resolution, and every coarser question is asked of that cell's parents.
// Indexing a point again at a coarser resolution gives another answer for one
// point in fourteen, because an H3 parent does not contain its children
// exactly. Catchments follow the same rule: a Set is a set of cells at one
// resolution, kept compact, and a cell is in it if it or one of its parents
// is listed.
//
// Everything here is pure and, once built, safe for concurrent use. H3 itself
// is called for what takes its projection: the cell of a point, the centre,
// outline and area of a cell, its neighbours, and the outline of many cells.
// All else is arithmetic on the bits of a cell.
package geo
