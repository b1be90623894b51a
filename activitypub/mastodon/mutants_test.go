package mastodon

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// entry is a part of testdata/good.txt: what stands at a URL from then on, or what is
// judged then: a request, with who signs it, an account, or what is gone.
type entry struct{ head, text string }

func script(t testing.TB) (all []entry) {
	t.Helper()
	file, err := os.ReadFile("testdata/good.txt")
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(string(file), "=== "), "\n=== ") {
		head, text, _ := strings.Cut(part, "\n")
		all = append(all, entry{head, strings.ReplaceAll(text, `"PEM"`, onceKey().pem)})
	}
	return all
}

// onceKey is the key of everybody; making one takes time.
var onceKey = sync.OnceValue(func() (k struct {
	private *rsa.PrivateKey
	pem     string // in JSON
}) {
	var err error
	if k.private, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&k.private.PublicKey)
	if err != nil {
		panic(err)
	}
	quoted, err := json.Marshal(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	if err != nil {
		panic(err)
	}
	k.pem = string(quoted)
	return k
})

var evening = time.Date(2026, 6, 11, 19, 0, 0, 0, time.UTC)

// mutant is one change of the script: of a text, or of the header of a request, once it is
// signed.
type mutant struct {
	at       string // the head of what is changed, or its beginning
	old, new string
	header   bool
	with     []string // rules that it can't but break too, by how they begin
}

// spoil makes the change in the first place where it can be made.
func (m mutant) spoil(all []entry) (spoiled []entry, ok bool) {
	spoiled = slices.Clone(all)
	for i, e := range spoiled {
		if !m.header && strings.HasPrefix(e.head, m.at) && strings.Contains(e.text, m.old) {
			spoiled[i].text = strings.Replace(e.text, m.old, m.new, 1)
			return spoiled, true
		}
	}
	return spoiled, m.header
}

// play runs a script, and returns who judged it.
func play(t testing.TB, all []entry, m mutant) *Judge {
	t.Helper()
	world := map[string]Answer{}
	j := New("https://notes.example", func(at, _ string) Answer { return world[at] }, func() time.Time { return evening })
	headed := !m.header
	for _, e := range all {
		what, of, _ := strings.Cut(e.head, " ")
		switch what {
		case "GET", "POST":
			at, by, _ := strings.Cut(of, " ")
			by, form, _ := strings.Cut(by, " ")
			r := signed(t, what, at, "https://notes.example/users/"+by, e.text)
			if form == "RFC 9421" {
				signMessage(t, &r, "https://notes.example/users/"+by)
			}
			if !headed && strings.HasPrefix(e.head, m.at) {
				headed = spoilHeader(r.Header, m)
			}
			j.Request(r)
		case "DOCUMENT":
			j.Document(of)
		case "ACCOUNT":
			j.Account(of)
		case "GONE":
			j.Gone(of)
		case "DEPARTED":
			j.Departed(of)
		default:
			status, rest, _ := strings.Cut(e.text, " ")
			kind, body, _ := strings.Cut(rest, "\n")
			code, err := strconv.Atoi(status)
			if err != nil {
				t.Fatalf("%s: %v", e.head, err)
			}
			world[e.head] = Answer{code, kind, []byte(body)}
		}
	}
	if !headed {
		t.Errorf("no header of %s has %q to change", m.at, m.old)
	}
	return j
}

func spoilHeader(h http.Header, m mutant) (done bool) {
	for name, values := range h {
		line := name + ": " + values[0]
		if changed := strings.Replace(line, m.old, m.new, 1); changed != line {
			h.Del(name)
			name, value, _ := strings.Cut(changed, ": ")
			h.Set(name, value)
			return true
		}
	}
	return false
}

