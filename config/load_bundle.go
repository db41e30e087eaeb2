package config

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// LoadBundle is Load for a bundle. Gazetteers are read from disk, where the
// bundle's file would find them if it stood in o.Dir, and have to be the ones
// of the bundle. Secrets and the URLs of servers are not looked at: they
// belong to a process, not to a network.
func LoadBundle(b *Bundle, o Options) (*Config, Findings) {
	o = o.withDefaults()
	read := o.ReadFile
	if read == nil {
		read = ReadFile
	}
	o.ReadFile = func(path string) ([]byte, error) { return b.read(path, o.Dir, read) }
	return load(b.Name+"@"+b.Revision, b.Name, []byte(b.Text), o, true)
}

// read reads a file that the bundle's config names.
func (b *Bundle) read(path, dir string, disk func(string) ([]byte, error)) ([]byte, error) {
	is := func(name string) bool { return pathIn(dir, name) == path }
	if i := slices.IndexFunc(b.Files, func(f BundledFile) bool { return is(f.Name) }); i >= 0 {
		return []byte(b.Files[i].Text), nil
	}
	i := slices.IndexFunc(b.Gazetteers, func(g BundledGazetteer) bool { return is(g.Name) })
	if i < 0 {
		return nil, errors.New("it is not in the bundle")
	}
	data, err := disk(path)
	if err != nil {
		return nil, fmt.Errorf("a gazetteer has to be on every machine, and %s cannot be read: %s", path, plainError(err))
	}
	if got, want := digestOf(data), b.Gazetteers[i].SHA256; got != want {
		return nil, fmt.Errorf("%s is another file than the one of the bundle, whose SHA-256 is %.12s", path, want)
	}
	return data, nil
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// pathIn is a path that is relative to a folder, unless it is absolute.
func pathIn(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}
