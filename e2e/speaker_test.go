package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// A speaker on another server is mentioned by the first note on their talk and by no other,
// answers with slides and a correction that are taken over, and by one word is mentioned no
// more.
func TestASpeakerElsewhereIsToldAndAnswers(t *testing.T) {
	t.Parallel()
	needPeer(t)
	ours, theirs := needPlaces(t, 1, 1)
	ca := newAuthority(t)
	in := newSecure(t, ca, ours[0])
	in.addAuthor(t)
	in.must(t, password, "account", "add", newcomer, "--role", "author", "--name", "Erell", "--password-stdin")
	in.must(t, "", "conference", "add", "kormoran2026", "--name", "Kormoran Conf 2026", "--zone", "Europe/Paris", "--start", "2026-06-11", "--end", "2026-06-12", "--owner", author)
	in.start(t)
	p := &podium{thread: &thread{in: in}, p: startPeer(t, ca, theirs[0]), v: &venue{full: in, cookies: map[string]*http.Cookie{}, store: openStore(t, in)}}
	p.v.signIn(t, author)
	p.v.signIn(t, newcomer)
	p.awake(t)
	p.told(t)
	p.slides(t)
	p.words(t)
	p.stop(t)
	in.process.stop(t)
}

// podium is what the steps share.
type podium struct {
	*thread
	p    *peer
	v    *venue
	talk *models.Talk
	note string // its id
}

// stage adds a talk by hand, given by the peer's user.
func (p *podium) stage(t *testing.T, title, clock string) *models.Talk {
	t.Helper()
	edit := p.v.does(t, author, "/conferences/kormoran2026/new-talk", url.Values{"client_id": {models.NewPublicID()}, "title": {title}, "kind": {"keynote"}, "start": {"2026-06-11T" + clock}, "end": {"2026-06-11T23:00"}, "room": {"Belle-Île"},
		"speaker-0-name": {"Carol Tanguy"}, "speaker-0-role": {"CTO"}, "speaker-0-acct": {p.p.handle()}})
	c, err := p.v.store.Conferences.ByHandle(t.Context(), "kormoran2026")
	if err != nil {
		t.Fatal(err)
	}
	talk, err := p.v.store.Talks.BySlug(t.Context(), c.ID, strings.Split(edit, "/")[4])
	if err != nil {
		t.Fatal(err)
	}
	return talk
}

// write publishes a note by somebody and returns its id.
func (p *podium) write(t *testing.T, who string, talk *models.Talk, words string) string {
	t.Helper()
	edit := p.v.does(t, who, "/write", url.Values{"action": {"publish"}, "client_id": {models.NewPublicID()}, "language": {"en"}, "replies": {"open"}, "talk": {talk.PublicID}, "title": {talk.Title}, "source": {words}})
	return p.in.baseURL + "/articles/" + strings.TrimPrefix(edit, "/write/")
}

// creates are the articles that the peer was sent; nobody there follows anybody.
func (p *podium) creates(t *testing.T) (ids []string) {
	t.Helper()
	for _, d := range p.p.all(t, "Create") {
		ids = append(ids, fmt.Sprint(d.object()["id"]))
	}
	return ids
}

// awake waits until the peer is found by its address within the time that a form waits: on a
// busy machine its first answer takes longer.
func (p *podium) awake(t *testing.T) {
	t.Helper()
	form := url.Values{"action": {"preview"}, "client_id": {models.NewPublicID()}, "language": {"en"}, "replies": {"open"}, "title": {"Hello"}, "source": {"Hello " + p.p.handle()}}
	eventually(t, patience, "the speaker is found", func() error {
		if _, page := p.v.send(t, p.in, author, "/write", form); !strings.Contains(page, `href="https://`+p.p.host+"/@"+peerUser+`"`) {
			return fmt.Errorf("no mention in %s", page)
		}
		return nil
	})
}

func (p *podium) told(t *testing.T) {
	t.Helper()
	p.talk = p.stage(t, "Ten years of tides", "09:15")
	p.note = p.write(t, author, p.talk, "[12:34] they weigh 4 t.")
	create := p.got(t, p.p, "Create", 1)
	mentioned := false
	tags, _ := create.object()["tag"].([]any)
	for _, tag := range tags {
		tag, _ := tag.(map[string]any)
		mentioned = mentioned || tag["type"] == "Mention" && tag["href"] == p.p.actor() && tag["name"] == p.p.handle()
	}
	if !mentioned || !strings.Contains(fmt.Sprint(create.object()["cc"]), p.p.actor()) || create.object()["id"] != p.note {
		t.Errorf("the speaker isn't mentioned in %v", create.object())
	}
	p.write(t, newcomer, p.talk, "They float.")
	p.in.idle(t)
	if ids := p.creates(t); len(ids) != 1 {
		t.Errorf("the speaker was told of %q, want the first note alone", ids)
	}
}

