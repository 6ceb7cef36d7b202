// Keys that sign, each tried before it is used. What a parser quotes of one is never told.
package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// A keyRequest is a key, and what it has to be fit for.
type keyRequest struct {
	Key        string `json:"key" yaml:"key"`
	Passphrase string `json:"passphrase" yaml:"passphrase"`
	// Throwaway asks for a key that is made now and kept nowhere.
	Throwaway bool `json:"throwaway" yaml:"throwaway"`
	// RSA refuses keys on curves.
	RSA bool `json:"rsa" yaml:"rsa"`
	// Same refuses keys whose signatures of the same text differ.
	Same bool `json:"same" yaml:"same"`
}

// signerOf gives an entity whose signing key can be used.
func signerOf(asked keyRequest, config *packet.Config) (*openpgp.Entity, error) {
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

func unlock(entity *openpgp.Entity, asked keyRequest, now time.Time) error {
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
	if algorithm := key.PublicKey.PubKeyAlgo; asked.Same && (key.PublicKey.Version != 4 || algorithm != packet.PubKeyAlgoRSA && algorithm != packet.PubKeyAlgoEdDSA) {
		return fmt.Errorf("random: %s never signs the same way twice, so that packages would differ each time", name)
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
