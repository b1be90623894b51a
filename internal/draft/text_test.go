package draft

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"confnotes/models"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, title, want string }{
		{"English", "Why WAL wins, again!", "why-wal-wins-again"},
		{"French", "Où l’été s’achève : cœur & forêt", "ou-l-ete-s-acheve-cœur-foret"},
		{"German", "Größe, Straße, Überraschung", "große-straße-uberraschung"},
		{"accents typed apart from their letters", "Cafe\u0301 noir", "cafe-noir"},
		{"an accent that no letter has composed", "x\u0302 und y", "x-und-y"},
		{"Polish and Vietnamese", "Łódź, Đường phố", "łodz-đuong-pho"},
		{"Russian keeps its й", "Андрей и ёлка", "андрей-и-ёлка"},
		{"Chinese", "会议记录：第一天", "会议记录-第一天"},
		{"Japanese keeps what tells ga from ka", "サーバーのプログラム", "サーバーのプログラム"},
		{"Korean stays composed", "한국어 노트", "한국어-노트"},
		{"Hindi keeps its vowels", "हिन्दी टिप्पणी", "हिन्दी-टिप्पणी"},
		{"full width", "ＧｏＣｏｎｆ　２０２６", "goconf-2026"},
		{"emoji", "🎉 Day one 🎉🎉 done 👩‍💻", "day-one-done"},
		{"emoji alone", "🎉👩‍💻", "note"},
		{"empty", "", "note"},
		{"signs alone", " -- / ?! ", "note"},
		{"what a path would read", "../../etc/passwd?x=1#y%2F", "etc-passwd-x-1-y-2f"},
		{"long: cut at a word", strings.Repeat("recap ", 40), strings.TrimSuffix(strings.Repeat("recap-", 13), "-")},
		{"long, in one word", strings.Repeat("会", 60), strings.Repeat("会", MaxSlug/3)},
	}
	for _, tt := range tests {
		if got := Slug(tt.title); got != tt.want {
			t.Errorf("%s: Slug(%q) = %q, want %q", tt.name, tt.title, got, tt.want)
		}
	}
}

func FuzzASlugFromATitleIsOneThatCouldBeTyped(f *testing.F) {
	for _, title := range []string{"", "Why WAL wins", "İstanbul 𝐀ΣÏ", "サーバー", "x\u0302", "ǅ ϒ", "½ ² ⅷ Ⅷ", "\u0301a", "\xff\xfe", "한국어 노트"} {
		f.Add(title)
	}
	f.Fuzz(func(t *testing.T, title string) {
		slug := Slug(title)
		text := models.RevisionText{Language: "en", Slug: slug}
		if err := Clean(&text); err != nil || text.Slug != slug {
			t.Errorf("Slug(%q) = %q, which Clean makes %q: %v", title, slug, text.Slug, err)
		}
	})
}

func TestTags(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, typed string
		want        []string
	}{
		{"spaces, commas, lines", "go, sqlite\r\nwal\tfts", []string{"go", "sqlite", "wal", "fts"}},
		{"with #", "#Go #sqlite", []string{"Go", "sqlite"}},
		{"each once, as first written", "Go go GO été ÉTÉ", []string{"Go", "été"}},
		{"an ideographic space and comma", "会議　記録、東京", []string{"会議", "記録", "東京"}},
		{"a space that doesn't break", "go\u00a0sqlite", []string{"go", "sqlite"}},
		{"none", " , # ,, ", nil},
	}
	for _, tt := range tests {
		if got := Tags(tt.typed); !slices.Equal(got, tt.want) {
			t.Errorf("%s: Tags(%q) = %q, want %q", tt.name, tt.typed, got, tt.want)
		}
	}
}

