package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"confnotes/models"
)

// One conference on three servers, each of which imported another of its files: the talk's
// page on each shows the notes of all. A fourth that knows no conferences follows one of the
// Groups, and hears of what is written there alone. One server is blocked by one, and its notes
// are gone there and nowhere else.
func TestThreeServersHoldOneConference(t *testing.T) {
	t.Parallel()
	needPeer(t)
	ours, theirs := needPlaces(t, 3, 1)
	ca := newAuthority(t)
	p := startPeer(t, ca, theirs[0], "PEER_AUTHFETCH=1")
	var halls []*hall
	for i, file := range []string{"frab-schedule-v1.xml", "frab-schedule.json", "pretalx-schedule.ics"} {
		halls = append(halls, newHall(t, ca, ours[i], file))
	}
	a, b, c := halls[0], halls[1], halls[2]
	a.welcome(t, models.CoverageOpen)
	b.welcome(t, models.CoverageOpen) // c's managers look at what comes
	a.tells(t, p)
	a.publish(t, "Tides seen from A")
	b.publish(t, "Tides seen from B")
	c.publish(t, "Tides seen from C")

	a.decide(t, url.Values{"action": {"follow"}, "address": {"@kormoran2026@" + ours[1].host}})
	a.decide(t, url.Values{"action": {"follow"}, "address": {"@kormoran2026@" + ours[2].host}})
	a.shows(t, "Tides seen from B", "Tides seen from C")
	a.told(t, p, "Tides seen from A")
	b.shows(t, "Tides seen from A") // which had followed it, and it takes all that comes
	c.shows(t)
	c.follow(t, ours[0].host)
	c.decide(t, url.Values{"action": {"follow"}, "address": {"@kormoran2026@" + ours[1].host}})
	c.approve(t, 2)
	c.shows(t, "Tides seen from A", "Tides seen from B")
	b.shows(t, "Tides seen from A", "Tides seen from C")

	a.block(t, "Tides seen from B")
	a.shows(t, "Tides seen from C")
	b.shows(t, "Tides seen from A", "Tides seen from C")
	c.shows(t, "Tides seen from A", "Tides seen from B")
	b.publish(t, "Tides put right by B", "--update")
	c.shows(t, "Tides put right by B", "Tides seen from A")
	a.shows(t, "Tides seen from C")
	a.unblock(t)
	a.follow(t, ours[1].host)
	a.shows(t, "Tides put right by B", "Tides seen from C")
	b.delete(t)
	a.shows(t, "Tides seen from C")
	c.shows(t, "Tides seen from A")
	a.told(t, p, "Tides seen from A") // as before: what sisters wrote, their own Groups announce
	for _, h := range halls {
		h.full.process.stop(t)
	}
}

// hall is a server with the conference, and its owner's browser.
type hall struct {
	*venue
	talk *models.Talk
	page string // of the talk
}

// newHall sets the conference up from a shell, with one of its schedules, and serves it.
func newHall(t *testing.T, ca *authority, at place, file string) *hall {
	t.Helper()
	in := newSecure(t, ca, at)
	in.addAuthor(t)
	in.start(t)
	in.must(t, "", "conference", "add", "kormoran2026", "--name", "Kormoran Conf 2026", "--zone", "Europe/Paris", "--start", "2026-06-11", "--end", "2026-06-12")
	in.must(t, "", "import", "schedule", scheduleSample(t, file), "--conference", "kormoran2026")
	h := &hall{venue: &venue{full: in, cookies: map[string]*http.Cookie{}, store: openStore(t, in)}}
	h.signIn(t, author)
	found, err := h.store.Talks.Called(t.Context(), [][2]string{{"code", "BFEB73"}})
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v", file, found, err)
	}
	if h.talk, err = h.store.Talks.ByID(t.Context(), found[0].TalkID); err != nil {
		t.Fatal(err)
	}
	h.page = "/conferences/kormoran2026/talks/" + h.talk.Slug
	return h
}

// tells has a peer follow the conference here, and write about it.
func (h *hall) tells(t *testing.T, p *peer) {
	t.Helper()
	group := h.full.baseURL + "/users/kormoran2026"
	ask[done](t, p, "/follow", map[string]any{"actor": group})
	p.received(t, "Accept", 1)
	ask[done](t, p, "/post", map[string]any{"content": "<p>I listened from the pier.</p>", "mention": []string{group}})
	eventually(t, patience, "what the peer wrote stands here", func() error {
		if _, page := h.send(t, h.full, nobody, "/conferences/kormoran2026", nil); !strings.Contains(page, "I listened from the pier.") {
			return fmt.Errorf("the page is %s", page)
		}
		return nil
	})
}

// told waits until the peer has heard of articles from the conference's Group, and checks
// that it heard of no other; that it can read each, signed; and whose it is.
func (h *hall) told(t *testing.T, p *peer, titles ...string) {
	t.Helper()
	p.received(t, "Announce", 2*len(titles)) // in both forms
	heard := map[string]bool{}
	for _, d := range p.all(t, "Announce") {
		read := p.get(t, fmt.Sprint(d.Activity["object"]))
		if o, ok := read.Document["object"].(map[string]any); ok { // of the Create
			read.Document = o
		}
		if !d.Verified || d.Activity["actor"] != h.full.baseURL+"/users/kormoran2026" || read.Document["attributedTo"] != h.full.baseURL+"/users/"+author {
			t.Errorf("the peer was told %+v, and reads %v", d, read.Document)
		}
		heard[fmt.Sprint(read.Document["name"])] = true
	}
	if got := slices.Sorted(maps.Keys(heard)); !slices.Equal(got, titles) {
		t.Errorf("the peer heard of %q, want %q", got, titles)
	}
}

