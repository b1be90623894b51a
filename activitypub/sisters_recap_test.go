package activitypub

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/models"
)

// A recap stands on the page of each talk that it shows, and leads to its section.
func TestARecapLeadsToItsSectionOnATalk(t *testing.T) {
	t.Parallel()
	h := newSisterhood(t, models.CoverageOpen, models.CoverageOpen)
	h.follow(0, 1)
	h.exchange()
	b, about := h.sites[1], models.About{ConferenceID: h.confs[1].ID, Day: "2026-06-11"}
	second := b.talk(h.confs[1], "Second", models.ExternalID{Scheme: "guid", Value: "f05a42ea-c4fa-5a7b-b5f3-2046970a756b"})
	b.talk(h.confs[1], "Third", models.ExternalID{Scheme: "guid", Value: "758d3b1f-f5b1-56cb-b576-ba237dcdae2a"}) // which it doesn't show
	h.sites[0].talk(h.confs[0], "Third", models.ExternalID{Scheme: "guid", Value: "758d3b1f-f5b1-56cb-b576-ba237dcdae2a"})
	note := h.write(1, "My title")
	other := b.recap(h.boss[1], "Second", models.About{ConferenceID: h.confs[1].ID, TalkID: second.ID})
	source := fmt.Sprintf("Hello.\n\n{{note %s}}\n\n{{note %s}}", *note.PublicID, *other.PublicID)
	done, err := b.outbox.Publish(b.ctx(), draft.Input{Account: h.boss[1], ClientID: newClientID(), About: &about, Text: text("Day one", source)}, time.Time{})
	b.must(err)
	h.exchange()
	h.want("with a recap", []string{"Day one", "My title"}, nil)
	a := h.sites[0]
	page := b.iris.ArticlePage("boss", done.Post.Slug)
	parts := a.strings("SELECT coverage_talks.url FROM coverage_talks JOIN posts ON posts.id = post_id WHERE title = 'Day one'")
	if !slices.Equal(parts, []string{page + "#my-title"}) {
		t.Errorf("it leads to %q, on its page %s", parts, page)
	}
	doc, err := b.docs.Article(b.ctx(), *done.Post.PublicID)
	b.must(err)
	if n := strings.Count(string(doc), `"rel":"about"`); n != 2 || !strings.Contains(string(doc), page+`#second"`) {
		t.Errorf("it is about %d talks: %s", n, doc)
	}
}

// Where a part is said to be on another host, the whole counts.
func TestAPartOfAPostIsOnItsHost(t *testing.T) {
	t.Parallel()
	a := newAbroad(t)
	for part, want := range map[string]string{"/articles/x#1": a.peer.base + "/articles/x#1", "https://evil.example/": "", "javascript:alert(1)": ""} {
		if strings.HasPrefix(part, "/") {
			part = a.peer.base + part
		}
		doc := a.note(a.jill, "note-"+fmt.Sprint(len(part)), talkURN)
		doc["tag"].([]any)[0].(map[string]any)["id"] = part
		a.tells(doc["id"])
		if got := a.strings("SELECT coverage_talks.url FROM coverage_talks ORDER BY post_id DESC LIMIT 1"); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %q", part, got, want)
		}
	}
}

func TestOnlyAGroupElsewhereIsASister(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	c := n.home.conference("kormoran2026", "")
	n.away.conference("kormoran2026", "")
	n.home.conference("goeland2026", "")
	for address, want := range map[string]string{
		"@priya@" + n.away.iris.Domain():        "no conference",
		"@goeland2026@" + n.home.iris.Domain():  "not found",
		"@nobody@" + n.away.iris.Domain():       "answered 404",
		"kormoran2026":                          ErrNoServer.Error(),
		"@kormoran2026@" + n.away.iris.Domain(): "",
	} {
		_, err := n.home.outbox.FollowSister(t.Context(), n.gwen, c, address)
		if err == nil && want != "" || err != nil && (want == "" || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
	_, err := n.home.outbox.FollowSister(t.Context(), n.home.person("else", models.RoleAuthor), c, "@kormoran2026@"+n.away.iris.Domain())
	if err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("by who doesn't look after it: %v", err)
	}
}
