package config

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

var envName = regexp.MustCompile(`\$\{([^}]*)\}?`)

// secret reads a secret or a URL: ${NAME} stands for a variable of the
// environment, and file:PATH for what is in a file. The value itself never
// appears in a finding.
func (l *loader) secret(v value) (Secret, bool) {
	const hint = `write "${NAME}" or file:/run/secrets/name`
	text, ok := v.text("a secret", hint)
	if !ok || l.sealed {
		return Secret{}, ok
	}
	if literal(v) && text != "" && !strings.Contains(text, "://") {
		l.literals = append(l.literals, text)
	}
	if path, isFile := strings.CutPrefix(text, "file:"); isFile {
		return l.secretFile(v, path)
	}
	expanded, ok := l.expand(v, text)
	return Secret{expanded}, ok
}

// expand replaces ${NAME}. A variable that is not set is a finding, and so is
// an empty one: an empty URL means "embedded", which nobody should get because
// a deployment forgot a variable.
func (l *loader) expand(v value, text string) (string, bool) {
	ok := true
	out := envName.ReplaceAllStringFunc(text, func(ref string) string {
		name := envName.FindStringSubmatch(ref)[1]
		at := v.atByte(text, strings.Index(text, ref))
		switch value, set := l.options.Getenv(name); {
		case !strings.HasSuffix(ref, "}") || name == "":
			v.doc.add(at, v.path, CodeEnv, "write ${NAME}", "a ${ without a name and a closing brace")
		case !set:
			v.doc.add(at, v.path, CodeEnv, fmt.Sprintf("export %s=... before starting, or write file:/path/to/it", name),
				"the environment variable %s is not set", name)
		case value == "":
			v.doc.add(at, v.path, CodeEnv, fmt.Sprintf("give %s a value, or delete the reference", name),
				"the environment variable %s is empty", name)
		default:
			return value
		}
		ok = false
		return ""
	})
	return out, ok
}

func (l *loader) secretFile(v value, path string) (Secret, bool) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.dir, path)
	}
	data, err := l.options.read(path, MaxSecretBytes)
	if err != nil {
		v.fail(CodeFile, "check the path and who may read it", "cannot read the secret in %s: %s", path, plainError(err))
		return Secret{}, false
	}
	text := strings.TrimSpace(string(data))
	if text == "" {
		v.fail(CodeFile, "write the secret into it, on one line", "the file %s is empty", path)
		return Secret{}, false
	}
	return Secret{text}, true
}