// conversation opens the conversation of the note once it has what a reply offers.
func (p *podium) conversation(t *testing.T, want string) (path, page string) {
	t.Helper()
	path = "/write/" + strings.TrimPrefix(p.note, p.in.baseURL+"/articles/") + "/conversation"
	eventually(t, patience, "the speaker's reply is there", func() error {
		if _, page = p.v.send(t, p.in, author, path, nil); !strings.Contains(page, want) {
			return fmt.Errorf("no %s", want)
		}
		return nil
	})
	return path, page
}

func (p *podium) slides(t *testing.T) {
	t.Helper()
	ask[done](t, p.p, "/reply", map[string]any{"object": p.note, "content": `<p>Thanks! My slides: <a href="https://slides.example/tides.pdf">slides.example/tides.pdf</a></p>`})
	path, page := p.conversation(t, `value="https://slides.example/tides.pdf"`)
	reply := regexp.MustCompile(`name="reply" value="(\d+)"`).FindStringSubmatch(page)
	p.v.does(t, author, path, url.Values{"action": {"take-link"}, "reply": {reply[1]}, "url": {"https://slides.example/tides.pdf"}, "type": {"slides"}, "talk": {p.talk.PublicID}})
	if _, page := p.v.send(t, p.in, nobody, "/conferences/kormoran2026/talks/"+p.talk.Slug, nil); !strings.Contains(page, "https://slides.example/tides.pdf") || !strings.Contains(page, "from the speaker") {
		t.Errorf("the talk's page doesn't have the slides from the speaker: %s", page)
	}
	p.v.does(t, author, "/talk-links/"+p.talk.PublicID, url.Values{"action": {"add"}, "type": {"video"}, "url": {"https://youtu.be/tides"}})
	var all []delivery
	eventually(t, 90*time.Second, "one Update has the slides and the recording", func() error {
		if all = p.p.all(t, "Update"); len(all) == 0 {
			return fmt.Errorf("there is none")
		}
		return nil
	})
	content := fmt.Sprint(all[0].object()["content"])
	if len(all) != 1 || !strings.Contains(content, "https://slides.example/tides.pdf") || !strings.Contains(content, `href="https://youtu.be/tides?t=754"`) {
		t.Errorf("%d Updates, the first is %s", len(all), content)
	}
}

func (p *podium) words(t *testing.T) {
	t.Helper()
	ask[done](t, p.p, "/reply", map[string]any{"object": p.note, "content": "<p>It is 40 t, by the way.</p>"})
	path, page := p.conversation(t, "It is 40 t")
	replies := regexp.MustCompile(`name="reply" value="(\d+)"><button class="small" name="action" value="take-words"`).FindAllStringSubmatch(page, -1)
	if len(replies) != 2 {
		t.Fatalf("%d replies can be taken, want both: %s", len(replies), page)
	}
	p.v.does(t, author, path, url.Values{"action": {"take-words"}, "reply": {replies[1][1]}})
	update := p.got(t, p.p, "Update", 2)
	if content := fmt.Sprint(update.object()["content"]); !strings.Contains(content, "It is 40 t, by the way.") || !strings.Contains(content, "Carol Tanguy, who gave the talk") {
		t.Errorf("the Update is %s", content)
	}
}

func (p *podium) stop(t *testing.T) {
	t.Helper()
	ask[done](t, p.p, "/reply", map[string]any{"object": p.note, "content": `<p><a class="mention" href="` + p.in.baseURL + `/@` + author + `">@` + author + `</a> Stop!</p>`})
	db := p.in.open(t)
	eventually(t, patience, "the speaker's wish is kept", func() error {
		if opted := column(t, db, "SELECT actor_id FROM speakers_silent"); len(opted) != 1 {
			return fmt.Errorf("it isn't")
		}
		return nil
	})
	p.write(t, author, p.stage(t, "Boats", "11:00"), "They mend.")
	p.in.idle(t)
	if ids := p.creates(t); len(ids) != 1 {
		t.Errorf("after they said stop the speaker was told of %q", ids[1:])
	}
	if _, page := p.v.send(t, p.in, nobody, "/@"+author+"/ten-years-of-tides", nil); strings.Contains(page, "Stop!") || !strings.Contains(page, "It is 40 t") {
		t.Error("what was said to the server stands under the note, or what was said to readers doesn't")
	}
}
