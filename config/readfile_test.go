package config

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const shaped = `network: town
currency: EUR
regions: {town: {timezone: Europe/Helsinki}}
couriers: {bike: {}}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}}}
geocoding: {gazetteers: [{country: FI, file: FI.tsv}]}
sites:
  hub:
    kind: micro_hub
    region: town
    at: {lat: 60.17, lng: 24.94}
    hours: "Mo-Fr 08:00-20:00"
    catchment: {geojson: areas.geojson}
    lanes: {bike: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 1}}}
`

// Whatever stands where a file should is refused, at once and with its kind.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"net.yaml", "areas.geojson", "FI.tsv"} {
		for kind, put := range map[string]func(path string) error{
			"a pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
			"a device": func(path string) error { return os.Symlink("/dev/zero", path) },
			"a folder": func(path string) error { return os.Mkdir(path, 0o700) },
			"a socket": func(path string) error {
				l, err := net.Listen("unix", path)
				if err == nil {
					t.Cleanup(func() { l.Close() })
				}
				return err
			},
		} {
			t.Run(name+" is "+kind, func(t *testing.T) {
				dir, err := os.MkdirTemp("", "nl") // a socket's path is short
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { os.RemoveAll(dir) })
				if name != "net.yaml" {
					err = os.WriteFile(filepath.Join(dir, "net.yaml"), []byte(shaped), 0o600)
				}
				if err := errors.Join(err, put(filepath.Join(dir, name))); err != nil {
					t.Fatal(err)
				}
				_, found := Load(filepath.Join(dir, "net.yaml"), Options{})
				for _, f := range found {
					if f.Code == CodeFile && strings.Contains(f.Message, "it is not a regular file: it is "+kind) {
						return
					}
				}
				t.Errorf("got %s, want it refused as %s", found.Format(), kind)
			})
		}
	}
}

// A file over its bound is refused by its size, before it is read.
func TestFilesAreBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, size int64) {
		f, err := os.Create(filepath.Join(dir, name))
		if err == nil {
			err = errors.Join(f.Truncate(size), f.Close()) // a hole: it takes no disk
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "net.yaml"), []byte(shaped), 0o600); err != nil {
		t.Fatal(err)
	}
	write("areas.geojson", MaxShapesBytes+1)
	write("FI.tsv", MaxGazetteerBytes+1)
	_, found := Load(filepath.Join(dir, "net.yaml"), Options{})
	for _, want := range []string{"cannot read areas.geojson: it has 8.1 MiB, more than 8.0 MiB", "cannot read FI.tsv: it has 256.1 MiB, more than 256.0 MiB"} {
		if !strings.Contains(found.Format(), want) {
			t.Errorf("got %s, want %q", found.Format(), want)
		}
	}
	var pathError *fs.PathError
	if _, err := ReadFile(filepath.Join(dir, "FI.tsv")); !errors.As(err, &pathError) {
		t.Errorf("read: got %v, want the path in it", err)
	}
}

// A gazetteer is bounded by what it unpacks to.
func TestGazetteerUnpacksToABound(t *testing.T) {
	t.Parallel()
	line := []byte("SE\t" + strings.Repeat("x", 60<<10) + strings.Repeat("\t", 10) + "\n") // of another country: nothing is kept
	var packed bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	for written := 0; written <= 257<<20; written += len(line) {
		if _, err := zip.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	err := errors.Join(os.WriteFile(filepath.Join(dir, "FI.tsv"), packed.Bytes(), 0o600),
		os.WriteFile(filepath.Join(dir, "net.yaml"), []byte(shaped), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	_, found := Load(filepath.Join(dir, "net.yaml"), Options{})
	if want := "more than 256 MiB of text, unpacked"; !strings.Contains(found.Format(), want) {
		t.Errorf("got %s, want %q", found.Format(), want)
	}
}
