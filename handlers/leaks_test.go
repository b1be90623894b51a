package handlers

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// where are the addresses of a route that come closest to a secret: those of the secret
// itself, if it has any here, and those of the article that it stands under.
func (v *vault) where(r route, s secret) (paths []string) {
	if slices.Contains(ofAPost, r.path) {
		if s.post.Local {
			paths = v.addresses(r, s.post)
		}
		under := *s.article
		under.ID = s.post.ID
		return append(paths, v.addresses(r, &under)...)
	}
	switch {
	case r.path == "/conferences/{handle}/talks/{slug}" && s.article.TalkID != nil:
		talk, err := v.server.Store.Talks.ByID(v.t.Context(), *s.article.TalkID)
		fatal(v.t, err)
		return []string{"/conferences/kormoran2026/talks/" + talk.Slug}
	case r.path == "/followers":
		return []string{"/followers", "/followers?state=pending"}
	case strings.HasPrefix(r.path, "/users/{handle}"):
		of := "/users/kormoran2026" + strings.TrimPrefix(r.path, "/users/{handle}")
		return []string{v.at(r), v.at(r) + "?page=1", of, of + "?page=1"}
	}
	return []string{v.at(r)}
}

// addresses are where a route stands for a post.
func (v *vault) addresses(r route, p *models.Post) []string {
	iris := v.server.IRIs
	switch r.path {
	case "/activities/{id}":
		if a, err := v.server.Store.Activities.Latest(v.t.Context(), v.gwen.ActorID, "Create", iris.Post(p)); err == nil {
			return []string{"/activities/" + a.PublicID}
		}
	case "/oembed":
		return []string{"/oembed?url=" + iris.ArticlePage("gwen", p.Slug)}
	case "/authorize_interaction":
		return []string{"/authorize_interaction?uri=" + iris.Post(p), "/authorize_interaction?uri=" + iris.ArticlePage("gwen", p.Slug)}
	case "/articles/{id}/replies":
		return []string{r.at(p), r.at(p) + "?page=1"}
	}
	return []string{r.at(p)}
}

// ask is what a viewer is answered at an address: a browser that wants a page and one that
// wants a document, or a server.
func (v *vault) ask(viewer, path string) []*response {
	if s := v.signers[viewer]; s != nil {
		return []*response{s.get(path)}
	}
	b := v.browser(viewer)
	return []*response{b.get(path, "Accept", firefox), b.get(path, "Accept", vocab.ContentType)}
}

// tells says whether an answer has a text anywhere: in what it says, or where it leads.
func tells(r *response, text string) bool {
	var header strings.Builder
	_ = r.Result().Header.Write(&header)
	return strings.Contains(r.body, text) || strings.Contains(header.String(), text)
}

// found is what of the secrets is shown on which route to whom, and an address where it is.
func (v *vault) found(t *testing.T) map[sighting]string {
	shown := map[sighting]string{}
	for _, r := range routes(t, v.server) {
		if r.method() != http.MethodGet {
			continue
		}
		if !slices.Contains(ofAPost, r.path) && !slices.Contains(ofNoPost, r.path) {
			t.Errorf("%s isn't in the test's lists: does it stand for a post?", r.path)
			continue
		}
		asked := map[string]bool{}
		for _, s := range v.secrets {
			for _, path := range v.where(r, s) {
				if !asked[path] {
					asked[path] = true
					v.look(r, path, shown)
				}
			}
		}
	}
	return shown
}

// look asks for an address as everybody, and notes each secret that is there.
func (v *vault) look(r route, path string, shown map[sighting]string) {
	for _, viewer := range everybody {
		for _, answer := range v.ask(viewer, path) {
			for _, s := range v.secrets {
				echoes := models.IsPublicID(s.marker) && strings.Contains(path, s.marker) // what was asked for
				if !echoes && tells(answer, s.marker) {
					shown[sighting{s.kind, viewer, r.path}] = path
				}
			}
		}
	}
}

// TestNothingPrivateLeaks asks every route, as everybody, for what isn't for everybody. It is
// where the table says, and nowhere else: so nothing passes because there is nothing to find.
func TestNothingPrivateLeaks(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	shown, may := v.found(t), mayBeSeen()
	for s, path := range shown {
		if !may[s] && s.kind != public {
			t.Errorf("%s shows %s to %s", path, s.kind, s.viewer)
		}
	}
	for s := range may {
		if shown[s] == "" {
			t.Errorf("%s shows %s, for whom it is, nothing of %s", s.route, s.viewer, s.kind)
		}
	}
}

// What somebody may not read is answered as what never was.
func TestWhatIsHiddenIsAnsweredAsWhatIsAbsent(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	never := strings.Repeat("A", 22)
	absent := &models.Post{ID: 1 << 40, PublicID: &never, Slug: "absent", Kind: models.KindArticle, Local: true}
	for _, s := range v.secrets {
		if s.kind == public || s.kind == unlisted || s.post == v.article {
			continue
		}
		for _, path := range ofAPost {
			if !s.post.Local && path != "/answer/{post}" { // it has no address but this one
				continue
			}
			r := route{"GET HEAD", path}
			hidden, none := v.where(r, s), v.addresses(r, absent)
			for i := range none {
				v.sameFor(t, s, hidden[i], none[i])
			}
		}
	}
}

// sameFor compares two addresses, as who may not read a secret.
func (v *vault) sameFor(t *testing.T, s secret, hidden, absent string) {
	for _, viewer := range everybody {
		if reads(viewer, s.kind) {
			continue
		}
		never := v.ask(viewer, absent)
		for i, r := range v.ask(viewer, hidden) {
			if r.Code != never[i].Code || r.header("Cache-Control") != never[i].header("Cache-Control") || r.header("Content-Type") != never[i].header("Content-Type") {
				t.Errorf("%s of %s: %s is answered %d, of what is absent %d", hidden, s.kind, viewer, r.Code, never[i].Code)
			}
		}
	}
}

// Their servers may ask for what is for followers, nobody else's, and keep it for nobody.
func TestWhatIsForFollowersIsReadByTheirSignature(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	for _, server := range servers {
		r := v.signers[server].get(v.articleOf(forFollowers))
		want, cache := http.StatusNotFound, "no-store"
		if reads(server, forFollowers) {
			want, cache = http.StatusOK, "private, no-store"
		}
		if r.want(t, server, want).header("Cache-Control") != cache {
			t.Errorf("what is for followers may be kept by %s: %s", server, r.header("Cache-Control"))
		}
	}
}

// As on Mastodon, a picture's file is there for who has its address, which can't be guessed
// and, as the first test shows, is told to the readers of what it stands in alone.
func TestAPictureIsThereForWhoIsToldItsAddress(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	file := regexp.MustCompile(`/media/[^/"]{22}/[^"\\]+`).FindString(v.signers[aFollower].get(v.articleOf(forFollowers)).body)
	if r := v.nobody().get(file).want(t, file, http.StatusOK); r.header("Content-Type") != "image/jpeg" {
		t.Errorf("%s is %s", file, r.header("Content-Type"))
	}
}

// articleOf is the id of an article, without its server.
func (v *vault) articleOf(kind string) string {
	at := slices.IndexFunc(v.secrets, func(s secret) bool { return s.kind == kind })
	return "/articles/" + *v.secrets[at].post.PublicID
}
