package templates

import (
	"html"
	"strings"
	"testing"
)

func TestAThreadInBothLanguages(t *testing.T) {
	pages := load(t)
	for language, wants := range map[string][]string{
		"en": {"Show 12 more answers", "Hide these answers", "Liked by", "Boosted by", "and 39 others", "Read on", "3 sensitive pictures", "All 5 answers"},
		"fr": {"Afficher 12 réponses de plus", "Replier ces réponses", "Aimé par", "Partagé par", "et 39 autres", "Lire la suite", "3 images sensibles", "Les 5 réponses"},
	} {
		document := html.UnescapeString(string(render(t, pages, samples(language, asIs)["article"])))
		for _, want := range wants {
			if !strings.Contains(document, want) {
				t.Errorf("%s: it lacks %q", language, want)
			}
		}
	}
}

// Without a copy there are initials, and a link; never somebody else's file.
func TestAFaceIsACopyOrInitials(t *testing.T) {
	pages := load(t)
	article := samples("en", asIs)["article-quiet"].(Article)
	article.Likers = Faces{People: []Author{
		{Name: "Yuki Nakagome", Handle: "@yuki@a.example", URL: "https://a.example/@yuki", Avatar: "https://notes.example/media/copies/x/thumb.jpg"},
		{Name: "Solenn Le Bihan", Handle: "@solenn@b.example", URL: "https://b.example/@solenn"},
	}}
	document := string(render(t, pages, article))
	for _, want := range []string{`<img class="avatar" src="https://notes.example/media/copies/x/thumb.jpg" width="40" height="40" alt=""`, `<span class="avatar" aria-hidden="true">SB</span>`,
		`<bdi class="unseen">Yuki Nakagome</bdi>`, `<bdi class="unseen">Solenn Le Bihan</bdi>`} {
		if !strings.Contains(document, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	if strings.Contains(document, `class="others"`) || strings.Contains(document, "Boosted by") {
		t.Error("it counts others, or boosts, where there are none")
	}
}
