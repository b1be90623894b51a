package handlers

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"confnotes/activitypub"
	"confnotes/internal/programme"
	"confnotes/models"
)

// attempts try each action of the table, and say whether it was done.
var attempts = map[string]func(s *stand, who string) bool{
	"publish about it, so that its Group announces that": func(s *stand, who string) bool {
		if s.people[who] == nil {
			return s.nobody().post("/write", forms["/write"](nil, nil), "Accept", firefox).Code != http.StatusUnauthorized
		}
		s.browser(who).post("/write", filled(s.browser(who).get("/write?talk="+s.talk.PublicID, "Accept", firefox).form(), "action", "publish", "source", "Words."), "Accept", firefox)
		notes, err := s.server.Store.Posts.OwnNotesOn(s.t.Context(), s.people[who].ID, []int64{s.talk.ID})
		fatal(s.t, err)
		return notes[s.talk.ID] != nil && s.boosted(notes[s.talk.ID])
	},
	"take the author's article out of it": func(s *stand, who string) bool {
		s.browser(who).post(editURL(s.article), url.Values{"action": {"leave"}, "client_id": {*s.article.ClientID}, "version": {"1"}, "language": {"en"}, "title": {"Day one"}, "source": {"Words."}}, "Accept", firefox)
		return !s.boosted(s.article)
	},
	"take the author's article back as a draft": func(s *stand, who string) bool {
		s.browser(who).post(editURL(s.article), url.Values{"action": {"delete"}, "confirm": {"yes"}, "keep": {"yes"}, "client_id": {*s.article.ClientID}, "version": {"1"}, "language": {"en"}}, "Accept", firefox)
		return !s.boosted(s.article)
	},
	"delete the author's article": func(s *stand, who string) bool {
		s.browser(who).post(editURL(s.article), url.Values{"action": {"delete"}, "confirm": {"yes"}, "client_id": {*s.article.ClientID}, "version": {"1"}, "language": {"en"}}, "Accept", firefox)
		return !s.boosted(s.article)
	},
	"see where the author's article was sent": func(s *stand, who string) bool {
		return strings.Contains(s.browser(who).get(deliveriesURL(s.article), "Accept", firefox).body, "far.example")
	},
	"send the author's article again": func(s *stand, who string) bool {
		s.giveUp("far.example")
		s.browser(who).post(deliveriesURL(s.article), url.Values{"action": {"again-all"}}, "Accept", firefox)
		reach, err := s.server.Outbox.Reach(s.t.Context(), s.article)
		fatal(s.t, err)
		return reach[0].State != activitypub.ReachGivenUp
	},
	"pin the author's article": func(s *stand, who string) bool {
		s.browser(who).post("/posts", url.Values{"action": {"pin"}, "post": {*s.article.PublicID}}, "Accept", firefox)
		pinned, err := s.server.Store.Profiles.Featured(s.t.Context(), s.article.ActorID)
		fatal(s.t, err)
		return len(pinned) == 1
	},
	"see the coverage that waits": func(s *stand, who string) bool {
		return strings.Contains(s.browser(who).get("/coverage/kormoran2026", "Accept", firefox).body, "Waits")
	},
	"show coverage":                 decides("show", theWaiting, func(s *stand) bool { return s.state(s.waits) == models.CoverageShown }),
	"hide coverage":                 decides("hide", theShown, func(s *stand) bool { return s.state(s.shown) == models.CoverageHidden }),
	"take a boost of coverage back": decides("unboost", theShown, func(s *stand) bool { return !s.boosted(s.shown) }),
	"see who follows it": func(s *stand, who string) bool {
		s.followed()
		return strings.Contains(s.browser(who).get("/followers/kormoran2026", "Accept", firefox).body, "@near<wbr>@near.example")
	},
	"remove one of its followers":    func(s *stand, who string) bool { return s.endsFollow(who, "remove") },
	"block one of its followers":     func(s *stand, who string) bool { return s.endsFollow(who, "block-account") },
	"choose what followers are told": chooses("announces", models.AnnounceDigest, func(c *models.Conference) string { return c.Announces }),
	"choose what coverage meets":     chooses("coverage", models.CoverageOpen, func(c *models.Conference) string { return c.Coverage }),
	"boost coverage": func(s *stand, who string) bool {
		fatal(s.t, s.server.Outbox.DecideCoverage(s.t.Context(), s.people["owner"].Account, s.conf, 0, []int64{s.waits.ID}, models.CoverageShown))
		return decides("boost", theWaiting, func(s *stand) bool { return s.boosted(s.waits) })(s, who)
	},
	"have its Group follow the same conference elsewhere": func(s *stand, who string) bool {
		group := s.group("far.example")
		s.inTx(func(ctx context.Context, tx *models.Store) error {
			return tx.Sisters.Propose(ctx, &models.Sister{ConferenceID: s.conf.ID, ActorID: group.ID, CreatedAt: noon}, 9)
		})
		s.browser(who).post("/coverage/kormoran2026", url.Values{"action": {"follow"}, "sister": {strconv.FormatInt(group.ID, 10)}}, "Accept", firefox)
		_, err := s.server.Store.Follows.Between(s.t.Context(), s.conf.ActorID, group.ID)
		return err == nil
	},
	"set a conference up": func(s *stand, who string) bool {
		s.browser(who).post("/conferences/new", url.Values{"action": {"save"}, "handle": {"other2026"}, "name": {"Other"}, "zone": {"Europe/Paris"}, "start": {"2026-06-11"}}, "Accept", firefox)
		_, err := s.server.Store.Conferences.ByHandle(s.t.Context(), "other2026")
		return err == nil
	},
	"see the conference and its talks": func(s *stand, who string) bool {
		return s.browser(who).get("/conferences/kormoran2026", "Accept", firefox).Code == http.StatusOK && s.browser(who).get("/conferences/kormoran2026/talks/why-wal", "Accept", firefox).Code == http.StatusOK
	},
	"change what is said about the conference": func(s *stand, who string) bool {
		return s.says(who, "city", "Port-Kerval").City == "Port-Kerval"
	},
	"put it into a series": func(s *stand, who string) bool { return s.says(who, "series", "kormoran").SeriesID != nil },
	"say who looks after it": func(s *stand, who string) bool {
		s.browser(who).post("/conferences/kormoran2026/edit", url.Values{"action": {"manager"}, "manager": {"gwen"}, "role": {"editor"}}, "Accept", firefox)
		role, err := s.server.Store.Conferences.Role(s.t.Context(), s.people["author"].Account, s.conf.ActorID)
		fatal(s.t, err)
		return role != ""
	},
	"import its schedule": func(s *stand, who string) bool {
		if s.people[who] == nil {
			return s.nobody().get("/conferences/kormoran2026/import", "Accept", firefox).Code == http.StatusOK
		}
		token := s.keptSchedule(s.people[who], "frab-schedule-v1.xml")
		s.browser(who).post("/conferences/kormoran2026/import", url.Values{"action": {"apply"}, "token": {token}, "refresh": {"never"}}, "Accept", firefox)
		return len(s.programmeOf("kormoran2026")) > 1
	},
	"plan one's days": func(s *stand, who string) bool {
		s.browser(who).post("/plan/kormoran2026", url.Values{"action": {"mark"}, "day": {"2026-06-11"}, "talk": {s.talk.PublicID}, "mark": {"starred"}}, "Accept", firefox)
		return strings.Contains(s.browser(who).get("/plan/kormoran2026?day=2026-06-11", "Accept", firefox).body, `data-mark="starred" aria-pressed="true"`)
	},
	"follow it from here": func(s *stand, who string) bool {
		s.browser(who).post("/following", url.Values{"action": {"follow"}, "account": {"@kormoran2026@notes.example"}}, "Accept", firefox)
		followers, _, err := s.server.Store.Follows.Followers(s.t.Context(), s.conf.ActorID, 0, 9)
		fatal(s.t, err)
		return len(followers) == 1
	},
	"read on a page of one's own what it announced": func(s *stand, who string) bool {
		s.browser(who).post("/following", url.Values{"action": {"follow"}, "account": {"@kormoran2026@notes.example"}}, "Accept", firefox)
		s.people["other"] = s.app.person("other", models.RoleAuthor)
		s.people["other"].post("/write", filled(s.people["other"].get("/write?talk="+s.talk.PublicID, "Accept", firefox).form(), "action", "publish", "source", "Another's words.", "title", "Seen by all"), "Accept", firefox)
		return strings.Contains(s.browser(who).get("/reading", "Accept", firefox).body, "Seen by all")
	},
	"read a digest": func(s *stand, who string) bool {
		digest := s.digest()
		return s.browser(who).get("/@kormoran2026/"+digest.Slug, "Accept", firefox).Code == http.StatusOK
	},
	"delete a digest": func(s *stand, who string) bool {
		digest := s.digest()
		s.browser(who).post("/conferences/kormoran2026/edit", url.Values{"action": {"delete-digest"}, "digest": {*digest.PublicID}}, "Accept", firefox)
		now, err := s.server.Store.Posts.ByID(s.t.Context(), digest.ID)
		fatal(s.t, err)
		return now.State == models.PostDeleted
	},
	"change a digest": func(s *stand, who string) bool {
		digest := s.digest()
		s.browser(who).post(editURL(digest), url.Values{"action": {"publish"}, "client_id": {models.NewPublicID()}, "version": {"1"}, "language": {"en"}, "title": {"Mine"}, "source": {"Mine."}}, "Accept", firefox)
		now, err := s.server.Store.Posts.ByID(s.t.Context(), digest.ID)
		fatal(s.t, err)
		return now.Title == "Mine"
	},
	"put a talk right": func(s *stand, who string) bool {
		return s.amends(who, func(a *programme.Amendment) { a.Room = "Belle-Île" }, func(t *models.Talk) bool { return t.Room == "Belle-Île" })
	},
	"say where a speaker is mentioned": func(s *stand, who string) bool {
		return s.amends(who, func(a *programme.Amendment) { a.Speakers = []programme.Speaker{{Name: "Ada", Acct: "ada@far.example"}} },
			func(t *models.Talk) bool { return len(t.Speakers) == 1 && t.Speakers[0].Person.Acct != "" })
	},
	"add a talk by hand": func(s *stand, who string) bool {
		s.browser(who).post("/conferences/kormoran2026/new-talk", url.Values{"client_id": {models.NewPublicID()}, "title": {"Hallway track"}, "kind": {"bof"}, "start": {"2026-06-11T18:00"}, "end": {"2026-06-11T19:00"}}, "Accept", firefox)
		_, err := s.server.Store.Talks.BySlug(s.t.Context(), s.conf.ID, "hallway-track")
		return err == nil
	},
	"take a talk out of the programme": func(s *stand, who string) bool {
		s.browser(who).post(amendURL(s.conf, s.talk), url.Values{"action": {"remove"}}, "Accept", firefox)
		return s.talkNow().State == models.TalkRemoved
	},
	"put a talk back into it": func(s *stand, who string) bool {
		s.people["owner"].post(amendURL(s.conf, s.talk), url.Values{"action": {"remove"}}, "Accept", firefox)
		s.browser(who).post(amendURL(s.conf, s.talk), url.Values{"action": {"restore"}}, "Accept", firefox)
		return s.talkNow().State == models.TalkScheduled
	},
	"let the schedule decide on a talk again": func(s *stand, who string) bool {
		s.amends("owner", func(a *programme.Amendment) { a.Room = "Belle-Île" }, func(*models.Talk) bool { return true })
		s.browser(who).post(amendURL(s.conf, s.talk), url.Values{"action": {"release"}}, "Accept", firefox)
		fields, err := s.server.Store.Talks.Corrections(s.t.Context(), s.talk.ID)
		fatal(s.t, err)
		return len(fields) == 0
	},
	"say that somebody isn't to be named": func(s *stand, who string) bool {
		return s.amends(who, func(a *programme.Amendment) { a.Speakers = []programme.Speaker{{Name: "Ada", DoNotName: true}} },
			func(t *models.Talk) bool { return len(t.Speakers) == 1 && t.Speakers[0].Person.DoNotName })
	},
	"say that somebody looks after it no longer": func(s *stand, who string) bool {
		s.browser(who).post("/conferences/kormoran2026/edit", url.Values{"action": {"manager"}, "manager": {"edit"}, "role": {""}}, "Accept", firefox)
		role, err := s.server.Store.Conferences.Role(s.t.Context(), s.people["editor"].Account, s.conf.ActorID)
		fatal(s.t, err)
		return role == ""
	},
	"give one's plan an address, and end it": func(s *stand, who string) bool {
		made := s.browser(who).post("/plan/kormoran2026", url.Values{"action": {"feed"}, "day": {"2026-06-11"}}, "Accept", firefox)
		at := feedAddress.FindString(made.body)
		if at == "" || s.nobody().get(at).Code != http.StatusOK {
			return false
		}
		s.browser(who).post("/plan/kormoran2026", url.Values{"action": {"end-feed"}, "day": {"2026-06-11"}}, "Accept", firefox)
		return s.nobody().get(at).Code == http.StatusNotFound
	},
	"put a speaker's words into the author's note": func(s *stand, who string) bool {
		note, reply := s.answered()
		s.browser(who).post(editURL(note)+"/conversation", url.Values{"action": {"take-words"}, "reply": {id(reply)}}, "Accept", firefox)
		now, err := s.server.Store.Posts.ByID(s.t.Context(), note.ID)
		fatal(s.t, err)
		return strings.Contains(now.HTML, "It is 40 t")
	},
	"add slides to a talk": func(s *stand, who string) bool {
		s.browser(who).post(talkLinksURL(s.talk), url.Values{"action": {"add"}, "type": {"slides"}, "url": {"https://slides.example/"}}, "Accept", firefox)
		return len(s.links()) == 1
	},
	"remove the author's slides": func(s *stand, who string) bool {
		s.people["author"].post(talkLinksURL(s.talk), url.Values{"action": {"add"}, "type": {"slides"}, "url": {"https://slides.example/"}}, "Accept", firefox)
		s.browser(who).post(talkLinksURL(s.talk), url.Values{"action": {"remove"}, "link": {strconv.FormatInt(s.links()[0].ID, 10)}}, "Accept", firefox)
		return len(s.links()) == 0
	},
	"take over what a speaker answers to the author's note": func(s *stand, who string) bool {
		note, reply := s.answered()
		s.browser(who).post(editURL(note)+"/conversation", url.Values{"action": {"take-link"}, "reply": {id(reply)}, "url": {"https://slides.example/"}, "type": {"slides"}, "talk": {s.talk.PublicID}}, "Accept", firefox)
		return len(s.links()) == 1
	},
	"read what the Group announced": func(s *stand, who string) bool {
		got := s.browser(who).get("/users/kormoran2026/outbox?page=1", "Accept", mastodon)
		return got.Code == http.StatusOK && strings.Contains(got.body, "/activities/")
	},
	"read the conference and its talks as events": func(s *stand, who string) bool {
		b := s.browser(who)
		return b.get("/users/kormoran2026/event", "Accept", mastodon).Code == http.StatusOK && b.get("/talks/"+s.talk.PublicID, "Accept", mastodon).Code == http.StatusOK
	},
}

// whoMay reads the table: for each action, who may.
func whoMay(text string) (columns []string, may map[string]map[string]bool) {
	may = map[string]map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i, c := range cells {
			cells[i] = strings.TrimSpace(c)
		}
		if columns == nil {
			columns = cells[1:]
			continue
		}
		may[cells[0]] = map[string]bool{}
		for i, c := range cells[1:] {
			may[cells[0]][columns[i]] = c == "yes"
		}
	}
	return columns, may
}

func TestEverybodyMayWhatTheTableSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/WHOMAY.md")
	fatal(t, err)
	columns, may := whoMay(string(text))
	if !slices.Equal(columns, []string{"owner", "editor", "author", "visitor"}) {
		t.Fatalf("the columns are %q", columns)
	}
	for action := range may {
		if attempts[action] == nil {
			t.Errorf("no test tries to %s", action)
		}
	}
	for action, attempt := range attempts {
		if may[action] == nil {
			t.Errorf("docs/WHOMAY.md has no row: %s", action)
			continue
		}
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			for _, who := range columns {
				if got := attempt(newStand(t), who); got != may[action][who] {
					t.Errorf("%s: done is %t, docs/WHOMAY.md says %t", who, got, may[action][who])
				}
			}
		})
	}
}