func TestWhatCannotBeKeptIsSaidByField(t *testing.T) {
	t.Parallel()
	many := make([]string, MaxTags+1)
	for i := range many {
		many[i] = fmt.Sprintf("tag%d", i)
	}
	tests := []struct {
		name   string
		text   models.RevisionText
		field  string
		reason models.Reason
	}{
		{"no language", models.RevisionText{Language: "-"}, "language", models.BadLanguage},
		{"an undetermined language", models.RevisionText{Language: "und"}, "language", models.BadLanguage},
		{"words for a language", models.RevisionText{Language: "français"}, "language", models.BadLanguage},
		{"a long title", models.RevisionText{Title: strings.Repeat("é", MaxTitle+1)}, "title", models.TooLong},
		{"a long summary", models.RevisionText{Summary: strings.Repeat("é", MaxSummary+1)}, "summary", models.TooLong},
		{"a long source", models.RevisionText{Source: strings.Repeat("é", MaxSource/2+1)}, "source", models.TooLong},
		{"bytes that are no text", models.RevisionText{Source: "a\xffb"}, "source", models.Unusable},
		{"capitals in the slug", models.RevisionText{Slug: "Day-One"}, "slug", models.BadSlug},
		{"a slash in the slug", models.RevisionText{Slug: "a/b"}, "slug", models.BadSlug},
		{"a hyphen at its end", models.RevisionText{Slug: "a-"}, "slug", models.BadSlug},
		{"dots", models.RevisionText{Slug: ".."}, "slug", models.BadSlug},
		{"a long slug", models.RevisionText{Slug: strings.Repeat("a", MaxSlug+1)}, "slug", models.BadSlug},
		{"too many tags", models.RevisionText{Tags: strings.Join(many, " ")}, "tags", models.TooMany},
		{"a tag of digits", models.RevisionText{Tags: "go 2026"}, "tags", models.BadTag},
		{"a tag with a sign", models.RevisionText{Tags: "c++"}, "tags", models.BadTag},
		{"a long tag", models.RevisionText{Tags: strings.Repeat("a", MaxTag+1)}, "tags", models.BadTag},
	}
	for _, tt := range tests {
		if tt.text.Language == "" {
			tt.text.Language = "en"
		}
		if got, ok := errors.AsType[*models.InvalidError](Clean(&tt.text)); !ok || got.Field != tt.field || got.Reason != tt.reason {
			t.Errorf("%s: %v, want %s %s", tt.name, got, tt.field, tt.reason)
		}
	}
}

func TestWhatIsKeptIsTrimmedAndStaysTheAuthors(t *testing.T) {
	t.Parallel()
	text := models.RevisionText{Language: "FR-fr", Title: " Jour \r\n un ", Summary: " deux\r\nlignes ", Source: "\r\n    code\r\n\x00fin ", Tags: "#Go, go  WAL", Slug: " e\u0301te\u0301 "}
	want := models.RevisionText{Language: "fr-FR", Title: "Jour un", Summary: "deux\nlignes", Source: "\n    code\nfin ", Tags: "Go WAL", Slug: "été", Replies: models.RepliesOpen, Quotes: models.QuotesOpen}
	if err := Clean(&text); err != nil || text != want {
		t.Errorf("Clean = %+v, %v; want %+v", text, err, want)
	}
	again := text
	if err := Clean(&again); err != nil || again != text {
		t.Errorf("cleaning twice makes %+v, %v", again, err)
	}
	full := models.RevisionText{Language: "en", Title: strings.Repeat("é", MaxTitle), Summary: strings.Repeat("é", MaxSummary),
		Source: strings.Repeat("x", MaxSource), Slug: strings.Repeat("a", MaxSlug), Tags: strings.Repeat("a", MaxTag)}
	if err := Clean(&full); err != nil || utf8.RuneCountInString(full.Title) != MaxTitle {
		t.Errorf("as much as is allowed: %v", err)
	}
}

func TestAnArticleNeedsATitleAndAText(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, title, source, field string }{
		{"both", "Day one", "Hello", ""},
		{"no title", "", "Hello", "title"},
		{"no text", "Day one", " \n\t", "source"},
	}
	for _, tt := range tests {
		got := ""
		if err, ok := errors.AsType[*models.InvalidError](Publishable(models.RevisionText{Title: tt.title, Source: tt.source})); ok {
			got = err.Field
		}
		if got != tt.field {
			t.Errorf("%s: field %q, want %q", tt.name, got, tt.field)
		}
	}
}
