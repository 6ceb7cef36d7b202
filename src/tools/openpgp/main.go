// Signs one file with an OpenPGP key, detached. Standard input says everything; the key is never written.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// A request is a key, and a file that it signs; without a file the key is only tried.
type request struct {
	Key        string `json:"key"`
	Passphrase string `json:"passphrase"`
	// Throwaway asks for a key that is made now and kept nowhere.
	Throwaway bool `json:"throwaway"`
	// RSA refuses keys on curves.
	RSA  bool   `json:"rsa"`
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
	signer, err := signerOf(asked, config)
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

// signerOf gives an entity whose signing key can be used.
func signerOf(asked request, config *packet.Config) (*openpgp.Entity, error) {
	if asked.Throwaway {
		return openpgp.NewEntity("throw-away", "", "", config)
	}
	entities, err := read(asked.Key)
	if err != nil {
		return nil, err
	}
	now := config.Now()
	var first error
	for _, entity := range entities {
		err := unlock(entity, asked, now)
		if err == nil {
			return entity, nil
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = errors.New("no key: it holds none")
	}
	return nil, first
}

// read takes an armored key, or base64 of it or of a binary one.
func read(text string) (openpgp.EntityList, error) {
	data := []byte(strings.TrimSpace(text))
	if !bytes.Contains(data, []byte("-----BEGIN")) {
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			return nil, errors.New("no key: it is neither armored nor base64")
		}
		data = decoded
	}
	if !bytes.Contains(data, []byte("-----BEGIN")) {
		entities, err := openpgp.ReadKeyRing(bytes.NewReader(data))
		return entities, told(err)
	}
	block, err := armor.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, errors.New("no key: its armor is damaged")
	}
	entities, err := openpgp.ReadKeyRing(block.Body)
	return entities, told(err)
}

// told keeps what a parser quotes out of every log.
func told(err error) error {
	if err == nil {
		return nil
	}
	return errors.New("no key: it is damaged, or of a kind that is not known here")
}

func unlock(entity *openpgp.Entity, asked request, now time.Time) error {
	name := fmt.Sprintf("%X", entity.PrimaryKey.Fingerprint)
	if entity.PrivateKey == nil {
		return fmt.Errorf("public: %s is a public key", name)
	}
	if entity.Revoked(now) {
		return fmt.Errorf("revoked: %s is revoked", name)
	}
	if self, _ := entity.PrimarySelfSignature(); self != nil && entity.PrimaryKey.KeyExpired(self, now) {
		return fmt.Errorf("expired: %s is expired", name)
	}
	key, ok := entity.SigningKey(now)
	if !ok || key.PrivateKey == nil || key.PrivateKey.Dummy() {
		return fmt.Errorf("unfit: %s has no key that may sign now: it is expired, revoked, for other uses, or kept elsewhere", name)
	}
	if asked.RSA && key.PublicKey.PubKeyAlgo != packet.PubKeyAlgoRSA && key.PublicKey.PubKeyAlgo != packet.PubKeyAlgoDSA {
		return fmt.Errorf("curve: %s signs on a curve, which Terraform's registry does not know", name)
	}
	if !key.PrivateKey.Encrypted {
		return nil
	}
	if asked.Passphrase == "" {
		return fmt.Errorf("locked: %s has a passphrase, and none was given", name)
	}
	if err := key.PrivateKey.Decrypt([]byte(asked.Passphrase)); err != nil {
		return fmt.Errorf("passphrase: the passphrase is not that of %s", name)
	}
	return nil
}
