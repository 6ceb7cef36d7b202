// Signs one file with an OpenPGP key, detached. Standard input says everything; the key is never written.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// A request is a key, and a file that it signs; without a file the key is only tried.
type request struct {
	keyRequest
	Time int64  `json:"time"`
	File string `json:"file"`
	// Earlier is a signature, in base64, that is used again where it holds.
	Earlier string `json:"earlier"`
	Armored bool   `json:"armored"`
	Out     string `json:"out"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var asked request
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		return errors.New("the request cannot be read")
	}
	deterministic := false
	config := &packet.Config{
		Time:                                  func() time.Time { return time.Unix(asked.Time, 0) },
		NonDeterministicSignaturesViaNotation: &deterministic,
	}
	signer, err := signerOf(asked.keyRequest, config)
	if err != nil {
		return err
	}
	if asked.File == "" {
		_, err := signatureOf([]byte("a trial"), signer, asked, config)
		return err
	}
	data, err := os.ReadFile(asked.File)
	if err != nil {
		return err
	}
	signature, err := signatureOf(data, signer, asked, config)
	if err != nil {
		return err
	}
	return os.WriteFile(asked.Out, signature, 0o644)
}

func signatureOf(data []byte, signer *openpgp.Entity, asked request, config *packet.Config) ([]byte, error) {
	if earlier, err := base64.StdEncoding.DecodeString(asked.Earlier); err == nil && len(earlier) > 0 {
		if holds(data, earlier, signer, asked.Armored, config) {
			return earlier, nil
		}
	}
	var made bytes.Buffer
	sign := openpgp.DetachSign
	if asked.Armored {
		sign = openpgp.ArmoredDetachSign
	}
	if err := sign(&made, signer, bytes.NewReader(data), config); err != nil {
		return nil, err
	}
	// A reader's view of it: what does not hold is never released.
	if !holds(data, made.Bytes(), signer, asked.Armored, config) {
		return nil, errors.New("the signature that was made does not hold")
	}
	return made.Bytes(), nil
}

func holds(data, signature []byte, signer *openpgp.Entity, armored bool, config *packet.Config) bool {
	check := openpgp.CheckDetachedSignature
	if armored {
		check = openpgp.CheckArmoredDetachedSignature
	}
	_, err := check(openpgp.EntityList{signer}, bytes.NewReader(data), bytes.NewReader(signature), config)
	return err == nil
}
