package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"testing"
	"time"
)

// peer is the Fedify server as a test sees it: through its control API.
type peer struct {
	host    string
	control string
}

// peerUser is the peer's one user.
const peerUser = "carol"

// knock is the signature that a peer tries first. signsAll: it covers every header.
type knock struct {
	name, form string
	signsAll   bool
}

// bothKnocks tells a story twice, to peers that knock in either way and answer signed GETs
// alone.
func bothKnocks(t *testing.T, story func(t *testing.T, k knock)) {
	t.Helper()
	t.Parallel()
	needPeer(t)
	for _, k := range []knock{{"RFC 9421 first", "rfc9421", false}, {"draft-cavage first", "draft-cavage-http-signatures-12", true}} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			story(t, k)
		})
	}
}

func (k knock) settings(more ...string) []string {
	return append(more, "PEER_KNOCK="+k.form, "PEER_AUTHFETCH=1")
}

var readyLine = regexp.MustCompile(`(?m)^ready \S+ control (\S+)$`)

// startPeer runs the peer there, over https. settings are more of its environment
// variables, such as PEER_KNOCK.
func startPeer(t testing.TB, ca *authority, at place, settings ...string) *peer {
	t.Helper()
	cmd := exec.Command(needPeer(t), "index.mjs")
	cmd.Dir = peerFolder
	cmd.Env = append(environment(), append(settings, "PEER_ORIGIN=https://"+at.host, "PEER_LISTEN="+at.address, "PEER_USER="+peerUser,
		"PEER_TLS="+ca.dir, "NODE_EXTRA_CA_CERTS="+ca.file("ca.pem"), "NODE_NO_WARNINGS=1")...)
	// The peer ends with its standard input: it outlives no test, however that ends.
	stdin, inWriter, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin = stdin
	t.Cleanup(func() { _, _ = inWriter.Close(), stdin.Close() })
	child := start(t, "peer "+at.host, cmd, nil)
	p := &peer{host: at.host}
	eventually(t, startTime, "the peer is ready", func() error {
		if err := child.running(); err != nil {
			t.Fatal(err)
		}
		found := readyLine.FindStringSubmatch(child.log.String())
		if found == nil {
			return fmt.Errorf("it printed no ready line")
		}
		p.control = found[1]
		return nil
	})
	return p
}

var controlClient = &http.Client{Timeout: 3 * time.Minute}

// try has the peer do something; into receives the JSON answer.
func (p *peer) try(path string, ask, into any) error {
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	res, err := controlClient.Post(p.control+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("peer %s: %s", path, answer)
	}
	return json.Unmarshal(answer, into)
}

// ask is a try that must succeed.
func ask[T any](t testing.TB, p *peer, path string, about map[string]any) T {
	t.Helper()
	var into T
	if err := p.try(path, about, &into); err != nil {
		t.Fatal(err)
	}
	return into
}

// understood is what Fedify made of a document. Dropped are the terms that a JSON-LD
// processor loses from it.
type understood struct {
	ID, Class, Name, Summary, Content, Published, Updated, URL string
	StartTime, EndTime                                         string // of an event
	TotalItems                                                 *int
	Dropped                                                    []string
	Image                                                      *shownPicture
	Attachments                                                []shownPicture
}

// shownPicture is a picture of an object, or a field of a profile, as the peer understood it.
type shownPicture struct {
	Class, URL, Name, Value, MediaType string
	Width, Height                      int
}

// done names what an action of the peer made.
type done struct{ Activity, Object, Actor string }

// webFinger is RFC 7033's answer, as far as tests look at it.
type webFinger struct {
	Subject string
	Aliases []string
	Links   []struct{ Rel, Type, Href string }
}

// document is the answer to a signed GET.
type document struct {
	Status      int
	ContentType string
	Document    map[string]any
	Understood  understood
	ParseError  string
}

// get has the peer fetch a document with its user's signature.
func (p *peer) get(t testing.TB, url string) document {
	t.Helper()
	return ask[document](t, p, "/get", map[string]any{"url": url})
}

// delivery is an activity that the peer received.
type delivery struct {
	Path       string
	Signature  string // rfc9421, draft-cavage, none
	Verified   bool
	KeyID      string
	Reason     string
	Status     int // what the peer answered
	Errors     []string
	Activity   map[string]any
	Understood *understood
	ParseError string
}

// object is the activity's embedded object.
func (d delivery) object() map[string]any {
	o, _ := d.Activity["object"].(map[string]any)
	return o
}

// all are the activities of a type that the peer has received, "" for every type. One whose
// signature it refused isn't counted: it comes again, in another form.
func (p *peer) all(t testing.TB, typ string) []delivery {
	t.Helper()
	about := map[string]any{}
	if typ != "" {
		about["type"] = typ
	}
	return slices.DeleteFunc(ask[[]delivery](t, p, "/received", about), func(d delivery) bool { return d.Status == http.StatusUnauthorized })
}

// received waits for the n-th activity of a type, the first being 1.
func (p *peer) received(t testing.TB, typ string, n int) delivery {
	t.Helper()
	var all []delivery
	eventually(t, patience, fmt.Sprintf("the peer has %d %s", n, typ), func() error {
		if all = p.all(t, typ); len(all) < n {
			return fmt.Errorf("it has %d", len(all))
		}
		return nil
	})
	return all[n-1]
}

// answer is what a raw request was told.
type answer struct {
	Status int
	Body   string
}

func (p *peer) actor() string { return "https://" + p.host + "/users/" + peerUser }

func (p *peer) handle() string { return "@" + peerUser + "@" + p.host }
