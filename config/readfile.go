package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"syscall"
)

// How much is read of a file. What takes up more is refused before it is read:
// what is in memory while a file is read is in proportion to it.
const (
	// MaxShapesBytes is for GeoJSON, which takes about 26 times its size in
	// memory while it is read: 200 MiB. The border of a country at the scale
	// of 1:10 million is less than 1 MiB.
	MaxShapesBytes = 8 << 20
	// MaxGazetteerBytes is for gazetteers as they lie on disk; unpacked,
	// geo.MaxGazetteerText holds. The largest of GeoNames has 1.8 million lines
	// and 150 MiB.
	MaxGazetteerBytes = 256 << 20
	// MaxSecretBytes is for the file of a secret.
	MaxSecretBytes = 64 << 10
)

// ErrNotRegular is a file that is none to be read: a folder, a device, a pipe
// or a socket. A read of it may never end.
var ErrNotRegular = errors.New("it is not a regular file")

// OpenFile opens a regular file for reading, through links too. It never
// blocks: a pipe without a writer is refused like one that has one.
func OpenFile(path string) (*os.File, error) {
	// Opening a device may already do something. What Stat cannot find, the
	// opening says.
	if info, err := os.Stat(path); err == nil {
		if err := regular(path, info); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat() // another may stand there by now
	if err == nil {
		err = regular(path, info)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func regular(path string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return &fs.PathError{Op: "open", Path: path, Err: fmt.Errorf("%w: %s", ErrNotRegular, kindOf(info.Mode()))}
}

func kindOf(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "it is a folder"
	case m&fs.ModeNamedPipe != 0:
		return "it is a pipe"
	case m&fs.ModeSocket != 0:
		return "it is a socket"
	case m&fs.ModeDevice != 0:
		return "it is a device"
	}
	return "it is of no known kind"
}

// ReadFile reads a regular file of at most MaxGazetteerBytes, the most that
// any file of a config may have.
func ReadFile(path string) ([]byte, error) { return readFile(path, MaxGazetteerBytes) }

// readFile reads a regular file that has at most so many bytes, even if it grows
// meanwhile.
func readFile(path string, most int64) ([]byte, error) {
	f, err := OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, tooLarge(path, info.Size(), most)
	}
	data := make([]byte, 0, info.Size()+1)
	for int64(len(data)) <= most {
		n, err := f.Read(data[len(data):cap(data)])
		if data = data[:len(data)+n]; errors.Is(err, io.EOF) {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
	return nil, tooLarge(path, int64(len(data)), most)
}

func tooLarge(path string, size, most int64) error {
	return &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it has %s, more than %s", mebibytes(size), mebibytes(most))}
}

func mebibytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f MiB", math.Ceil(float64(n)*10/(1<<20))/10)
}

// read reads a file that the config names, whoever reads it.
func (o Options) read(path string, most int64) ([]byte, error) {
	if o.ReadFile == nil {
		return readFile(path, most)
	}
	data, err := o.ReadFile(path)
	if err == nil && int64(len(data)) > most {
		return nil, tooLarge(path, int64(len(data)), most)
	}
	return data, err
}
