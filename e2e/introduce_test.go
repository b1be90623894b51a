package e2e

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"confnotes/internal/introduce"
	"confnotes/models"
)

// introduce has the author show a little of everything, and somebody as much as fits.
func (v *venue) introduce(t testing.TB) {
	v.does(t, author, "/settings/profile", url.Values{"field-0-label": {"Site"}, "field-0-value": {"https://gwen.example/"}, "field-1-label": {v.words("Code", "Code")}, "field-1-value": {"https://code.example/~gwen"},
		"field-2-label": {v.words("Pronouns", "Pronoms")}, "field-2-value": {v.words("she/her", "elle")}, "tag": {"Kormoran2026"}, "tags": {"eBPF"}, "domains": {"blog.example"}})
	v.does(t, author, "/posts", url.Values{"action": {"pin"}, "post": {*v.post.PublicID}})
	long := v.article(t, v.limits)
	write(t, v.store, func(ctx context.Context, tx *models.Store) error {
		fields, err := tx.Profiles.Fields(ctx, v.post.ActorID)
		if err != nil {
			return err
		}
		tags := make([]string, introduce.MaxTags)
		for i := range tags {
			tags[i] = fmt.Sprintf("Konstantinopolitanisch%d", i)
		}
		label, page := strings.Repeat("Dudelsack", 11), "https://"+strings.Repeat("pfeife.", 20)+"example/"+strings.Repeat("macher", 15)
		return errors.Join(tx.Profiles.Checked(ctx, fields[0].ID, fields[0].URL, true, evening), tx.Profiles.Checked(ctx, fields[1].ID, fields[1].URL, false, evening),
			tx.Profiles.SetFeaturedTags(ctx, long.ActorID, tags), tx.Profiles.SetFields(ctx, long.ActorID, []*models.ProfileField{{Label: label, Value: page, URL: page}, {Label: label[:90] + "sack", Value: label}}),
			tx.Profiles.Feature(ctx, long, evening))
	})
}

// serveSecure starts a server whose certificate is the authority's, and returns its host.
func serveSecure(t testing.TB, ca *authority, handler http.Handler) (host string) {
	t.Helper()
	certificate, err := tls.LoadX509KeyPair(ca.file("leaf.pem"), ca.file("leaf.key"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "https://")
}

// ownSite is the author's own site, which links to their profile here.
func ownSite(t testing.TB, ca *authority, profile string) string {
	return "https://" + serveSecure(t, ca, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><title>Gwen</title><p>Mes notes : <a rel="me" href=%q>ici</a>`, profile)
	})) + "/"
}

// introduce has the author show their site and hashtags, and pin the recap.
func (s *story) introduce(t *testing.T) {
	b := s.browser
	profile := s.notes.baseURL + "/@" + author
	b.open(t, s.notes.baseURL+"/settings", http.StatusOK)
	b.do(t, "fill in the profile",
		chromedp.SendKeys("#field-field-0-label", "Site", chromedp.ByQuery),
		chromedp.SendKeys("#field-field-0-value", s.site, chromedp.ByQuery),
		chromedp.SendKeys("#field-field-1-label", "Pronoms", chromedp.ByQuery),
		chromedp.SendKeys("#field-field-1-value", "elle & <moi>", chromedp.ByQuery),
		chromedp.Click(`input[name="tag"]`, chromedp.ByQuery))
	b.press(t, "form.introduction button.primary")
	b.quiet(t, "the profile's settings")
	b.open(t, s.notes.baseURL+"/posts", http.StatusOK)
	b.press(t, `button[value="pin"]`)
	b.quiet(t, "pinning")
	got := s.peer.received(t, "Add", 1)
	s.proved(t, got)
	if got.Activity["object"] != s.article || got.Activity["target"] != s.actor+"/featured" || got.Understood.Class != "Add" {
		t.Errorf("the Add is of %v to %v", got.Activity["object"], got.Activity["target"])
	}
	eventually(t, patience, "the site is verified", func() error {
		if _, body := s.notes.get(t, profile, "text/html"); !strings.Contains(body, `class="verified"`) {
			return fmt.Errorf("it isn't")
		}
		return nil
	})
	b.open(t, profile, http.StatusOK)
	if first := b.text(t, ".pinned .entry h2"); first != s.recap.Title {
		t.Errorf("first on the profile is %q", first)
	}
	b.quiet(t, "the profile")
}

// introduced checks what the peer makes of that.
func (s *story) introduced(t *testing.T) {
	got := s.peer.get(t, s.actor)
	want := []string{`Site: <a href="` + s.site + `" rel="me nofollow noopener noreferrer" translate="no">` + s.site + `</a>`, "Pronoms: elle &amp; &lt;moi&gt;"}
	var fields []string
	for _, a := range got.Understood.Attachments {
		if a.Class == "PropertyValue" {
			fields = append(fields, a.Name+": "+a.Value)
		}
	}
	if !slices.Equal(fields, want) {
		t.Errorf("the peer reads the fields %q, want %q", fields, want)
	}
	var listed struct{ Items []string }
	if err := s.peer.try("/collection", map[string]any{"url": s.actor + "/featured"}, &listed); err != nil || !slices.Equal(listed.Items, []string{s.article}) {
		t.Errorf("featured lists %q, %v; want the recap", listed.Items, err)
	}
	if tags := s.peer.get(t, s.actor+"/tags").Understood; tags.TotalItems == nil || *tags.TotalItems != 1 {
		t.Errorf("featuredTags has totalItems %v, want 1", tags.TotalItems)
	}
}

// changed waits for an Update of an object: of the author there may be one, too.
func (s *story) changed(t *testing.T, id string) (found delivery) {
	t.Helper()
	for n := 1; ; n++ {
		if found = s.peer.received(t, "Update", n); found.object()["id"] == id {
			return found
		}
	}
}
