package fetch

import (
	"context"
	"crypto"
	"crypto/rsa"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"confnotes/activitypub/signature"

	"golang.org/x/net/dns/dnsmessage"
)

const keyID = "https://notes.example/users/notes.example#main-key"

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := signature.GenerateKey()
	if err != nil {
		panic(err)
	}
	return key
})

func prefixes(text ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, one := range text {
		all = append(all, netip.MustParsePrefix(one))
	}
	return all
}

// lab is a client that may reach this machine, signs, and gives up soon.
func lab(t *testing.T, change func(*Options, *limits)) *Client {
	t.Helper()
	o := Options{
		UserAgent:     "confnotes/test (+https://notes.example/)",
		AllowNetworks: prefixes("127.0.0.0/8", "::1/128"),
		AllowHTTP:     true,
		SignAs: func(context.Context) (signature.Keys, error) {
			return signature.Keys{RSA: signature.Key{ID: keyID, Private: testKey()}}, nil
		},
	}
	l := defaultLimits()
	if change != nil {
		change(&o, &l)
	}
	c := newClient(o, l)
	t.Cleanup(c.Close)
	return c
}

// serve starts a peer. Its handler learns the peer's own base URL.
func serve(t *testing.T, handler func(base string, w http.ResponseWriter, r *http.Request)) string {
	t.Helper()
	var base string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler(base, w, r)
	}))
	base = "http://" + server.Listener.Addr().String()
	server.Start()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return base
}

func activity(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/activity+json")
	_, _ = io.WriteString(w, body)
}

func note(id string) string {
	return fmt.Sprintf(`{"@context":"https://www.w3.org/ns/activitystreams","id":%q,"type":"Note"}`, id)
}

// verify answers whether a peer would take r for signed by us, now and there.
func verify(r *http.Request, body []byte) error {
	s, err := signature.Parse(r, body, signature.Policy{Authorities: []string{r.Context().Value(http.LocalAddrContextKey).(net.Addr).String()}, Scheme: "http", Now: time.Now()})
	if err != nil {
		return err
	}
	key, ok := map[string]crypto.PublicKey{keyID: &testKey().PublicKey, edKeyID: edKey().Public()}[s.KeyID]
	if !ok {
		return fmt.Errorf("key id %q", s.KeyID)
	}
	return s.Verify(key)
}

// names is a DNS server that answers each question for an IPv4 address with
// what next returns.
func names(next func() [4]byte) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe() // no packets, so messages go with a length, as over TCP
		go func() {
			defer ours.Close()
			for answerName(ours, next) == nil {
			}
		}()
		return theirs, nil
	}}
}

func answerName(conn io.ReadWriter, next func() [4]byte) error {
	var length uint16
	if err := binary.Read(conn, binary.BigEndian, &length); err != nil {
		return err
	}
	raw := make([]byte, length)
	if _, err := io.ReadFull(conn, raw); err != nil {
		return err
	}
	var m dnsmessage.Message
	if err := m.Unpack(raw); err != nil {
		return err
	}
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	if m.Questions[0].Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Class: dnsmessage.ClassINET},
			Body:   &dnsmessage.AResource{A: next()},
		}}
	}
	packed, err := m.Pack()
	if err != nil {
		return err
	}
	_, err = conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...))
	return err
}
