package activitypub

import (
	"errors"
	"slices"
	"testing"

	"confnotes/models"
)

// news lists what an account is told of, the newest first.
func (k *talk) news(a *models.Account) (list []string) {
	k.t.Helper()
	rows, err := k.store.Notifications.Newest(k.ctx(), a.ID, models.Which{}, 100)
	k.must(err)
	for _, n := range rows {
		actor, err := k.store.Actors.ByID(k.ctx(), n.ActorID)
		k.must(err)
		list = append(list, actor.Handle+" "+n.Kind)
	}
	return list
}

func TestWhatOthersDoIsTold(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	ida := k.person("ida", models.RoleAuthor)
	follow, like := k.alice.does("Follow", k.iris.Actor("gwen")), k.alice.does("Like", k.article(k.post))
	k.accept(k.alice, follow)
	k.accept(k.alice, like)
	k.accept(k.alice, k.alice.does("Announce", k.article(k.post)))
	asked := k.alice.note(k.article(k.post), "How, @ida?")
	asked["tag"] = []any{map[string]any{"type": "Mention", "href": k.iris.Actor("ida")}}
	k.accept(k.alice, k.alice.does("Create", asked))
	answer := k.answer(k.gwen, k.reply(asked), "So.")
	k.accept(k.alice, k.alice.does("Like", k.iris.Note(*answer.PublicID)))
	k.said(k.alice, k.iris.Note(*answer.PublicID), "Thanks")
	k.must(k.outbox.React(k.ctx(), ida, k.post, models.ReactionLike))
	if got, want := k.news(k.gwen), []string{"ida like", "alice reply", "alice like", "alice reply", "alice boost", "alice like", "alice follow"}; !slices.Equal(got, want) {
		t.Errorf("gwen is told %q, want %q", got, want)
	}
	if got := k.news(ida); !slices.Equal(got, []string{"alice mention"}) {
		t.Errorf("ida is told %q", got)
	}
	if n, err := k.store.Notifications.CountNew(k.ctx(), k.gwen.ID); err != nil || n != 7 {
		t.Errorf("%d are new, %v; want 7", n, err)
	}
	k.accept(k.alice, k.alice.does("Undo", like))
	k.accept(k.alice, k.alice.does("Undo", follow))
	k.accept(k.alice, k.alice.does("Delete", asked["id"]))
	if got, want := k.news(k.gwen), []string{"ida like", "alice reply", "alice like", "alice boost"}; !slices.Equal(got, want) {
		t.Errorf("after all was taken back gwen is told %q, want %q", got, want)
	}
	rows, err := k.store.Notifications.Newest(k.ctx(), k.gwen.ID, models.Which{}, 1)
	k.must(err)
	k.inTx(func(tx *models.Store) error {
		return errors.Join(tx.Notifications.MarkSeen(k.ctx(), k.gwen.ID, rows[0].ID), tx.Notifications.MarkSeen(k.ctx(), k.gwen.ID, 1))
	})
	if n, err := k.store.Notifications.CountNew(k.ctx(), k.gwen.ID); err != nil || n != 0 {
		t.Errorf("%d are new after all were seen, %v", n, err)
	}
	k.must(k.outbox.DeleteAccount(k.ctx(), "ida"))
	if got := k.news(k.gwen); slices.Contains(got, "ida like") {
		t.Errorf("gwen is still told %q", got)
	}
}

func TestAnArticleTellsThoseOfOursWhomItNames(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	ida := k.person("ida", models.RoleAuthor)
	post := k.publish(k.gwen, text("Together", "With @ida and @gwen."))
	k.edit(k.gwen, post, text("Together", "Still with @ida and @gwen."))
	if got := k.news(ida); !slices.Equal(got, []string{"gwen mention"}) {
		t.Errorf("ida is told %q, want once of the mention", got)
	}
	if got := k.news(k.gwen); len(got) != 0 {
		t.Errorf("gwen is told of her own words: %q", got)
	}
}

// Nobody is reminded of somebody whom they keep out.
func TestABlockTakesBackWhatWasTold(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]func(k *talk) models.Block{
		"an account's, by gwen": func(k *talk) models.Block { return models.Block{AccountID: k.gwen.ID, ActorID: k.actorOf(k.alice).ID} },
		"a server's, by gwen":   func(k *talk) models.Block { return models.Block{AccountID: k.gwen.ID, Domain: "social.example"} },
		"a server's, for all":   func(*talk) models.Block { return models.Block{Domain: "social.example"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			ida, bob := k.person("ida", models.RoleAuthor), k.known("https://other.example", "bob")
			idas := k.publish(ida, text("Hers", "Words."))
			for _, r := range []*remote{k.alice, bob} {
				k.accept(r, r.does("Like", k.article(k.post)))
				k.accept(r, r.does("Like", k.article(idas)))
			}
			k.must(k.outbox.Block(k.ctx(), k.gwen, block(k)))
			if got := k.news(k.gwen); !slices.Equal(got, []string{"bob like"}) {
				t.Errorf("gwen is told %q", got)
			}
			want := []string{"bob like", "alice like"}
			if block(k).AccountID == 0 {
				want = want[:1]
			}
			if got := k.news(ida); !slices.Equal(got, want) {
				t.Errorf("ida is told %q, want %q", got, want)
			}
		})
	}
}
