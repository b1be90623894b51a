package activitypub

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/internal/recap"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// speaker is one whom an article tells that somebody wrote about their talk: by a mention,
// as nothing else reaches people everywhere.
type speaker struct {
	talkID, personID int64
	handle           richtext.Handle
	who              *profile
	told             bool // by this article, before
}

// candidates are those speakers of the talks that an article shows who may be mentioned in
// it: their address is known, and nobody said that they aren't to be. What is rendered again
// by itself tells nobody new; what is for its author's followers alone tells nobody.
func (o *Outbox) candidates(ctx context.Context, a recap.Article, shown []models.Appearance) ([]speaker, error) {
	if a.Text.Visibility == models.VisibilityFollowers {
		return nil, nil
	}
	var talkIDs, people []int64
	for _, s := range shown {
		if s.Person != nil && s.Person.Acct != "" {
			talkIDs, people = append(talkIDs, s.TalkID), append(people, s.PersonID)
		}
	}
	if len(people) == 0 {
		return nil, nil
	}
	left, err := o.store.People.Unmentioned(ctx, a.About.ConferenceID, people)
	if err != nil {
		return nil, err
	}
	rows, err := o.store.People.Told(ctx, talkIDs)
	if err != nil {
		return nil, err
	}
	by := map[[2]int64]int64{}
	for _, t := range rows {
		by[[2]int64{t.TalkID, t.ActorID}] = t.PostID
	}
	var found []speaker
	for _, s := range shown {
		if s.Person == nil || s.Person.Acct == "" || left[s.PersonID] || len(found) == resolveMost {
			continue
		}
		c := speaker{talkID: s.TalkID, personID: s.PersonID, handle: handleOf(s.Person.Acct)}
		if s.Person.ActorID != nil {
			post, told := by[[2]int64{s.TalkID, *s.Person.ActorID}]
			if c.told = told && post == a.PostID; told && !c.told {
				continue
			}
		}
		if !c.told && (a.Again || o.lately(c.handle)) {
			continue
		}
		found = append(found, c)
	}
	return found, nil
}

func handleOf(acct string) richtext.Handle {
	user, host, _ := strings.Cut(acct, "@")
	return richtext.Handle{User: user, Host: host}
}

// tell records which speakers an article tells, in the transaction that publishes it, and
// returns them as mentioned. Nobody is told of what they wrote themselves, nor by whom they
// are blocked, nor against their word.
func (o *Outbox) tell(ctx context.Context, tx *models.Store, post *models.Post, speakers []speaker, now time.Time) ([]models.Mention, error) {
	var mentions []models.Mention
	for _, s := range speakers {
		if err := s.who.save(ctx, tx, now); err != nil {
			return nil, err
		}
		actor := s.who.actor
		if err := tx.People.Is(ctx, s.personID, actor.ID); err != nil {
			return nil, err
		}
		may, err := mayTell(ctx, tx, post, actor)
		if err != nil {
			return nil, err
		}
		if !may {
			continue
		}
		told, err := tx.People.Tell(ctx, models.Told{TalkID: s.talkID, ActorID: actor.ID, PostID: post.ID, At: now})
		if err != nil {
			return nil, err
		}
		if told {
			mentions = append(mentions, models.Mention{Handle: s.handle.String(), ActorID: &actor.ID})
		}
	}
	return mentions, nil
}

// wouldTell are the addresses of those whom an article that isn't published yet would tell:
// those whom no article told.
func (o *Outbox) wouldTell(ctx context.Context, author *models.Account, speakers []speaker) (accts []string, err error) {
	for _, s := range speakers {
		if s.told || s.who.actor.ID == author.ActorID {
			continue
		}
		if s.who.stored {
			may, err := mayTell(ctx, o.store, &models.Post{ActorID: author.ActorID}, s.who.actor)
			if err != nil {
				return nil, err
			}
			rows, err := o.store.People.Told(ctx, []int64{s.talkID})
			if err != nil {
				return nil, err
			}
			if !may || slices.ContainsFunc(rows, func(t models.Told) bool { return t.ActorID == s.who.actor.ID }) {
				continue
			}
		}
		accts = append(accts, s.handle.String())
	}
	return accts, nil
}

func mayTell(ctx context.Context, tx *models.Store, post *models.Post, actor *models.Actor) (bool, error) {
	if actor.ID == post.ActorID || actor.State != models.StateActive {
		return false, nil
	}
	silent, err := tx.People.Silent(ctx, []int64{actor.ID})
	if err != nil || silent[actor.ID] {
		return false, err
	}
	blocked, err := blockedBy(ctx, tx, post.ActorID, actor)
	return !blocked, err
}

// absentFor is how long an address that nobody was found at isn't asked for again: schedules
// name what only looks like one.
const absentFor = time.Hour

// lately says whether nobody was found at an address just now.
func (o *Outbox) lately(h richtext.Handle) bool {
	_, absent := o.absent.Get(h.String(), o.now())
	return absent
}

// OnStage returns which of some actors speak at the talks that an article of ours shows.
func (o *Outbox) OnStage(ctx context.Context, article *models.Post, actors map[int64]*models.Actor) (map[int64]*models.Person, error) {
	return onStage(ctx, o.iris, o.store, article, actors)
}

