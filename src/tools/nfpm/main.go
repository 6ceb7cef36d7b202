// Writes one package with nfpm. Standard input says everything: nothing is read from the environment.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/apk"
	_ "github.com/goreleaser/nfpm/v2/arch"
	_ "github.com/goreleaser/nfpm/v2/deb"
	_ "github.com/goreleaser/nfpm/v2/rpm"
	"gopkg.in/yaml.v3"
)

// A request is a package, where it goes, and which of its files are to be compressed before.
type request struct {
	Format   string    `yaml:"format"`
	Out      string    `yaml:"out"`
	Work     string    `yaml:"work"`
	Compress []int     `yaml:"compress"`
	Info     nfpm.Info `yaml:"info"`
	// Sign is absent for a package that is not signed.
	Sign *signRequest `yaml:"sign"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var asked request
	decoder := yaml.NewDecoder(os.Stdin)
	decoder.KnownFields(true)
	if err := decoder.Decode(&asked); err != nil {
		// What it quotes may be of a key.
		return errors.New("the request cannot be read")
	}
	info := &asked.Info
	for _, content := range info.Contents {
		// The time of a file on this machine is nobody's.
		if content.FileInfo == nil {
			return fmt.Errorf("%s has no file_info", content.Destination)
		}
		content.FileInfo.MTime = info.MTime
	}
	for _, at := range asked.Compress {
		if err := compress(info, at, asked.Work); err != nil {
			return err
		}
	}
	for _, script := range []*string{
		&info.Scripts.PreInstall, &info.Scripts.PostInstall, &info.Scripts.PreRemove, &info.Scripts.PostRemove,
	} {
		if err := settle(script, asked.Work, info.MTime); err != nil {
			return err
		}
	}
	if err := prepare(info, asked.Format, asked.Sign); err != nil {
		return err
	}
	packager, err := nfpm.Get(asked.Format)
	if err != nil {
		return err
	}
	// Whole in memory before it is a file: what fails leaves none.
	var made bytes.Buffer
	if err := packager.Package(nfpm.WithDefaults(info), &made); err != nil {
		return err
	}
	return os.WriteFile(asked.Out, made.Bytes(), 0o644)
}

// settle replaces a script by a copy of the package's own time, which apk tells of it.
func settle(path *string, work string, mtime time.Time) error {
	if *path == "" {
		return nil
	}
	text, err := os.ReadFile(*path)
	if err != nil {
		return err
	}
	copied, err := os.CreateTemp(work, "script")
	if err != nil {
		return err
	}
	*path = copied.Name()
	if _, err := copied.Write(text); err != nil {
		return err
	}
	if err := copied.Close(); err != nil {
		return err
	}
	return os.Chtimes(*path, mtime, mtime)
}

// compress replaces a file by its gzip form, without name and time (RFC 1952).
func compress(info *nfpm.Info, at int, work string) error {
	content := info.Contents[at]
	plain, err := os.ReadFile(content.Source)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	writer.ModTime = time.Time{}
	if _, err := writer.Write(plain); err != nil {
		return err
	}
	if err := writer.Close(); err != nil {
		return err
	}
	content.Source = filepath.Join(work, fmt.Sprintf("%d.gz", at))
	return os.WriteFile(content.Source, packed.Bytes(), 0o644)
}
