package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"confnotes/models"
)

// TestAPreviewSaysHowOthersShowIt: what Mastodon makes of an article follows the author's
// choices.
func TestAPreviewSaysHowOthersShowIt(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	picture := gwen.upload("/media", nil, "x.jpg", photo(t, 400, 300)).added(t)
	for name, tt := range map[string]struct {
		form      url.Values
		has, lack []string
	}{
		"a card with a drawn picture": {url.Values{"summary": {"A summary"}}, []string{"link-card", "drawn", "A summary", "and a card of the link", "GoToSocial loses the title"}, []string{"attached", "You wrote no summary"}},
		"a card with the cover":       {url.Values{"cover": {picture.ID}, "cover_alt": {"A hall"}}, []string{"link-card", `alt="A hall"`, "You wrote no summary"}, []string{"drawn", "GoToSocial loses"}},
		"pictures instead of a card":  {url.Values{"cover": {picture.ID}, "cover_alt": {"A hall"}, "attach": {"yes"}}, []string{`class="attached"`, "in place of the link"}, []string{"link-card"}},
		"neither, for followers":      {url.Values{"visibility": {models.VisibilityFollowers}}, []string{"no page to lead to"}, []string{"link-card", "attached"}},
	} {
		form := url.Values{"action": {"preview"}, "client_id": {models.NewPublicID()}, "language": {"en"}, "title": {"Day one"}, "source": {"Words of the day."}}
		for k, v := range tt.form {
			form[k] = v
		}
		_, shown, found := strings.Cut(gwen.post("/write", form).want(t, name, http.StatusOK).body, `<section class="elsewhere">`)
		if !found {
			t.Fatalf("%s: nothing is said", name)
		}
		for _, want := range tt.has {
			if !strings.Contains(shown, want) {
				t.Errorf("%s: lacks %q", name, want)
			}
		}
		for _, never := range tt.lack {
			if strings.Contains(shown, never) {
				t.Errorf("%s: has %q", name, never)
			}
		}
	}
}
