package activitypub

import (
	"errors"
	"testing"

	"confnotes/models"
)

// What our own instance actor signs shows that it arrived whole, and does nothing: not
// even what it says.
func TestWhatWeWriteToOurselvesHasNoEffect(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	gwen := s.person("gwen", models.RoleOwner)
	us := newRemote(ourBase, InstanceHandle)
	us.key = testKeys()[0] // every actor of a test site has this one
	for _, does := range []string{"View", "Follow"} {
		before := s.dump()
		err := s.inbox.Receive(s.ctx(), s.request(us, toJSON(us.does(does, s.iris.Actor(gwen.Actor.HandleLC))), s.clock.now()))
		if !errors.Is(err, ErrOurselves) || s.dump() != before {
			t.Errorf("%s: %v, or something was stored", does, err)
		}
	}
	us.key = testKeys()[1]
	if status, refusal := s.receive(s.request(us, toJSON(us.does("View", us.id)), s.clock.now())); status != 401 || refusal.Reason != noMatch {
		t.Errorf("with another key: %d %q", status, refusal.Reason)
	}
}