// signed makes a request, signed as Mastodon signs its own.
func signed(t testing.TB, method, at, by, body string) Request {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	r := Request{Method: method, URL: at, Header: http.Header{"Host": {u.Host}, "Date": {evening.Format(http.TimeFormat)}, "Accept": {acceptDocument}}}
	covered := []string{"(request-target)", "host", "date", "accept"}
	if method == http.MethodPost {
		sum := sha256.Sum256([]byte(body))
		r.Body, r.Shared, covered[3] = []byte(body), "https://social.example/inbox", "digest"
		r.Header.Set("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
		r.Header.Set("Content-Type", "application/activity+json")
	}
	signature, err := sign(signedText(&r, covered))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Signature", `keyId="`+by+`#main-key",algorithm="rsa-sha256",headers="`+strings.Join(covered, " ")+`",signature="`+signature+`"`)
	return r
}

// signMessage signs a request by RFC 9421 instead, as Mastodon does from 4.7 on.
func signMessage(t testing.TB, r *Request, by string) {
	t.Helper()
	components := `"@method" "@target-uri"`
	if r.Method == http.MethodPost {
		sum := sha256.Sum256(r.Body)
		r.Header.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
		components += ` "content-digest"`
	}
	r.Header.Set("Signature-Input", fmt.Sprintf(`sig1=(%s);created=%d;keyid="%s#main-key"`, components, evening.Unix(), by))
	signature, err := sign(messageOf(r).base(r))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Signature", "sig1=:"+signature+":")
}

// signatures are kept: the same requests are signed for each mutant, and signing takes time.
var signatures sync.Map

func sign(text string) (string, error) {
	if known, ok := signatures.Load(text); ok {
		return known.(string), nil
	}
	sum := sha256.Sum256([]byte(text))
	made, err := rsa.SignPKCS1v15(rand.Reader, onceKey().private, crypto.SHA256, sum[:])
	signature := base64.StdEncoding.EncodeToString(made)
	signatures.Store(text, signature)
	return signature, err
}

func TestWhatIsGoodPasses(t *testing.T) {
	t.Parallel()
	j := play(t, script(t), mutant{})
	for _, f := range j.Findings() {
		t.Error(f)
	}
	for _, rule := range j.Unmet() {
		t.Errorf("nothing is held against the rule %s", rule.Name())
	}
}

// Each rule rejects every mutant of what is good that was made for it, and no other rule
// does, but for those that it can't be told from.
func TestEachRuleRejectsItsMutants(t *testing.T) {
	t.Parallel()
	good, of := script(t), map[string]string{} // rules by how they begin
	for begins := range mutants {
		for _, r := range rules {
			if strings.HasPrefix(r.Name(), begins) {
				of[begins] += r.Name()
			}
		}
		if !slices.ContainsFunc(rules, func(r Rule) bool { return r.Name() == of[begins] }) {
			t.Errorf("%q begins no rule, or several: %s", begins, of[begins])
		}
	}
	for _, fact := range Facts() {
		t.Run(fmt.Sprintf("fact %d", fact), func(t *testing.T) {
			t.Parallel()
			for _, r := range rules {
				if r.Fact == fact {
					t.Run(r.Wants, func(t *testing.T) { rejectAll(t, good, r, of) })
				}
			}
		})
	}
}

func rejectAll(t *testing.T, good []entry, r Rule, of map[string]string) {
	made := 0
	for begins, all := range mutants {
		if of[begins] != r.Name() {
			continue
		}
		for _, m := range all {
			made++
			reject(t, good, r, m)
		}
	}
	if made == 0 {
		t.Error("it has no mutant: it may let everything pass")
	}
}

func reject(t *testing.T, good []entry, r Rule, m mutant) {
	t.Helper()
	spoiled, ok := m.spoil(good)
	if !ok {
		t.Errorf("no mutant: %s has no %q", m.at, m.old)
		return
	}
	met := false
	for _, f := range play(t, spoiled, m).Findings() {
		met = met || f.Name() == r.Name()
		if f.Name() != r.Name() && !slices.ContainsFunc(m.with, func(begins string) bool { return strings.HasPrefix(f.Name(), begins) }) {
			t.Errorf("%q for %q breaks another rule: %s", m.new, m.old, f)
		}
	}
	if !met {
		t.Errorf("%q for %q at %s passes", m.new, m.old, m.at)
	}
}
