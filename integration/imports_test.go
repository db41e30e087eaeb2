package integration

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/nearlane/nearlane"

// everything is the allowance of the packages where the others meet.
const everything = "*"

// law says which packages of ours a package may import. A package that is not
// listed is a violation: whoever adds one says here what it may see.
var law = map[string][]string{
	"event":                  {},
	"event/stream":           {"event", "redact"},
	"geo":                    {},
	"geo/geocode":            {"geo", "redact"},
	"lanes":                  {},
	"lanes/ledger":           {"lanes", "redact"},
	"lanes/ledger/redistest": {},
	"config":                 {"geo", "lanes"},
	"router":                 {"event", "geo", "lanes", "config"},
	"router/lint":            {"config", "geo", "lanes"},
	"router/reproduce":       {"config", "event", "router"},
	"router/routetest":       {"router", "config", "event", "geo", "lanes"},
	"router/diff":            {"config", "event", "geo", "lanes", "router", "router/drawing"},
	"router/drawing":         {"geo"},
	"router/replay/page":     {"config", "geo", "lanes", "router/drawing", "router/replay"},
	"router/replay":          {"event", "geo", "lanes", "router"},
	"console":                {"router"},
	"app":                    {everything},
	"app/demo":               {"app", "app/embedded", "config", "event", "event/stream", "examples", "lanes", "router"},
	"app/embedded":           {},
	"cmd/nearlane":           {everything},
	"examples":               {},
	"legible":                {},
	"redact":                 {},
	"integration/smalldisk":  {},
}

// soleImporter says which package alone may import a module of others.
var soleImporter = map[string]string{
	"github.com/uber/h3-go":          "geo",
	"github.com/nats-io/nats.go":     "event/stream",
	"github.com/redis/go-redis":      "lanes/ledger",
	"github.com/nats-io/nats-server": "app/embedded",
	"github.com/alicebob/miniredis":  "app/embedded",
}

// pure packages do no I/O, take no clock, start no goroutine and log nothing.
var (
	pure        = []string{"event", "geo", "lanes", "router/drawing", "router/replay"}
	pureRefused = []string{"os", "net", "log", "math/rand", "go.uber.org/zap", "github.com/prometheus/client_golang"}
	clock       = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
)

// emptyNames say nothing about what a package holds.
var emptyNames = []string{"util", "utils", "common", "helper", "helpers", "manager", "service", "types", "base"}

const maxLines = 500

func TestImportLaw(t *testing.T) {
	t.Parallel()
	found, err := violations(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

// violations reads the non-test files below root and says what breaks the law,
// sorted by file. It parses the files itself: the test cache notices a changed
// file that a test reads, but not one that a command it runs reads.
func violations(root fs.FS) ([]string, error) {
	var found []string
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && skipped(root, name):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		inFile, err := fileViolations(root, name)
		for _, v := range inFile {
			found = append(found, name+": "+v)
		}
		return err
	})
	return found, err
}

// skipped directories hold no package of this module.
func skipped(root fs.FS, dir string) bool {
	base := path.Base(dir)
	if base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err == nil
}

func fileViolations(root fs.FS, name string) ([]string, error) {
	src, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	pkg := path.Dir(name)
	var found []string
	if n := strings.Count(string(src), "\n"); n > maxLines {
		found = append(found, fmt.Sprintf("%d lines, at most %d", n, maxLines))
	}
	if slices.Contains(emptyNames, file.Name.Name) {
		found = append(found, fmt.Sprintf("package name %q says nothing", file.Name.Name))
	}
	if _, ok := law[pkg]; !ok {
		found = append(found, fmt.Sprintf("package %s is not in the import law", pkg))
	}
	found = append(found, importViolations(pkg, file)...)
	if slices.Contains(pure, pkg) {
		found = append(found, impurities(pkg, file)...)
	}
	return found, nil
}

func importViolations(pkg string, file *ast.File) []string {
	var found []string
	for _, spec := range file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if ours, ok := strings.CutPrefix(imported, module+"/"); ok && !allowed(pkg, ours) {
			found = append(found, fmt.Sprintf("%s may not import %s", pkg, ours))
		}
		for theirs, sole := range soleImporter {
			if within(imported, theirs) && pkg != sole {
				found = append(found, fmt.Sprintf("%s may not import %s, only %s may", pkg, theirs, sole))
			}
		}
		if slices.Contains(pure, pkg) && slices.ContainsFunc(pureRefused, func(p string) bool { return within(imported, p) }) {
			found = append(found, fmt.Sprintf("%s is pure and may not import %s", pkg, imported))
		}
	}
	return found
}

