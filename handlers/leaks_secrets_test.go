package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub"
	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/models"
)

// secret is told by its marker: every word that it has, or its address, which is all that
// collections say.
type secret struct {
	kind, marker string
	post         *models.Post // it, or where it stands
	article      *models.Post // that it stands under; the post itself for an article
}

// vault is a world with one secret of each kind, most of them brought by whoever has it, and
// the servers that ask for them.
type vault struct {
	*world
	secrets []secret
	signers map[string]*signer
}

func newVault(t testing.TB) *vault {
	v := &vault{world: newWorld(t, route{}), signers: map[string]*signer{}}
	for viewer, name := range map[string]string{aFollower: "follower", aStranger: "stranger", whoWaits: "zzaskszz", whoIsNamed: "named", whoWrites: "pal"} {
		v.signers[viewer] = v.signer(name)
	}
	v.signers[aFollower].post("/inbox", v.signers[aFollower].does("Follow", v.server.IRIs.Actor("gwen"))).want(t, "a follow", http.StatusAccepted)
	v.follow(v.who[follower], v.gwen.Actor)
	v.articles()
	v.conversation()
	v.elsewhere()
	v.moderation()
	return v
}

func (v *vault) add(kind, marker string, post, article *models.Post) {
	v.secrets = append(v.secrets, secret{kind, marker, post, article})
}

// addPost adds a post by its words and by its address.
func (v *vault) addPost(kind, words string, post, article *models.Post) {
	v.add(kind, words, post, article)
	if post.Local {
		v.add(kind, *post.PublicID, post, article)
	} else {
		v.add(kind, *post.URI, post, article)
	}
}

// articles are one of each visibility, and a draft, all by gwen: with a picture, in a
// conference, on its first day, with a hashtag, in her recap of the day, and pinned.
func (v *vault) articles() {
	event, err := v.server.Store.Conferences.ByHandle(v.t.Context(), "kormoran2026")
	fatal(v.t, err)
	var sections []string
	for i, a := range []struct{ kind, marker, visibility, picture string }{{public, "zzpubliczz", models.VisibilityPublic, ""}, {unlisted, "zzunlistedzz", models.VisibilityUnlisted, ""},
		{forFollowers, "zzfollowerszz", models.VisibilityFollowers, followersPicture}, {unpublished, "zzdraftzz", models.VisibilityFollowers, unpublishedPicture}} {
		marker := a.marker
		picture := v.gwen.upload("/media", nil, "x.jpg", photo(v.t, 40+i, 30)).added(v.t)
		about := models.About{ConferenceID: event.ID, TalkID: v.talk(event, "2026-06-11", 600+i*10, "Talk "+a.kind).ID}
		in := draft.Input{Account: v.gwen.Account, ClientID: models.NewPublicID(), About: &about, Text: models.RevisionText{Language: "en", Title: marker,
			Source: "@named@named.example " + marker + "\n\n![" + marker + "](" + picture.Path + " \"" + marker + "\")", Takeaway: marker, Summary: marker, Tags: "Go",
			Cover: picture.ID, CoverAlt: marker, CoverCaption: marker, Visibility: a.visibility}}
		post := v.write(in, a.kind == unpublished)
		v.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Profiles.Feature(ctx, post, noon) }) // as if it had been pinned
		v.addPost(a.kind, marker, post, post)
		if a.picture != "" {
			v.add(a.picture, picture.ID, post, post)
		}
		sections = append(sections, "{{note "+*post.PublicID+"}}")
	}
	v.write(draft.Input{Account: v.gwen.Account, ClientID: models.NewPublicID(), About: &models.About{ConferenceID: event.ID, Day: "2026-06-11"},
		Text: models.RevisionText{Language: "en", Title: "The day", Source: strings.Join([]string{sections[0], sections[2], sections[3]}, "\n\n")}}, false)
}

// write publishes a text, or keeps it as a draft.
func (v *vault) write(in draft.Input, asDraft bool) (post *models.Post) {
	v.t.Helper()
	if asDraft {
		v.inTx(func(ctx context.Context, tx *models.Store) (err error) {
			post, _, err = v.server.Drafts.Save(ctx, tx, in)
			return err
		})
		return post
	}
	done, err := v.server.Outbox.Publish(context.Background(), in, time.Time{})
	fatal(v.t, err)
	return done.Post
}

