package config

import "cmp"

// The name under which a thing has its slots, in slot ids and in the keys of
// Redis: the one that it had first. A thing that is renamed keeps it as `was`,
// so that nothing that was promised has to move.

// Key is the region's name in Redis and in the journal.
func (r *Region) Key() string { return cmp.Or(r.Was, r.ID) }

// RegionKey is the key of a region by its id; empty: there is no such region.
func (c *Config) RegionKey(id string) string {
	for i := range c.Regions {
		if c.Regions[i].ID == id {
			return c.Regions[i].Key()
		}
	}
	return ""
}

// Key is the site's name in slot ids.
func (s *Site) Key() string { return cmp.Or(s.Was, s.ID) }

// Key is the production cell's name in slot ids.
func (c *Cell) Key() string { return cmp.Or(c.Was, c.ID) }

// Key is the lane's name in slot ids.
func (l *Lane) Key() string { return cmp.Or(l.Was, l.ID) }

// Key is the bank's name in slot ids.
func (b *Bank) Key() string { return cmp.Or(b.Was, b.ID) }

// Key is the size's name in slot ids.
func (s *Size) Key() string { return cmp.Or(s.Was, s.ID) }
