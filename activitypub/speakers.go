package activitypub

import (
	"context"
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
}

// speakers finds those of the talks that an article shows who are to be mentioned in it:
// their address is known, they didn't opt out, and no other article told them. What is
// rendered again by itself tells nobody new.
func (o *Outbox) speakers(ctx context.Context, a recap.Article, shown []models.Appearance) ([]speaker, error) {
	var talkIDs []int64
	var accts []string
	for _, s := range shown {
		if s.Person != nil && s.Person.Acct != "" {
			talkIDs, accts = append(talkIDs, s.TalkID), append(accts, s.Person.Acct)
		}
	}
	if len(accts) == 0 {
		return nil, nil
	}
	silent, err := o.store.People.Silent(ctx, accts)
	if err != nil {
		return nil, err
	}
	rows, err := o.store.People.Told(ctx, talkIDs)
	if err != nil {
		return nil, err
	}
	by := map[[2]int64]int64{}
	for _, t := range rows {
		by[[2]int64{t.TalkID, t.PersonID}] = t.PostID
	}
	var found []speaker
	for _, s := range shown {
		if s.Person == nil || s.Person.Acct == "" || silent[s.Person.Acct] || len(found) == resolveMost {
			continue
		}
		if told, ok := by[[2]int64{s.TalkID, s.PersonID}]; ok && told != a.PostID || !ok && a.Again {
			continue
		}
		user, host, _ := strings.Cut(s.Person.Acct, "@")
		found = append(found, speaker{talkID: s.TalkID, personID: s.PersonID, handle: richtext.Handle{User: user, Host: host}})
	}
	return found, nil
}

// tell records which speakers an article tells, in the transaction that publishes it, and
// returns them as mentioned. Nobody is told of what they wrote themselves, nor by whom they
// are blocked.
func (o *Outbox) tell(ctx context.Context, tx *models.Store, post *models.Post, speakers []speaker, now time.Time) ([]models.Mention, error) {
	var mentions []models.Mention
	for _, s := range speakers {
		if err := s.who.save(ctx, tx, now); err != nil {
			return nil, err
		}
		actor := s.who.actor
		if actor.ID == post.ActorID || actor.State != models.StateActive {
			continue
		}
		if blocked, err := blockedBy(ctx, tx, post.ActorID, actor); err != nil {
			return nil, err
		} else if blocked {
			continue
		}
		told, err := tx.People.Tell(ctx, models.Told{TalkID: s.talkID, PersonID: s.personID, PostID: post.ID, At: now})
		if err != nil {
			return nil, err
		}
		if told {
			mentions = append(mentions, models.Mention{Handle: s.handle.String(), ActorID: &actor.ID})
		}
	}
	return mentions, nil
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
			if strings.EqualFold(p.Acct, actorAcct(iris, a)) {
				byActor[id] = p
			}
		}
	}
	return byActor, nil
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
	if strings.Contains(head.Text.Source, reply.URL) {
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
		reply.Visibility != models.VisibilityPublic && reply.Visibility != models.VisibilityUnlisted {
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

// heardStop has a speaker who answers "stop" not be mentioned again. It says whether that
// is what a reply says.
func (in *Inbox) heardStop(ctx context.Context, tx *models.Store, article *models.Post, actor *models.Actor, o *vocab.ReceivedObject) (bool, error) {
	if article == nil || !saysStop(o.Content) {
		return false, nil
	}
	on, err := onStage(ctx, in.iris, tx, article, map[int64]*models.Actor{actor.ID: actor})
	if err != nil || on[actor.ID] == nil {
		return false, err
	}
	return true, tx.People.OptOut(ctx, on[actor.ID].Acct)
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