// welcome says what coverage meets.
func (h *hall) welcome(t *testing.T, coverage string) {
	t.Helper()
	h.does(t, author, "/conferences/kormoran2026/edit", url.Values{"action": {"save"}, "name": {"Kormoran Conf 2026"}, "zone": {"Europe/Paris"}, "start": {"2026-06-11"}, "end": {"2026-06-12"},
		"announces": {models.AnnounceEverything}, "coverage": {coverage}})
}

// publish publishes a note on the talk from a file, or over it.
func (h *hall) publish(t *testing.T, title string, more ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "note.md")
	text := fmt.Sprintf("---\ntitle: %q\nlanguage: en\nslug: tides\nconference: kormoran2026\ntalk: %s\n---\n\nYou size for the *spring* tide.\n", title, h.talk.Slug)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	h.full.must(t, "", append([]string{"publish", file, "--as", author}, more...)...)
}

// decide posts a form of the page of coverage.
func (h *hall) decide(t *testing.T, form url.Values) {
	t.Helper()
	h.does(t, author, "/coverage/kormoran2026", form)
}

var noteElsewhere = regexp.MustCompile(`<h3[^>]*><a class="p-name u-url" href="(https://[^"]+)"[^>]*>([^<]+)</a>`)

// shows waits until these notes stand on the talk's page from elsewhere, beside its own, and
// looks at what is said of them.
func (h *hall) shows(t *testing.T, titles ...string) {
	t.Helper()
	eventually(t, patience, fmt.Sprintf("%s shows %q", h.full.baseURL, titles), func() error {
		_, page := h.send(t, h.full, nobody, h.page, nil)
		_, section, _ := strings.Cut(page, `id="elsewhere"`)
		var got []string
		for _, m := range noteElsewhere.FindAllStringSubmatch(section, -1) {
			got = append(got, m[2])
			if strings.HasPrefix(m[1], h.full.baseURL) {
				return fmt.Errorf("%s is called a note elsewhere", m[1])
			}
		}
		if slices.Sort(got); !slices.Equal(got, titles) {
			return fmt.Errorf("it shows %q", got)
		}
		if len(got) > 0 && (!strings.Contains(section, "Gwen Le Goff") || !strings.Contains(section, "You size for the spring tide.")) {
			return fmt.Errorf("it doesn't say who wrote what:\n%s", section)
		}
		return nil
	})
}

var anySister = regexp.MustCompile(`(?s)<bdi>(@kormoran2026@[^<]+)</bdi>.*?name="sister" value="(\d+)"`)

// follow waits until a server's Group is proposed, and follows it.
func (h *hall) follow(t *testing.T, host string) {
	t.Helper()
	eventually(t, patience, h.full.baseURL+" hears of "+host, func() error {
		_, page := h.send(t, h.full, author, "/coverage/kormoran2026", nil)
		for _, m := range anySister.FindAllStringSubmatch(page, -1) {
			if m[1] == "@kormoran2026@"+host {
				h.decide(t, url.Values{"action": {"follow"}, "sister": {m[2]}})
				return nil
			}
		}
		return fmt.Errorf("it isn't on the page of coverage:\n%s", page)
	})
}

var newestWaiting = regexp.MustCompile(`name="last" value="(\d+)"`)

// approve waits until so many notes wait, and shows them all.
func (h *hall) approve(t *testing.T, n int) {
	t.Helper()
	eventually(t, patience, fmt.Sprintf("%d notes wait at %s", n, h.full.baseURL), func() error {
		_, page := h.send(t, h.full, author, "/coverage/kormoran2026", nil)
		last := newestWaiting.FindStringSubmatch(page)
		if last == nil || strings.Count(page, `name="post"`) != n {
			return fmt.Errorf("there are %d", strings.Count(page, `name="post"`))
		}
		h.decide(t, url.Values{"action": {"show-all"}, "last": last[1:]})
		return nil
	})
}

// block keeps the server of who wrote a note away, from the page of coverage.
func (h *hall) block(t *testing.T, title string) {
	t.Helper()
	_, page := h.send(t, h.full, author, "/coverage/kormoran2026?state=shown", nil)
	_, item, _ := strings.Cut(page, title)
	post := regexp.MustCompile(`name="block-server" value="(\d+)"`).FindStringSubmatch(item)
	if post == nil {
		t.Fatalf("%q can't be blocked:\n%s", title, page)
	}
	h.decide(t, url.Values{"block-server": post[1:]})
}

func (h *hall) unblock(t *testing.T) {
	t.Helper()
	_, page := h.send(t, h.full, author, "/blocks", nil)
	block := regexp.MustCompile(`name="block" value="(\d+)"`).FindStringSubmatch(page)
	if block == nil {
		t.Fatalf("nothing is blocked:\n%s", page)
	}
	h.does(t, author, "/blocks", url.Values{"action": {"unblock"}, "block": block[1:]})
}

// delete deletes the author's note.
func (h *hall) delete(t *testing.T) {
	t.Helper()
	note, err := h.store.Posts.ByPath(t.Context(), author, "tides")
	if err != nil {
		t.Fatal(err)
	}
	h.does(t, author, "/write/"+*note.PublicID, url.Values{"action": {"delete"}, "confirm": {"yes"}, "client_id": {*note.ClientID}, "version": {"2"}, "language": {"en"}})
}
