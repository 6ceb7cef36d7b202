// Signatures of packages. The same key signs the same package the same way, whenever it does.
package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/goreleaser/nfpm/v2"
)

// A signRequest is the key for a package's format.
type signRequest struct {
	OpenPGP *keyRequest `yaml:"openpgp"`
	// Now is when the key has to be valid, in seconds since 1970.
	Now int64 `yaml:"now"`
	// RSA is a private key (PKCS #8 in base64), KeyName the file that machines have its public part in.
	RSA     string `yaml:"rsa"`
	KeyName string `yaml:"key_name"`
}

type signer func(io.Reader) ([]byte, error)

// prepare has a package signed when it is made.
func prepare(info *nfpm.Info, format string, asked *signRequest) error {
	switch {
	case asked == nil:
		return nil
	case format == "apk":
		sign, err := rsaSigner(asked.RSA)
		info.APK.Signature.SignFn, info.APK.Signature.KeyName = sign, asked.KeyName
		return err
	case asked.OpenPGP == nil:
		return errors.New("there is no key for this format")
	}
	sign, err := openpgpSigner(*asked.OpenPGP, time.Unix(asked.Now, 0), info.MTime)
	if format == "rpm" {
		info.RPM.Signature.SignFn = sign
	} else {
		info.Deb.Signature.SignFn = armored(sign)
	}
	return err
}

// openpgpSigner dates signatures as the package, or as the key where that is younger.
func openpgpSigner(asked keyRequest, now, date time.Time) (signer, error) {
	same := false
	config := &packet.Config{
		Time:                                  func() time.Time { return now },
		NonDeterministicSignaturesViaNotation: &same,
	}
	entity, err := signerOf(asked, config)
	if err != nil {
		return nil, err
	}
	key, _ := entity.SigningKey(now)
	for _, made := range []time.Time{entity.PrimaryKey.CreationTime, key.PublicKey.CreationTime} {
		if made.After(date) {
			date = made
		}
	}
	return func(data io.Reader) ([]byte, error) {
		text, err := io.ReadAll(data)
		if err != nil {
			return nil, err
		}
		signature := &packet.Signature{
			Version:           key.PublicKey.Version,
			SigType:           packet.SigTypeBinary,
			PubKeyAlgo:        key.PublicKey.PubKeyAlgo,
			Hash:              crypto.SHA256,
			CreationTime:      date,
			IssuerKeyId:       &key.PublicKey.KeyId,
			IssuerFingerprint: key.PublicKey.Fingerprint,
		}
		digest := sha256.New()
		digest.Write(text)
		if err := signature.Sign(digest, key.PrivateKey, config); err != nil {
			return nil, err
		}
		var made bytes.Buffer
		if err := signature.Serialize(&made); err != nil {
			return nil, err
		}
		_, err = openpgp.CheckDetachedSignature(openpgp.EntityList{entity}, bytes.NewReader(text), bytes.NewReader(made.Bytes()), config)
		return made.Bytes(), err
	}, nil
}

func armored(sign signer) signer {
	return func(data io.Reader) ([]byte, error) {
		signature, err := sign(data)
		if err != nil {
			return nil, err
		}
		var text bytes.Buffer
		writer, err := armor.Encode(&text, openpgp.SignatureType, nil)
		if err != nil {
			return nil, err
		}
		if _, err := writer.Write(signature); err != nil {
			return nil, err
		}
		err = writer.Close()
		return text.Bytes(), err
	}
}

// rsaSigner signs the SHA-1 of a package's control part, which is what apk checks.
func rsaSigner(key string) (signer, error) {
	der, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return nil, errors.New("the RSA key cannot be read")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	private, ok := parsed.(*rsa.PrivateKey)
	if err != nil || !ok {
		return nil, errors.New("the RSA key cannot be read")
	}
	return func(data io.Reader) ([]byte, error) {
		digest, err := io.ReadAll(data)
		if err != nil {
			return nil, err
		}
		return rsa.SignPKCS1v15(rand.Reader, private, crypto.SHA1, digest)
	}, nil
}
