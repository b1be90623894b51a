package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

const (
	minKeyBits = 2048
	maxKeyBits = 8192      // verifying grows with the square of the size
	maxKeyPEM  = 16 * 1024 // bytes; an 8192-bit private key takes 6.4 KB
)

// GenerateKey makes a new RSA key of 2048 bits, the size that every peer
// accepts. It takes tens of milliseconds of CPU: make keys in the background.
func GenerateKey() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, minKeyBits)
	if err != nil {
		return nil, fmt.Errorf("generate RSA key: %w", err)
	}
	return key, nil
}

// GenerateEd25519 makes a new Ed25519 key, in microseconds.
func GenerateEd25519() (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate Ed25519 key: %w", err)
	}
	return key, nil
}

// EncodePrivateKey writes key as a PKCS#8 "PRIVATE KEY" PEM block.
func EncodePrivateKey(key crypto.Signer) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("encode private key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// EncodePublicKey writes key as an SPKI "PUBLIC KEY" PEM block, the form of an
// actor's publicKeyPem.
func EncodePublicKey(key crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("encode public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// ParsePrivateKey reads an RSA key of 2048 to 8192 bits, or an Ed25519 key, from PKCS#8
// PEM, or RSA from the older PKCS#1 "RSA PRIVATE KEY" that other servers export. Errors
// quote nothing of the input.
func ParsePrivateKey(text string) (crypto.Signer, error) {
	block, err := singleBlock(text)
	if err != nil {
		return nil, fmt.Errorf("parse private key: %w", err)
	}
	var parsed any
	switch block.Type {
	case "PRIVATE KEY":
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	default:
		err = refuse("a PEM block %s is not a private key", quote(block.Type))
	}
	if err != nil {
		return nil, fmt.Errorf("parse private key: %w", err)
	}
	switch key := parsed.(type) {
	case *rsa.PrivateKey:
		if err := checkSize(&key.PublicKey); err != nil {
			return nil, fmt.Errorf("parse private key: %w", err)
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, fmt.Errorf("parse private key: %w", refuse("a key of type %T is not supported, use RSA or Ed25519", parsed))
}

// ParsePublicKey reads an actor's publicKeyPem: an RSA key of 2048 to 8192 bits
// as SPKI, or as the PKCS#1 "RSA PUBLIC KEY" that some servers publish; or an Ed25519 key
// as SPKI. The input may be hostile.
func ParsePublicKey(text string) (crypto.PublicKey, error) {
	block, err := singleBlock(text)
	if err != nil {
		return nil, fmt.Errorf("parse public key: %w", err)
	}
	var parsed any
	switch block.Type {
	case "PUBLIC KEY":
		parsed, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		parsed, err = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		err = refuse("a PEM block %s is not a public key", quote(block.Type))
	}
	if err != nil {
		return nil, fmt.Errorf("parse public key: %w", err)
	}
	switch key := parsed.(type) {
	case *rsa.PublicKey:
		if err := checkSize(key); err != nil {
			return nil, fmt.Errorf("parse public key: %w", err)
		}
		return key, nil
	case ed25519.PublicKey:
		return key, nil
	}
	return nil, fmt.Errorf("parse public key: %w", refuse("a key of type %T is not supported, use RSA or Ed25519", parsed))
}

// singleBlock finds the one PEM block of text. Text after it is refused: a
// second key there would be read by another server and not by us.
func singleBlock(text string) (*pem.Block, error) {
	if len(text) > maxKeyPEM {
		return nil, refuse("the PEM text has %d bytes, at most %d are read", len(text), maxKeyPEM)
	}
	block, rest := pem.Decode([]byte(strings.TrimSpace(text)))
	if block == nil {
		return nil, refuse("no PEM block found")
	}
	if strings.TrimSpace(string(rest)) != "" {
		return nil, refuse("text follows the PEM block")
	}
	return block, nil
}

func checkSize(key *rsa.PublicKey) error {
	if bits := key.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
		return refuse("an RSA key of %d bits is not accepted, only %d to %d", bits, minKeyBits, maxKeyBits)
	}
	return nil
}
