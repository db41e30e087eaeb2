package pace

import (
	"go/ast"
	packages "go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"github.com/google/pprof/profile"
)

// A stage whose function is called something else now would lose its time to
// the rest.
func TestStagesNameFunctionsThatExist(t *testing.T) {
	t.Parallel()
	declared := map[string]map[function]bool{}
	for _, s := range stages {
		for _, f := range s.functions {
			if declared[f.pkg] == nil {
				declared[f.pkg] = declarations(t, f.pkg)
			}
			if !declared[f.pkg][f] {
				t.Errorf("stage %q: %s declares no %s", s.name, f.pkg, f.name)
			}
		}
	}
}

// declarations are the functions of a package, as a profile calls them.
func declarations(t *testing.T, pkg string) map[function]bool {
	t.Helper()
	found, err := packages.Import(pkg, ".", 0)
	if err != nil {
		t.Fatalf("find package: %v", err)
	}
	all := map[function]bool{}
	for _, name := range found.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(found.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				all[function{pkg, receiver(d) + d.Name.Name}] = true
			}
		}
	}
	return all
}

// receiver is "(*batch)." or "receipt.", or nothing.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	switch at := d.Recv.List[0].Type.(type) {
	case *ast.Ident:
		return at.Name + "."
	case *ast.StarExpr:
		if name, ok := at.X.(*ast.Ident); ok {
			return "(*" + name.Name + ")."
		}
	}
	return "(generic)."
}

func TestStageOfStack(t *testing.T) {
	t.Parallel()
	const pkg = inRouter + "."
	for _, tt := range []struct {
		want  string
		stack []string // innermost first
	}{
		{"planning", []string{"runtime.mallocgc", pkg + "(*Plan).weigh", pkg + "(*batch).foresee.func1", "sync.(*WaitGroup).Go.func1"}},
		{"writing options", []string{"runtime.mallocgc", pkg + "(*Option).write", pkg + "(*batch).foresee.func1"}},
		{"writing options", []string{pkg + "(*Option).write", inLedger + ".(*Ledger).Reserve"}},
		{"exchanging with Redis", []string{"syscall.write", inLedger + ".(*Ledger).exec.func1"}},
		{"collecting garbage", []string{"runtime.scanobject", "runtime.gcAssistAlloc.func1", "runtime.mallocgc", pkg + "(*batch).open"}},
		{"reading from NATS", []string{"github.com/nats-io/nats%2ego.(*Conn).readLoop"}},
		{"the rest of the router", []string{"runtime.mallocgc", pkg + "(*batch).planned", pkg + "(*Router).Run"}},
		{"scheduling, and the rest", []string{"runtime.findRunnable", "runtime.mcall"}},
	} {
		var s profile.Sample
		for _, name := range tt.stack {
			s.Location = append(s.Location, &profile.Location{Line: []profile.Line{{Function: &profile.Function{Name: name}}}})
		}
		if got := stages[stageOf(&s)].name; got != tt.want {
			t.Errorf("stack %v: got stage %q, want %q", tt.stack, got, tt.want)
		}
	}
}
