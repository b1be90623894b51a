package signature

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
)

func TestKeysRoundTrip(t *testing.T) {
	t.Parallel()
	key := testKey()
	private, err := EncodePrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := EncodePublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	for name, text := range map[string]string{
		"PKCS#8": private, "PKCS#1": block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), "CRLF": strings.ReplaceAll(private, "\n", "\r\n"),
	} {
		if got, err := ParsePrivateKey(text); err != nil || !got.(*rsa.PrivateKey).Equal(key) {
			t.Errorf("private key as %s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"SPKI": public, "PKCS#1": block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey)),
		"with blanks around": "\n  " + public + "\n\n", "without the last line break": strings.TrimSpace(public),
	} {
		if got, err := ParsePublicKey(text); err != nil || !got.(*rsa.PublicKey).Equal(&key.PublicKey) {
			t.Errorf("public key as %s: %v", name, err)
		}
	}
}

func TestEd25519KeysRoundTrip(t *testing.T) {
	t.Parallel()
	private, err := EncodePrivateKey(edKey())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParsePrivateKey(private); err != nil || !edKey().Equal(got) {
		t.Errorf("the private key came back as %T, %v", got, err)
	}
	own := edKey().Public().(ed25519.PublicKey)
	public, err := EncodePublicKey(own)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParsePublicKey(public); err != nil || !own.Equal(got) {
		t.Errorf("the public key came back as %T, %v", got, err)
	}
	if got, err := ParseMultibase(EncodeMultibase(own)); err != nil || !own.Equal(got) {
		t.Errorf("the multibase key came back as %x, %v", got, err)
	}
}

func TestBadMultibaseKeysAreRefused(t *testing.T) {
	t.Parallel()
	good := EncodeMultibase(edKey().Public().(ed25519.PublicKey))
	for text, fine := range map[string]bool{
		good:                               true,
		"z6MkgoLTnTypo3tDRCvkRXSTPZ4ZNj9A": false, "": false, "z": false, "z6Mk": false, "u7QEm": false, "z0OIl": false,
		EncodeMultibase(make([]byte, 31)): false, EncodeMultibase(make([]byte, 33)): false,
		good[1:]: false, good + "1": false, "z" + strings.Repeat("1", 1<<16): false,
	} {
		if _, err := ParseMultibase(text); (err == nil) != fine {
			t.Errorf("%.60s: %v", text, err)
		}
	}
}

func TestBadKeysAreRefused(t *testing.T) {
	t.Parallel()
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	spki := func(key any) string {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return block("PUBLIC KEY", der)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// No prime is needed for a public key to be of a size.
	sized := func(bits uint) *rsa.PublicKey {
		n := new(big.Int).Lsh(big.NewInt(1), bits-1)
		return &rsa.PublicKey{N: n.Add(n, big.NewInt(1)), E: 65537}
	}
	good := spki(&testKey().PublicKey)
	for name, text := range map[string]string{
		"nothing":               "",
		"junk":                  "hello",
		"an empty block":        block("PUBLIC KEY", nil),
		"a block of junk":       block("PUBLIC KEY", []byte("junk")),
		"1024 bits":             spki(sized(1024)),
		"2047 bits":             spki(sized(2047)),
		"8193 bits":             spki(sized(8193)),
		"1024 bits as PKCS#1":   block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(sized(1024))),
		"ecdsa":                 spki(&curve.PublicKey),
		"a certificate":         block("CERTIFICATE", []byte("x")),
		"a private key":         block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(testKey())),
		"two keys":              good + good,
		"huge input":            strings.Repeat("-----BEGIN ", 1<<20),
		"a huge key":            block("PUBLIC KEY", make([]byte, 1<<20)),
		"one cut short":         good[:len(good)/2],
		"a key after long text": strings.Repeat("text\n", 4000) + good,
		"labels that differ":    strings.Replace(good, "END PUBLIC", "END RSA PUBLIC", 1),
	} {
		if _, err := ParsePublicKey(text); err == nil {
			t.Errorf("%s was accepted as a public key", name)
		}
		if name == "a private key" {
			continue
		}
		if _, err := ParsePrivateKey(text); err == nil {
			t.Errorf("%s was accepted as a private key", name)
		}
	}
	for _, bits := range []uint{2048, 3072, 4096, 8192} {
		if _, err := ParsePublicKey(spki(sized(bits))); err != nil {
			t.Errorf("%d bits: %v", bits, err)
		}
	}
}

func FuzzParsePublicKey(f *testing.F) {
	public, err := EncodePublicKey(&testKey().PublicKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(public)
	f.Add("-----BEGIN RSA PUBLIC KEY-----\nMAA=\n-----END RSA PUBLIC KEY-----")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParsePublicKey(text)
		if err != nil {
			return
		}
		if again, err := EncodePublicKey(key); err != nil {
			t.Errorf("accepted a key that can't be written: %v %s", err, again)
		}
	})
}
