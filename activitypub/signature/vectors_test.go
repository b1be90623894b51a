package signature

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

// rfcRequest is the request of RFC 9421 appendix B.2, as a server reads it.
func rfcRequest(t testing.TB, header ...string) *http.Request {
	t.Helper()
	text := "POST /foo?param=Value&Pet=dog HTTP/1.1\r\nHost: example.com\r\nDate: Tue, 20 Apr 2021 02:07:55 GMT\r\n" +
		"Content-Type: application/json\r\nContent-Digest: " + rfcDigest + "\r\nContent-Length: 18\r\n" +
		strings.Join(append(header, ""), "\r\n") + "\r\n" + rfcBody
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const (
	rfcBody   = `{"hello": "world"}`
	rfcDigest = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"
	// The public keys of appendix B.1.2 and B.1.4, and the secret of B.1.5.
	rfcPSSKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`
	rfcEd25519Key = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`
	rfcSecret = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
)

// rfcVectors are those of appendix B.2 that sign the request, with the bases that it
// prints. B.2.4 signs an answer.
var rfcVectors = []struct {
	name, input, signature, base string
	refused                      string // instead of a base
}{
	{name: "B.2.1", input: `sig-b21=();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"`,
		signature: "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==",
		base:      `"@signature-params": ();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"`},
	{name: "B.2.2", input: `sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"`,
		signature: "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==",
		refused:   "parameters, which are not supported"},
	{name: "B.2.3", input: `sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"`,
		signature: "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==",
		base: `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@query": ?param=Value&Pet=dog
"@authority": example.com
"content-type": application/json
"content-digest": ` + rfcDigest + `
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"`},
	{name: "B.2.5", input: `sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"`,
		signature: "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
		base: `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@authority": example.com
"content-type": application/json
"@signature-params": ("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"`},
	{name: "B.2.6", input: `sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`,
		signature: "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
		base: `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`},
}

// TestTheVectorsOfTheRFC: what we say was signed is what RFC 9421 says was signed, and
// its signatures verify with its keys.
func TestTheVectorsOfTheRFC(t *testing.T) {
	t.Parallel()
	for _, tt := range rfcVectors {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			label := "sig-" + strings.ReplaceAll(strings.ToLower(tt.name), ".", "")
			r := rfcRequest(t, "Signature-Input: "+tt.input, "Signature: "+label+"=:"+tt.signature+":")
			inputs, err := dictionary(r.Header, "Signature-Input")
			if err != nil {
				t.Fatal(err)
			}
			signatures, err := dictionary(r.Header, "Signature")
			if err != nil {
				t.Fatal(err)
			}
			m, err := readMessage(label, inputs, signatures)
			if err != nil {
				t.Fatal(err)
			}
			bases, err := m.bases(r, Policy{Scheme: "https", Authorities: []string{"example.com"}})
			if tt.refused != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refused) {
					t.Fatalf("got %v, want a refusal", err)
				}
				return
			}
			if err != nil || len(bases) != 1 || string(bases[0]) != tt.base {
				t.Fatalf("the base is\n%s\nwant\n%s\n%v", bases, tt.base, err)
			}
			checkVector(t, m, bases[0])
		})
	}
}

func checkVector(t *testing.T, m *message, base []byte) {
	t.Helper()
	if m.keyID == "test-shared-secret" {
		secret, _ := base64.StdEncoding.DecodeString(rfcSecret)
		mac := hmac.New(sha256.New, secret)
		mac.Write(base)
		if !hmac.Equal(mac.Sum(nil), m.signature) {
			t.Error("the base doesn't match the RFC's HMAC")
		}
		return
	}
	key, err := ParsePublicKey(map[string]string{"test-key-rsa-pss": rfcPSSKey, "test-key-ed25519": rfcEd25519Key}[m.keyID])
	if err != nil {
		t.Fatal(err)
	}
	if m.keyID == "test-key-rsa-pss" {
		m.alg = algPSS // the RFC's key says so itself
	}
	if matches, err := m.matches(base, key); err != nil || !matches {
		t.Errorf("the RFC's signature doesn't match, %v", err)
	}
	if matches, _ := m.matches(append(bytes.Clone(base), ' '), key); matches {
		t.Error("it matches another base, too")
	}
}