// conversation is what is said under gwen's public article that isn't for everybody.
func (v *vault) conversation() {
	article, gwen, pal := v.server.IRIs.Article(*v.article.PublicID), v.server.IRIs.Actor("gwen"), v.signers[whoWrites]
	const spam = ` <a href="https://shop.example/">here</a>` // has what strangers say wait
	pal.says("Hello", article, "", vocab.Public)             // is known from then on
	private := pal.says("zzprivatezz", article, "zzprivatezz", gwen)
	v.addPost(privateReply, "zzprivatezz", private, v.article)
	v.add(privatePicture, v.copied(private), private, v.article)
	done, err := v.server.Outbox.Answer(v.t.Context(), activitypub.Answer{Account: v.gwen.Account, To: private, ClientID: models.NewPublicID(), Source: "zzanswerzz", Language: "en"})
	fatal(v.t, err)
	v.addPost(privateAnswer, "zzanswerzz", done.Post, v.article)

	v.addPost(waitingReply, "zzwaitszz", v.signer("crowd").says("zzwaitszz"+spam, article, "", vocab.Public), v.article)
	v.addPost(waitingInPrivate, "zzwhisperzz", v.signer("whisper").says("zzwhisperzz"+spam, article, "", gwen), v.article)
	rude := v.signer("rude").says("zzrudezz", article, "", vocab.Public)
	v.gwen.post(editURL(v.article)+"/conversation", url.Values{"action": {"hide"}, "reply": {id(rude)}}).want(v.t, "hide", http.StatusSeeOther)
	v.addPost(hiddenReply, "zzrudezz", rude, v.article)
	// Whoever looks after conversations isn't asked about one that they may not read.
	v.signer("leaked").says("Look"+spam, v.server.IRIs.Base()+v.articleOf(forFollowers), "", vocab.Public)
}

// elsewhere is what somebody whom another author follows, and an editor asked to, tells
// their followers.
func (v *vault) elsewhere() {
	alice := v.signer("alice")
	v.follow(v.who[follower], alice.Actor)
	v.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Follows.Put(ctx, &models.Follow{URI: "https://notes.example/activities/y", FollowerID: v.who["an editor"].ActorID, TargetID: alice.ID, State: models.FollowPending, CreatedAt: noon})
	})
	post := alice.says("zzfollowedzz", "", "zzfollowedzz", alice.FollowersURI)
	v.addPost(followedPost, "zzfollowedzz", post, v.article)
	v.add(followedPicture, v.copied(post), post, v.article)
}

// moderation is what is reported of gwen, and who asks to follow her.
func (v *vault) moderation() {
	iris, named := v.server.IRIs, []any{v.server.IRIs.Actor("gwen")}
	for _, s := range v.secrets {
		if s.post.Local {
			named = append(named, iris.Post(s.post)) // whatever it says, it shows nobody what is named
		}
	}
	server := v.signer("moderators")
	server.post("/inbox", server.does("Flag", named, "content", "zzreportzz")).want(v.t, "a report", http.StatusAccepted)
	v.add(reportsWords, "zzreportzz", v.article, v.article)
	v.gwen.post("/settings/following", url.Values{"approve": {"yes"}}).want(v.t, "approve by hand", http.StatusSeeOther)
	asks := v.signers[whoWaits]
	asks.post("/inbox", asks.does("Follow", iris.Actor("gwen"))).want(v.t, "a request", http.StatusAccepted)
	v.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Follows.Put(ctx, &models.Follow{URI: "https://notes.example/activities/z", FollowerID: v.who["an editor"].ActorID, TargetID: v.gwen.ActorID, State: models.FollowPending, CreatedAt: noon})
	})
	v.add(whoAsks, asks.Handle, v.article, v.article)
}

// copied makes our copy of a post's picture, and returns what its address has of its own.
func (v *vault) copied(post *models.Post) string {
	rows, err := v.server.Store.Media.Attached(v.t.Context(), []int64{post.ID})
	fatal(v.t, err)
	v.keep(rows[post.ID][0])
	rows, err = v.server.Store.Media.Attached(v.t.Context(), []int64{post.ID})
	fatal(v.t, err)
	return rows[post.ID][0].PublicID
}