func allowed(pkg, imported string) bool {
	return slices.Contains(law[pkg], everything) || slices.Contains(law[pkg], imported)
}

// within reports whether imported is the module or package p, or below it.
func within(imported, p string) bool {
	return imported == p || strings.HasPrefix(imported, p+"/")
}

// impurities finds goroutines and readings of the clock.
func impurities(pkg string, file *ast.File) []string {
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, fmt.Sprintf("%s is pure and may not start a goroutine", pkg))
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
				found = append(found, fmt.Sprintf("%s is pure and may not use time.%s", pkg, n.Sel.Name))
			}
		}
		return true
	})
	return found
}

func TestImportLawNoticesViolations(t *testing.T) {
	t.Parallel()
	ours := func(p string) string { return fmt.Sprintf("import %q\n", module+"/"+p) }
	for _, tt := range []struct {
		name, file, src string
		want            []string
	}{
		{"lawful", "router/a.go", "package router\n" + ours("event") + ours("config"), nil},
		{"adapter imports its parent", "event/stream/a.go", "package stream\n" + ours("event") + "import _ \"github.com/nats-io/nats.go/jetstream\"\n", nil},
		{"where all meet", "app/a.go", "package app\n" + ours("event/stream") + ours("app/embedded"), nil},
		{"parent imports its adapter", "event/a.go", "package event\n" + ours("event/stream"),
			[]string{"event/a.go: event may not import event/stream"}},
		{"law is by package, not by child", "lanes/ledger/a.go", "package ledger\n" + ours("event"),
			[]string{"lanes/ledger/a.go: lanes/ledger may not import event"}},
		{"upwards", "config/a.go", "package config\n" + ours("router"),
			[]string{"config/a.go: config may not import router"}},
		{"not the sole importer", "router/a.go", "package router\nimport h3 \"github.com/uber/h3-go/v4\"\n",
			[]string{"router/a.go: router may not import github.com/uber/h3-go, only geo may"}},
		{"wiring is no exception", "app/a.go", "package app\nimport _ \"github.com/redis/go-redis/v9\"\n",
			[]string{"app/a.go: app may not import github.com/redis/go-redis, only lanes/ledger may"}},
		{"similar module", "app/a.go", "package app\nimport _ \"github.com/nats-io/nats.gopher\"\n", nil},
		{"unknown package", "cache/a.go", "package cache\n",
			[]string{"cache/a.go: package cache is not in the import law"}},
		{"name says nothing", "app/a.go", "package util\n",
			[]string{`app/a.go: package name "util" says nothing`}},
		{"long file", "app/a.go", "package app\n" + strings.Repeat("//\n", maxLines),
			[]string{"app/a.go: 501 lines, at most 500"}},
		{"longest file", "app/a.go", "package app\n" + strings.Repeat("//\n", maxLines-1), nil},
		{"I/O", "geo/a.go", "package geo\nimport \"net/http\"\n",
			[]string{"geo/a.go: geo is pure and may not import net/http"}},
		{"goroutine", "lanes/a.go", "package lanes\nfunc f() { go f() }\n",
			[]string{"lanes/a.go: lanes is pure and may not start a goroutine"}},
		{"clock", "event/a.go", "package event\nimport \"time\"\nvar now = time.Now\n",
			[]string{"event/a.go: event is pure and may not use time.Now"}},
		{"no clock", "event/a.go", "package event\nimport \"time\"\nvar day = 24 * time.Hour\n", nil},
		{"tests are free", "geo/a_test.go", "package util\nimport \"net/http\"\n" + ours("router"), nil},
		{"testdata", "geo/testdata/a.go", "package util\n", nil},
		{"another module", "tools/a.go", "package util\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := violations(fstest.MapFS{
				tt.file:        {Data: []byte(tt.src)},
				"tools/go.mod": {Data: []byte("module tools\n")},
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}
