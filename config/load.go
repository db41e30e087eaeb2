package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// Options are what Load needs of the world.
type Options struct {
	// Getenv looks up a variable for ${NAME}. Default: os.LookupEnv.
	Getenv func(name string) (value string, set bool)
	// ReadFile reads the config and every file it names. Default: ReadFile of
	// this package, which refuses a file that is too large before it is read.
	ReadFile func(path string) ([]byte, error)
	// Dir is the folder that the paths of a bundle are relative to; Load takes
	// the config file's. Default: the working directory.
	Dir string
}

func (o Options) withDefaults() Options {
	if o.Getenv == nil {
		o.Getenv = os.LookupEnv
	}
	return o
}

// Load reads and checks the config at path. The config is nil if there is any
// finding of severity Error; warnings come along with a config.
func Load(path string, options Options) (*Config, Findings) {
	options = options.withDefaults()
	data, err := options.read(path, 2*MaxFileBytes)
	if err != nil {
		return nil, Findings{{File: path, Path: "$", Code: CodeFile, Severity: Error,
			Message: "cannot read the config: " + plainError(err), Hint: "check the path and who may read it"}}
	}
	options.Dir = filepath.Dir(path)
	return load(path, filepath.Base(path), data, options, false)
}

// load reads and checks a config that findings call file.
func load(file, name string, data []byte, options Options, sealed bool) (*Config, Findings) {
	l, found := attempt(file, name, data, options, sealed)
	if found.Errors() > 0 {
		return nil, found
	}
	return l.config, found
}

// attempt reads a config as far as it can be read.
func attempt(file, name string, data []byte, options Options, sealed bool) (*loader, Findings) {
	doc, root := parse(file, data)
	l := &loader{options: options, doc: doc, dir: options.Dir, sealed: sealed, config: Default(),
		used: map[string]bool{}, holidayRuns: map[string][]lanes.Dates{}, promises: map[string]value{}, shapes: map[string]geo.Set{}}
	if !root.absent() {
		l.network(root)
		l.config.Revision = l.revision(root)
		l.config.page = newPage(doc, root)
		l.config.bundle = l.bundle(name, data)
		for _, f := range l.files {
			l.config.Files = append(l.config.Files, l.path(f.name))
		}
	}
	return l, doc.report()
}

// loader builds one Config from one document. It reads sections in the order
// in which they refer to each other, not that of the file.
type loader struct {
	options Options
	doc     *document
	dir     string // of the config file
	sealed  bool   // the file came in a bundle: secrets and URLs are not looked at
	config  *Config
	files   []file // in the order read
	places  []place
	astray  []astray
	amount  field[int64]    // money of the network's currency
	used    map[string]bool // kind and id: something refers to it

	holidayRuns map[string][]lanes.Dates // by id of the list
	lockerIDs   []string                 // sorted, as Config.Lockers is
	promises    map[string]value         // by level
	shapes      map[string]geo.Set       // by FILE#FEATURE

	gazetteerFiles []BundledGazetteer
	literals       []string // secrets that the file writes out, but for the users of URLs
	paths          []string // URLs that the file writes out and whose paths may hold a key
}

// file is one that the config names; its content is part of the revision.
type file struct {
	name string // as written
	data []byte
}

// open reads a file that the config names, once.
func (l *loader) open(v value, name string, most int64) ([]byte, bool) {
	for _, f := range l.files {
		if f.name == name {
			return f.data, true
		}
	}
	data, err := l.options.read(l.path(name), most)
	if err != nil {
		v.fail(CodeFile, "paths are relative to "+l.doc.file, "cannot read %s: %s", name, plainError(err))
		return nil, false
	}
	l.files = append(l.files, file{name, data})
	return data, true
}

// path is a path of the config, relative to the config file.
func (l *loader) path(name string) string {
	return pathIn(l.dir, name)
}

// plainError leaves out the path, which the finding names in its own words.
func plainError(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

// breathe lets others on this processor go first, before each shape is made:
// a router that loads its config anew has orders in hand.
func (o Options) breathe() { runtime.Gosched() }
