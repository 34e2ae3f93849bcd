// Package internal_test holds the import table of the module.
package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "postern"
	echo   = "github.com/labstack/echo"
)

// rule is one row of the table: what a package may import.
type rule struct {
	own  []string // packages of this module
	any  bool     // every package of this module
	echo bool     // the web framework
}

// table is the picture in ARCHITECTURE.md. A package that is not in it fails the test: say first where it belongs.
var table = map[string]rule{
	"internal/osdi":     {},
	"internal/secret":   {},
	"internal/config":   {own: []string{"internal/secret"}},
	"internal/form":     {own: []string{"internal/osdi"}},
	"internal/store":    {own: []string{"internal/form", "internal/osdi"}},
	"internal/upstream": {own: []string{"internal/form", "internal/osdi", "internal/secret"}},
	"internal/guard":    {own: []string{"internal/form", "internal/osdi"}},
	"internal/outbox":   {own: []string{"internal/form", "internal/osdi"}},
	"internal/helper":   {own: []string{"internal/osdi"}, echo: true},
	"static":            {},
	"templates":         {own: []string{"internal/form", "internal/osdi", "static"}},
	"internal/server": {
		own:  []string{"internal/form", "internal/osdi", "internal/guard", "templates", "static"},
		echo: true,
	},
	"cmd/postern": {any: true},
}

// pkg is what the table looks at in one package.
type pkg struct {
	dir        string // from the module's root, with slashes
	imports    []string
	documented bool
}

func TestLayers(t *testing.T) {
	packages := load(t, "..")
	if len(packages) == 0 {
		t.Fatal("found no packages")
	}
	for _, p := range packages {
		for _, problem := range problems(p) {
			t.Error(problem)
		}
	}
}

func TestProblems(t *testing.T) {
	tests := []struct {
		name string
		give pkg
		want string // part of the only problem; empty for none
	}{
		{"allowed", pkg{"internal/form", []string{"fmt", "postern/internal/osdi"}, true}, ""},
		{"echo where it lives", pkg{"internal/server", []string{echo + "/v4"}, true}, ""},
		{"the program wires", pkg{"cmd/postern", []string{"postern/internal/store", "postern/internal/server"}, true}, ""},
		{"upward arrow", pkg{"internal/osdi", []string{"postern/internal/form"}, true}, "must not import internal/form"},
		{"sideways arrow", pkg{"internal/server", []string{"postern/internal/store"}, true}, "must not import internal/store"},
		{"below an allowed package", pkg{"internal/form", []string{"postern/internal/osdi/wire"}, true}, "must not import internal/osdi/wire"},
		{"echo elsewhere", pkg{"internal/guard", []string{echo + "/v4/middleware"}, true}, "must not import " + echo},
		{"echo in the program", pkg{"cmd/postern", []string{echo + "/v4"}, true}, "must not import " + echo},
		{"unknown", pkg{"internal/util", nil, true}, "not in the table"},
		{"undocumented", pkg{"internal/secret", nil, false}, "no package comment"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := problems(tt.give)
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("problems = %q, want none", got)
			case tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)):
				t.Errorf("problems = %q, want one with %q", got, tt.want)
			}
		})
	}
}

// problems says what is wrong with one package.
func problems(p pkg) []string {
	var out []string
	if !p.documented {
		out = append(out, fmt.Sprintf("%s has no package comment", p.dir))
	}
	row, known := table[p.dir]
	if !known {
		return append(out, fmt.Sprintf("%s is not in the table", p.dir))
	}
	for _, name := range p.imports {
		own, ours := strings.CutPrefix(name, module+"/")
		switch {
		case ours && !row.any && !slices.Contains(row.own, own):
			out = append(out, fmt.Sprintf("%s must not import %s", p.dir, own))
		case strings.HasPrefix(name, echo+"/") && !row.echo:
			out = append(out, fmt.Sprintf("%s must not import %s", p.dir, name))
		}
	}
	return out
}

// load reads the packages under root, without their tests.
func load(t *testing.T, root string) map[string]pkg {
	t.Helper()
	packages := map[string]pkg{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if file != root && (name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
				return filepath.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		relative, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(relative)
		packages[dir], err = add(packages[dir], dir, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// add reads one file into its package.
func add(p pkg, dir, file string) (pkg, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return p, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return p, err
	}
	p.dir = dir
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return p, err
		}
		if !slices.Contains(p.imports, name) {
			p.imports = append(p.imports, name)
		}
	}
	// The comment that a generator puts above the package clause says nothing about the package.
	if !ast.IsGenerated(parsed) && strings.TrimSpace(parsed.Doc.Text()) != "" {
		p.documented = true
	}
	return p, nil
}
