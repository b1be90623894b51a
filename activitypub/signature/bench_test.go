package signature

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"strings"
	"testing"
	"time"
)

// beside reports do as a multiple of RSA alone, which is timed before and after
// it: the ratio holds on any machine, and roughly on a busy one.
func beside(b *testing.B, rsaAlone, do func() error) {
	b.Helper()
	alone := func() time.Duration {
		start := time.Now()
		rounds := 0
		for ; time.Since(start) < 300*time.Millisecond; rounds++ {
			if err := rsaAlone(); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start) / time.Duration(rounds)
	}
	before := alone()
	b.ReportAllocs()
	for b.Loop() {
		if err := do(); err != nil {
			b.Fatal(err)
		}
	}
	took := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(2*float64(took)/float64(before+alone()), "x-bare-rsa")
}

func BenchmarkVerify(b *testing.B) {
	p := with(follow(), func(p *peer) { p.body = strings.Repeat("x", 4096) })
	r, sum := p.request(b), sha256.Sum256([]byte("x"))
	value, err := rsa.SignPKCS1v15(nil, testKey(), crypto.SHA256, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	beside(b, func() error {
		return rsa.VerifyPKCS1v15(&testKey().PublicKey, crypto.SHA256, sum[:], value)
	}, func() error {
		return check(r, p.body, testPolicy())
	})
}

func BenchmarkSign(b *testing.B) {
	payload, sum := []byte(strings.Repeat("x", 4096)), sha256.Sum256([]byte("x"))
	r := signed(b, "POST", "https://notes.example/users/gwen/inbox", payload)
	beside(b, func() error {
		_, err := rsa.SignPKCS1v15(nil, testKey(), crypto.SHA256, sum[:])
		return err
	}, func() error {
		return Sign(r, payload, testKeys(), Cavage, testNow())
	})
}
