package i18n

import (
	"testing"
	"time"

	"golang.org/x/text/language"
)

func load(t *testing.T) *Catalogue {
	t.Helper()
	catalogue, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

func TestWordsFollowTheLanguage(t *testing.T) {
	catalogue := load(t)
	tests := []struct{ name, tag, want string }{
		{"English", "en", "Write"},
		{"French", "fr", "Écrire"},
		{"a regional French", "fr-CA", "Écrire"},
		{"a language whose speakers read French", "br", "Écrire"},
		{"an unknown language falls back to English", "ja", "Write"},
		{"no language falls back to English", "", "Write"},
		{"nonsense falls back to English", "<script>", "Write"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := catalogue.For(tt.tag).T("desk.write"); got != tt.want {
				t.Errorf("For(%q) says %q, want %q", tt.tag, got, tt.want)
			}
		})
	}
}

func TestSpeaksOnlyItsLanguages(t *testing.T) {
	catalogue := load(t)
	for tag, want := range map[string]bool{"en": true, "fr-CA": true, "en-GB": true, "br": false, "de": false, "": false, "?": false} {
		if got := catalogue.Speaks(tag); got != want {
			t.Errorf("Speaks(%q) = %v, want %v", tag, got, want)
		}
	}
}

func TestPlurals(t *testing.T) {
	catalogue := load(t)
	tests := []struct {
		tag  string
		n    int
		want string
	}{
		{"en", 0, "0 replies"}, {"en", 1, "1 reply"}, {"en", 2, "2 replies"}, {"en", 12345, "12,345 replies"},
		{"fr", 0, "0 réponse"}, {"fr", 1, "1 réponse"}, {"fr", 2, "2 réponses"},
		{"fr", 12345, "12\u00a0345 réponses"}, {"fr", 1000000, "1\u00a0000\u00a0000 de réponses"},
	}
	for _, tt := range tests {
		if got := catalogue.For(tt.tag).N("thread.replies", tt.n); got != tt.want {
			t.Errorf("%s: N(%d) = %q, want %q", tt.tag, tt.n, got, tt.want)
		}
	}
}

func TestDates(t *testing.T) {
	catalogue := load(t)
	evening := time.Date(2026, 6, 11, 21, 2, 0, 0, time.UTC)
	first := time.Date(2026, 8, 1, 9, 30, 0, 0, time.UTC)
	tests := []struct {
		name, tag string
		when      time.Time
		date, at  string
	}{
		{"English", "en", evening, "11 June 2026", "11 June 2026, 21:02"},
		{"French", "fr", evening, "11 juin 2026", "11 juin 2026 à 21\u00a0h\u00a002"},
		{"the first is an ordinal in French", "fr", first, "1er août 2026", "1er août 2026 à 9\u00a0h\u00a030"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			words := catalogue.For(tt.tag)
			if got := words.Date(tt.when); got != tt.date {
				t.Errorf("Date = %q, want %q", got, tt.date)
			}
			if got := words.DateTime(tt.when); got != tt.at {
				t.Errorf("DateTime = %q, want %q", got, tt.at)
			}
		})
	}
}

func TestAMissingMessageIsItsId(t *testing.T) {
	words := load(t).For("fr")
	if got := words.T("no.such"); got != "no.such" {
		t.Errorf("T = %q", got)
	}
	if got := words.N("no.such", 2); got != "no.such" {
		t.Errorf("N = %q", got)
	}
}

func TestArticleLanguagesAreTagsSetOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, entry := range ArticleLanguages() {
		if _, err := language.Parse(entry.Tag); err != nil || seen[entry.Tag] {
			t.Errorf("%s: twice, or no language: %v", entry.Tag, err)
		}
		seen[entry.Tag] = true
		if NameOf(entry.Tag) != entry.Name {
			t.Errorf("NameOf(%s) = %q, want %q", entry.Tag, NameOf(entry.Tag), entry.Name)
		}
	}
	if got := NameOf("tlh"); got != "tlh" {
		t.Errorf("NameOf a language off the list = %q", got)
	}
}
