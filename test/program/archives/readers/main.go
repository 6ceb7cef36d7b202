// Lists an archive as Go's own packages read it: name, mode, time, size and SHA-256 of each file, as JSON.
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

type member struct {
	Name   string `json:"name"`
	Mode   string `json:"mode"`
	Time   string `json:"time"`
	Size   int64  `json:"size"`
	Sha256 string `json:"sha256"`
}

func main() {
	members, err := list(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(members)
}

func list(path string) ([]member, error) {
	if strings.HasSuffix(path, ".zip") {
		return listZip(path)
	}
	return listTar(path)
}

func listZip(path string) (members []member, err error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			return nil, err
		}
		found, err := describe(file.Name, file.Mode(), file.Modified, content)
		if err != nil {
			return nil, err
		}
		members = append(members, found)
	}
	return members, nil
}

func listTar(path string) (members []member, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	archive := tar.NewReader(plain)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return members, nil
		}
		if err != nil {
			return nil, err
		}
		if header.Uid != 0 || header.Gid != 0 || header.Uname != "" || header.Gname != "" {
			return nil, fmt.Errorf("%s has an owner", header.Name)
		}
		found, err := describe(header.Name, header.FileInfo().Mode(), header.ModTime, archive)
		if err != nil {
			return nil, err
		}
		members = append(members, found)
	}
}

func describe(name string, mode fs.FileMode, modified time.Time, content io.Reader) (member, error) {
	hash := sha256.New()
	size, err := io.Copy(hash, content)
	return member{name, fmt.Sprintf("%04o", mode), modified.UTC().Format(time.RFC3339), size, fmt.Sprintf("%x", hash.Sum(nil))}, err
}
