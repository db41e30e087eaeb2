package config

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// unset is an environment without variables.
func unset(string) (string, bool) { return "", false }

// bundled is the base config, kept and unpacked again.
func bundled(t *testing.T) (*Config, *Bundle) {
	t.Helper()
	c, found := Load(filepath.Join("testdata", "base.yaml"), Options{Getenv: environment})
	if c == nil {
		t.Fatal(found.Format())
	}
	data, err := c.Bundle().Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := c.Bundle().Encode(); string(again) != string(data) {
		t.Error("the same bundle gives other bytes the second time")
	}
	b, err := DecodeBundle(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Bundle(), b, cmpopts.IgnoreUnexported(Bundle{})); diff != "" {
		t.Errorf("unpacked bundle (-want +got):\n%s", diff)
	}
	return c, b
}

// A bundle gives the same network on a machine that has the gazetteers and
// nothing else: no config file, no shapes, no environment.
func TestLoadBundle(t *testing.T) {
	t.Parallel()
	c, b := bundled(t)
	only := func(path string) ([]byte, error) {
		if filepath.Base(path) != "FI.tsv" {
			t.Errorf("reads %s from disk", path)
		}
		return os.ReadFile(path)
	}
	got, found := LoadBundle(b, Options{Dir: "testdata", Getenv: unset, ReadFile: only})
	if got == nil {
		t.Fatal(found.Format())
	}
	if got.Revision != c.Revision || b.Revision != c.Revision || len(got.Sites) != len(c.Sites) {
		t.Errorf("got revision %s of the bundle %s, want %s", got.Revision, b.Revision, c.Revision)
	}
	if diff := cmp.Diff(factsOf(t, c), factsOf(t, got)); diff != "" {
		t.Errorf("lanes differ (-file +bundle):\n%s", diff)
	}
	if !got.OrderDigestKey.Empty() || !got.NATS.URL.Empty() {
		t.Error("a bundle's secrets are looked at")
	}
}

func TestLoadBundleWithoutItsGazetteer(t *testing.T) {
	t.Parallel()
	_, b := bundled(t)
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "FI.tsv"), []byte("FI\t00100\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, dir := range map[string]string{"cannot be read": t.TempDir(), "is another file than the one of the bundle": other} {
		got, found := LoadBundle(b, Options{Dir: dir})
		if got != nil || found.Errors() != 1 || !strings.Contains(found[0].Message, want) || !strings.HasPrefix(found[0].File, "base.yaml@"+b.Revision) {
			t.Errorf("got %v and %s, want %q", got != nil, found, want)
		}
	}
}

func TestLoadBundleFindsMistakes(t *testing.T) {
	t.Parallel()
	_, b := bundled(t)
	b.Text = strings.Replace(b.Text, "areas.geojson#", "harbours.geojson#", 1)
	got, found := LoadBundle(b, Options{Dir: "testdata"})
	if got != nil || found.Errors() == 0 || !strings.Contains(found.String(), "harbours.geojson: it is not in the bundle") {
		t.Errorf("got %v and %s, want a finding about harbours.geojson", got != nil, found)
	}
}

func TestDecodeBundleRefuses(t *testing.T) {
	t.Parallel()
	_, b := bundled(t)
	data, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"nothing": nil, "no gzip": []byte("{}"), "half": data[:len(data)/2]} {
		if b, err := DecodeBundle(data); err == nil {
			t.Errorf("%s: got %v, want an error", name, b)
		}
	}
}

func TestBlanked(t *testing.T) {
	t.Parallel()
	base := readTestdata(t, "base.yaml")
	for name, c := range map[string]struct {
		from, to string
		holds    bool
	}{
		"named":     {"", "", false},
		"key":       {`"${DIGEST_KEY}"`, "hunter2hunter2hunter2", true},
		"URL":       {`url: "", grace`, `url: "redis://me:hunter2@h", grace`, true},
		"bare URL":  {"network: town", "network: town\n# nats://me:hunter2@h", true},
		"no secret": {"network: town", "network: town # nats://h", false},
		"comment":   {"network: town", "network: town\n# orderDigest: hunter2hunter2", false},
		"behind":    {"network: town", "network: town # was with orderDigest: hunter2hunter2", false},
		"escapes":   {`"${DIGEST_KEY}"`, `"hunter2\x68unter2hunter2"`, true},
	} {
		got, found := loadText(strings.Replace(base, c.from, c.to, 1))
		if got == nil {
			t.Errorf("%s: %s", name, found.Format())
			continue
		}
		b := got.Bundle()
		if b.HoldsSecrets() != c.holds {
			t.Errorf("%s: holds secrets: got %t, want %t", name, b.HoldsSecrets(), c.holds)
		}
		if strings.Contains(b.Blanked().Text, "unter2") {
			t.Errorf("%s: the secret is still there:\n%s", name, b.Blanked().Text)
		}
		if name == "escapes" {
			continue
		}
		again, found := LoadBundle(b.Blanked(), Options{Dir: "testdata"})
		if again == nil || again.Revision != got.Revision {
			t.Errorf("%s: blanked, it is another network: %s", name, found.Format())
		}
	}
}

// What unpacks to more than any config is refused, and says so.
func TestBundleUnpacksToABound(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range maxBundleBytes>>20 + 1 {
		if _, err := zip.Write(blanks); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeBundle(packed.Bytes()); err == nil || !strings.Contains(err.Error(), "larger than 256 MiB") {
		t.Errorf("got %v, want it to name the bound", err)
	}
}