func onStage(ctx context.Context, iris *IRIs, store *models.Store, article *models.Post, actors map[int64]*models.Actor) (map[int64]*models.Person, error) {
	if article.ConferenceID == nil {
		return nil, nil
	}
	people, err := store.People.OnStage(ctx, article.ID)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	byActor := map[int64]*models.Person{}
	for id, a := range actors {
		for _, p := range people {
			if p.ActorID != nil && *p.ActorID == id || p.ActorID == nil && strings.EqualFold(p.Acct, actorAcct(iris, a)) {
				byActor[id] = p
			}
		}
	}
	return byActor, nil
}

// invited says whether somebody was asked to answer an article: it mentions them, or they
// speak at a talk that it shows.
func (in *Inbox) invited(ctx context.Context, tx *models.Store, article *models.Post, actor *models.Actor) (bool, error) {
	if article == nil {
		return false, nil
	}
	on, err := onStage(ctx, in.iris, tx, article, map[int64]*models.Actor{actor.ID: actor})
	if err != nil || on[actor.ID] != nil {
		return err == nil, err
	}
	mentioned, err := mentionedActors(ctx, tx, article.ID)
	return slices.ContainsFunc(mentioned, func(m *models.Actor) bool { return m.ID == actor.ID }), err
}

// Corrected is what came of TakeCorrection: the article, and whether the correction is in
// what is published, or only in a draft that has other changes as well.
type Corrected struct {
	Post      *models.Post
	Published bool
}

// TakeCorrection puts what a speaker answered into an article of an account's own, as a
// quotation with its source at the end, and publishes it; an article with unpublished
// changes keeps it with those. The same reply is taken once. It returns
// models.ErrNotFound for a reply that isn't a speaker's public one under that article, and
// what Publish returns.
func (o *Outbox) TakeCorrection(ctx context.Context, by *models.Account, article, reply *models.Post) (*Corrected, error) {
	said, err := o.correction(ctx, by, article, reply)
	if err != nil {
		return nil, err
	}
	head, err := o.store.Revisions.Head(ctx, article)
	if err != nil {
		return nil, err
	}
	done := &Corrected{Post: article, Published: article.PublishedRevisionID != nil && *article.PublishedRevisionID == head.ID}
	if recap.Quotes(head.Text.Source, reply.URL) {
		return done, nil
	}
	in := draft.Input{Account: by, PostID: article.ID, ClientID: *article.ClientID, Base: article.LockVersion, Text: head.Text}
	in.Text.Source = strings.TrimRight(head.Text.Source, "\n") + "\n\n" + said
	if done.Published {
		_, err = o.Publish(ctx, in, time.Time{})
		return done, err
	}
	return done, o.store.InTx(ctx, func(tx *models.Store) error {
		_, _, err := o.drafts.Save(ctx, tx, in)
		return err
	})
}

// correction is a speaker's reply as a quotation in Markdown that shows its words as they are.
func (o *Outbox) correction(ctx context.Context, by *models.Account, article, reply *models.Post) (string, error) {
	if article.AccountID == nil || *article.AccountID != by.ID || reply.RootID == nil || *reply.RootID != article.ID ||
		!models.CanSee(models.Viewer{}, models.Sight{Post: reply}) {
		return "", models.ErrNotFound
	}
	actor, err := o.store.Actors.ByID(ctx, reply.ActorID)
	if err != nil {
		return "", err
	}
	on, err := o.OnStage(ctx, article, map[int64]*models.Actor{actor.ID: actor})
	if err != nil {
		return "", err
	}
	if on[actor.ID] == nil {
		return "", models.ErrNotFound
	}
	return recap.FromSpeaker(on[actor.ID].Name, reply.URL, withoutNames(richtext.PlainText(reply.HTML)), article.Language), nil
}

// withoutNames is a reply without those whom it addresses first.
func withoutNames(text string) string {
	for strings.HasPrefix(text, "@") {
		_, rest, _ := strings.Cut(text, " ")
		text = strings.TrimLeft(rest, " ")
	}
	return text
}

// stop is what a speaker answers who doesn't want to be mentioned again.
const stop = "stop"

// heardStop has a speaker who answers an article itself with "stop" not be mentioned again.
// It says whether that is what an object does: it is said to us, and not kept.
func (in *Inbox) heardStop(ctx context.Context, tx *models.Store, actor *models.Actor, o *vocab.ReceivedObject, now time.Time) (bool, error) {
	if !saysStop(o.Content) {
		return false, nil
	}
	article, err := localPost(ctx, in.iris, tx, o.InReplyTo)
	if errors.Is(err, models.ErrNotFound) || err == nil && article.Kind != models.KindArticle {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	on, err := onStage(ctx, in.iris, tx, article, map[int64]*models.Actor{actor.ID: actor})
	if err != nil || on[actor.ID] == nil {
		return false, err
	}
	return true, tx.People.Silence(ctx, actor.ID, now)
}

// saysStop says whether a reply's only word, but for the people it mentions, is "stop".
func saysStop(content string) bool {
	said := ""
	for word := range strings.FieldsSeq(richtext.PlainText(richtext.Stranger(content))) {
		if !strings.HasPrefix(word, "@") {
			said += strings.ToLower(strings.Trim(word, ".!« »\""))
		}
	}
	return said == stop
}
