package activitypub

import (
	"encoding/json"
	"errors"
	"testing"

	"confnotes/models"
)

// profilesSent is what the Updates of actors in a follower's queue say.
func (h *room) profilesSent(inbox string) (names []string) {
	h.t.Helper()
	for _, body := range h.strings("SELECT a.body FROM deliveries d JOIN activities a ON a.id = d.activity_id WHERE d.inbox = ? AND d.state = 'queued' AND a.type = 'Update' ORDER BY d.id", inbox) {
		var a struct {
			Actor  string
			CC     []string
			Object struct {
				Context any `json:"@context"`
				ID      string
				Name    string
				Summary string
				Icon    *struct{ URL string }
				Inbox   string
				Key     struct{ PublicKeyPEM string } `json:"publicKey"`
			}
		}
		h.must(json.Unmarshal([]byte(body), &a))
		if a.Actor != a.Object.ID || a.Object.Inbox == "" || a.Object.Key.PublicKeyPEM == "" || a.Object.Context != nil || len(a.CC) != 1 || a.CC[0] != a.Object.ID+"/followers" {
			h.t.Errorf("not a whole actor's Update: %s", body)
		}
		name := a.Object.Name + ": " + a.Object.Summary
		if a.Object.Icon != nil {
			name += " with a face"
		}
		names = append(names, name)
	}
	return names
}

func (h *room) profile(actorID int64, name, bio string) {
	h.t.Helper()
	h.inTx(func(tx *models.Store) error {
		return tx.Actors.UpdateProfile(h.ctx(), actorID, name, bio, "<p>"+bio+"</p>")
	})
}

func TestFollowersHearOfAProfileThatChanged(t *testing.T) {
	t.Parallel()
	h := newRoom(t)
	reader, other := h.known("https://big.example", "reader"), h.known("https://big.example", "other")
	h.follow(reader, h.gwen)
	h.follow(other, h.gwen)
	inbox := h.actorOf(reader).DeliveryInbox()

	h.profile(h.gwen.ActorID, "Gwen", "Typing.")
	h.profile(h.gwen.ActorID, "Gwenn", "Writes.")
	h.same("before the round", h.profilesSent(inbox))
	h.later()
	h.same("two changes, one inbox", h.profilesSent(inbox), "Gwenn: <p>Writes.</p>")
	h.later()
	h.profile(h.gwen.ActorID, "Gwenn", "Writes.")
	h.later()
	if n := h.updates(); n != 1 {
		t.Errorf("%d Updates, want none for what was saved as it was", n)
	}

	h.picture(h.gwen, hallPicture, "image/jpeg")
	h.inTx(func(tx *models.Store) error {
		id := h.id("SELECT id FROM pictures")
		return tx.Actors.SetPicture(h.ctx(), h.gwen.ActorID, &id)
	})
	h.later()
	h.same("a face, which stands for what waited", h.profilesSent(inbox), "Gwenn: <p>Writes.</p> with a face")
	if n := h.count("activities WHERE type = 'Update' AND body IS NOT NULL"); n != 1 {
		t.Errorf("%d Updates can still be read, want the last alone", n)
	}
}

func TestAConferenceThatIsRenamedSaysSo(t *testing.T) {
	t.Parallel()
	h := newRoom(t)
	reader := h.known("https://big.example", "reader")
	h.subscribe(reader, "kormoran2026")
	h.profile(h.conference.ActorID, "Kormoran 2026, the last one", "")
	h.later()
	h.same("the new name", h.profilesSent(h.actorOf(reader).DeliveryInbox()), "Kormoran 2026, the last one: <p></p>")
}

// A change while the Update is made waits for the next round; who left says nothing.
func TestNoChangeOfAProfileIsMissed(t *testing.T) {
	t.Parallel()
	h := newRoom(t)
	h.profile(h.gwen.ActorID, "Gwen", "One.")
	rows, err := h.store.Actors.Changed(h.ctx(), 0, 10)
	h.must(err)
	if len(rows) != 1 || rows[0].ActorID != h.gwen.ActorID {
		t.Fatalf("changed are %+v, want gwen", rows)
	}
	h.profile(h.gwen.ActorID, "Gwen", "Two.")
	h.inTx(func(tx *models.Store) error { return tx.Actors.Told(h.ctx(), rows[0]) })
	h.later()
	if n := h.updates(); n != 1 {
		t.Errorf("%d Updates, want one of the second change", n)
	}
	h.profile(h.gwen.ActorID, "Gwen", "Three.")
	h.must(h.outbox.DeleteAccount(h.ctx(), "gwen"))
	h.later()
	if n := h.count("activities WHERE type = 'Update' AND body IS NOT NULL"); n != 0 {
		t.Errorf("%d Updates of somebody who left", n)
	}
	if _, err := NewDocuments(h.store, h.iris).Actor(h.ctx(), "gwen"); !errors.As(err, new(*GoneError)) {
		t.Errorf("the actor: %v, want it gone", err)
	}
}
