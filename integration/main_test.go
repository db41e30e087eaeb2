package integration

import (
	"flag"
	"os"
	"testing"
)

// atOnce is how many tests run at once, unless -parallel says otherwise. They
// wait for redeliveries far longer than they compute.
const atOnce = "4"

func TestMain(m *testing.M) {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		if err := flag.Set("test.parallel", atOnce); err != nil {
			panic(err) // the testing package has renamed it
		}
	}
	if err := passwords(); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
