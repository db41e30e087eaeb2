package main

import (
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/router"
)

const (
	oldGazetteer = 400 * 24 * time.Hour // postcodes change
	lowSpace     = 2 << 30
	noSpace      = 256 << 20
)

// lookAtConfig loads the config and builds the network, as a router would.
func (d *doctor) lookAtConfig() {
	const check = "config"
	loaded, findings := config.Load(d.nats.file, config.Options{})
	if loaded == nil {
		d.fail(check, "nearlane check "+d.nats.file, "%v", findings.Err())
		return
	}
	d.config = loaded
	network, err := router.Build(loaded)
	if err != nil {
		d.fail(check, "nearlane check "+d.nats.file, "%v", err)
		return
	}
	if len(findings) > 0 {
		d.warn(check, "nearlane check "+d.nats.file, "%s: revision %s, and %s", d.nats.file, network.Revision, counted(len(findings), "finding"))
	} else {
		d.ok(check, "%s: network %s, revision %s, %s", d.nats.file, network.Name, network.Revision, network.Size())
	}
	d.lookAtGazetteers()
}

// lookAtGazetteers says which postcodes are known by which file, and since when.
func (d *doctor) lookAtGazetteers() {
	bundle := d.config.Bundle()
	if bundle == nil {
		return
	}
	for _, g := range bundle.Gazetteers {
		check := "gazetteer " + g.Country
		path := g.Name
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(d.nats.file), path)
		}
		info, err := os.Stat(path)
		if err != nil {
			d.fail(check, "put it back, or the next reload fails", "%v", err)
			continue
		}
		days := int(d.now.Sub(info.ModTime()).Hours() / 24)
		if d.now.Sub(info.ModTime()) > oldGazetteer {
			d.warn(check, "fetch a new one from https://download.geonames.org/export/zip/", "%s is %s old, sha256 %.12s", g.Name, counted(days, "day"), g.SHA256)
			continue
		}
		d.ok(check, "%s, %s old, sha256 %.12s", g.Name, counted(days, "day"), g.SHA256)
	}
}

func (d *doctor) lookAtH3() {
	if err := geo.SelfTest(); err != nil {
		d.fail("h3", "do not route with this build: build it for this machine, with the pinned h3-go", "%v", err)
		return
	}
	d.ok("h3", "known points have the right cells and parents at every resolution")
}

// lookAtZones finds out whether the time zones are there, and know of summer.
func (d *doctor) lookAtZones() {
	const check, do = "time zones", "install tzdata, or use a build that has it inside (make build)"
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		d.fail(check, do, "%v", err)
		return
	}
	_, winter := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC).In(zone).Zone()
	_, summer := time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC).In(zone).Zone()
	if winter != 2*3600 || summer != 3*3600 {
		d.fail(check, do, "Europe/Helsinki is %ds from UTC in winter and %ds in summer", winter, summer)
		return
	}
	if d.config == nil {
		d.ok(check, "the database is there")
		return
	}
	d.ok(check, "those of %s, with daylight saving", counted(len(d.config.Regions), "region"))
}

// lookAtFolder says who has the data folder, and how much room it has left.
func (d *doctor) lookAtFolder() {
	const check = "data folder"
	if d.config == nil {
		return
	}
	dir := d.config.DataDir
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		parent := filepath.Dir(filepath.Clean(dir))
		if _, err := os.Stat(parent); err != nil {
			d.fail(check, "make "+parent+", or set dataDir", "%s cannot be made: %v", dir, err)
			return
		}
		d.ok(check, "%s is not there yet, the first run makes it", dir)
		return
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		d.fail(check, "see whether the disk is there", "%s: %v", dir, err)
		return
	}
	free, of := int64(uint64(fs.Bavail)*uint64(fs.Bsize)), "nobody has it"
	pid, known, err := embedded.Owner(dir)
	switch {
	case err != nil:
		d.fail(check, "let the user that runs nearlane own it", "%v", err)
		return
	case !known:
		of = "who has it is not to be known here"
	case pid != 0:
		of = "process " + itoa(pid) + " has it"
	}
	switch {
	case free < noSpace:
		d.fail(check, "make room: a full disk stops routing", "%s has %s left, %s", dir, mebibytes(free), of)
	case free < lowSpace:
		d.warn(check, "make room: a full disk stops routing", "%s has %s left, %s", dir, mebibytes(free), of)
	default:
		d.ok(check, "%s has %s left, %s", dir, mebibytes(free), of)
	}
}
