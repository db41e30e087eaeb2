package hostile

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/legible"
)

// refusedFor is nil if a config with files beside it is refused, and says why.
func (w *world) refusedFor(text, why string) error {
	path := filepath.Join(w.dir, "tried.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	c, found := config.Load(path, config.Options{})
	if c != nil {
		return errors.New("it was taken")
	}
	if !strings.Contains(found.Format(), why) {
		return fmt.Errorf("got %s, want it to say %q", found.Format(), why)
	}
	return nil
}

// configs are files that are no network.
func (w *world) configs() {
	good := network + w.rest()
	table := []struct{ name, text, why string }{
		{"nothing", "", "the file is empty"}, {"null", "null", "a value is missing"}, {"a list", "[]", "this is a list"}, {"a tab", strings.Replace(good, "  kallio:", "\tkallio:", 1), "cannot start any token"}, {"two documents", good + "\n---\n" + good, "a second YAML document"},
		{"a key twice", good + "\nnetwork: other\n", "is there already"}, {"an unknown key", good + "\nnetwrok: x\n", "unknown key"},
		{"not UTF-8", good + "\n# \xff\nx: \xff\n", "this is not UTF-8"}, {"an unset variable", strings.Replace(good, "network: helsinki", "network: ${HOSTILE_UNSET}", 1), "is not expanded here"},
		{"a tag", strings.Replace(good, "network: helsinki", "network: !!binary aGVsbG8=", 1), "tags are not used"},
		{"an anchor to nowhere", strings.Replace(good, "network: helsinki", "network: *x", 1), "aliases are not used"},
		{"another's currency", strings.Replace(good, "EUR", "EURO", 1), "is not a currency"}, {"no such time zone", strings.Replace(good, "Europe/Helsinki", "../../etc/passwd", 1), "there is no such zone"},
		{"latitude 91", strings.Replace(good, "60.1842", "91", 1), "[out_of_range]"}, {"latitude NaN", strings.Replace(good, "60.1842", ".nan", 1), "it is not a number"},
		{"capacity -1", strings.Replace(good, "100000", "-1", 1), "it is less than 1"}, {"capacity 1e99", strings.Replace(good, "100000", "1e99", 1), "it is not a whole number"},
		{"no such courier", strings.Replace(good, "courier: pyora", "courier: nobody", 1), "nothing of that name"}, {"a list for a network", strings.Replace(good, "network: helsinki", "network: [a]", 1), "an id should stand here"},
		{"hours of no day", strings.Replace(good, "Mo-Fr 08:00-20:00", "Xx 08:00-20:00", 1), "is not a weekday"},
	}
	for _, r := range table {
		w.note("configs", r.name, w.refusedFor(r.text, r.why))
	}
}

// files are what a config names and nobody can read.
func (w *world) files() {
	fifo, large := filepath.Join(w.dir, "fifo"), filepath.Join(w.dir, "large")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		w.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(large, nil, 0o600), os.Truncate(large, config.MaxShapesBytes+1)); err != nil {
		w.Fatal(err)
	}
	if err := os.Symlink(fifo, filepath.Join(w.dir, "link")); err != nil {
		w.Fatal(err)
	}
	for _, f := range []struct{ name, why string }{
		{"fifo", "it is a pipe"}, {"link", "it is a pipe"}, {"large", "more than 8.0 MiB"}, {".", "it is a folder"}, {"data", "it is a folder"}, {"absent", "no such file"},
	} {
		text := strings.Replace(network, "{countries: [FI]}", fmt.Sprintf("{geojson: %s}", f.name), 1) + w.rest()
		w.note("files", "geojson: "+f.name, w.refusedFor(text, f.why))
	}
}

// hosts are names that a browser was told belong to this router.
func (w *world) hosts() {
	for _, host := range []string{"evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "0x7f000001"} {
		for _, path := range []string{"/v1/config", "/", "/v1/nothing"} {
			w.note("hosts", host+path, w.asked(host, path, http.StatusMisdirectedRequest))
		}
	}
	w.note("hosts", "its own", w.asked(w.Addr(), "/v1/config", http.StatusOK))
}

func (w *world) asked(host, path string, want int) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+w.Addr()+path, nil)
	if err != nil {
		return err
	}
	r.Host = host
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != want {
		return fmt.Errorf("got %d, want %d", answer.StatusCode, want)
	}
	return nil
}

// terminals are ids that a person looks at.
func (w *world) terminals() {
	for _, s := range []string{"\x1b[2J", "\x1b]0;title\a", "\u202egnp.exe", "a\u200bb", "\u009b31m", "a\r\nb", "a\bb", "\xff\xfe", "\u2066x\u2069", "\ufeff", "a\tb", "\u2028", "\U000e0041", "e" + strings.Repeat("\u0301", 50), strings.Repeat("x", 500)} {
		w.note("terminals", fmt.Sprintf("%+.20q", s), legiblePlain(legible.Text(s, 40)))
	}
}

func legiblePlain(text string) error {
	if n := legible.Width(text); n > 40 {
		return fmt.Errorf("it takes %d columns", n)
	}
	for _, r := range text {
		if !legible.Plain(r) {
			return fmt.Errorf("%+q is shown as it is", r)
		}
	}
	return nil
}
