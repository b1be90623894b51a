package recap

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"confnotes/internal/i18n"
	"confnotes/internal/richtext"
	"confnotes/internal/schedule"
	"confnotes/models"
)

// odd are the words that a line could trip over: what Markdown, our additions and the
// line itself give a meaning.
var odd = []string{"Maëlle", "CTO", "Founder & CEO", "Inc.", "·", "a·b", "**bold**", "[x](y)", "&middot;", `\`, `\*`, "_", "#tag", "@gwen@notes.example", "==x==",
	"<b>", "1.", "-", "–", ":tada:", "$x$", "|", "`code`", "!", "http://x.example/(a)", "东京", "45", "min", "’", "\"", "]", "(", ")", "~~", "^1", "{", "R&D", "&amp;"}

func words3(r *rand.Rand, most int) string {
	list := make([]string, 1+r.IntN(most))
	for i := range list {
		list[i] = odd[r.IntN(len(odd))]
	}
	return strings.Join(list, " ")
}

func anyLine(r *rand.Rand) Line {
	l := Line{Kind: words3(r, 2), Room: words3(r, 3)}
	if r.IntN(4) > 0 {
		l.Start = fmt.Sprintf("%02d:%02d", r.IntN(24), r.IntN(60))
	}
	if r.IntN(3) == 0 {
		l.Room, l.Minutes = "", r.IntN(1000)
	}
	for range r.IntN(4) {
		l.Who = append(l.Who, Speaker(words3(r, 3), words3(r, 2), words3(r, 2)))
	}
	for range r.IntN(3) {
		l.Links = append(l.Links, Link{words3(r, 2), "https://slides.example/" + strings.ReplaceAll(strings.NewReplacer("<", "", ">", "", "·", "").Replace(words3(r, 3)), " ", "+")})
	}
	return l
}

// ambiguous lines say the same as another line: a room that reads as a duration, and a
// line with neither room nor duration, which no talk makes.
func ambiguous(l Line) bool {
	return minutes.MatchString(l.Room) || l.Room == "" && l.Minutes == 0
}

func TestAnyLineThatWeWriteIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2026, 6))
	for n := range 20_000 {
		l := anyLine(r)
		if ambiguous(l) {
			continue
		}
		got, ok := ParseLine(l.Markdown())
		if !ok || !reflect.DeepEqual(got, l) {
			t.Fatalf("line %d\n%s\nis read as %+v, %v; was %+v", n, l.Markdown(), got, ok, l)
		}
	}
}

// What a line says is shown, whatever it says: the renderer sees a talk line with the
// same parts, and nothing of it as markup.
func TestALineIsRenderedAsATalkLineWithItsWords(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(6, 2026))
	for range 500 {
		l := anyLine(r)
		if l.Start == "" || ambiguous(l) {
			continue
		}
		got := richtext.Render(l.Markdown(), richtext.Options{Language: "en"})
		if !strings.HasPrefix(got.HTML, `<p class="talk"><strong>`+l.Start+`</strong>`) {
			t.Fatalf("no talk line: %s\nof %s", got.HTML, l.Markdown())
		}
		for _, tag := range []string{"<em>", "<b>", "<code>", "<mark>", "<del>", "mention", "hashtag"} {
			if strings.Contains(got.HTML, tag) {
				t.Fatalf("%s in %s\nof %s", tag, got.HTML, l.Markdown())
			}
		}
		if len(l.Who) == 0 == strings.Contains(got.HTML, "talk-who") {
			t.Fatalf("speakers %q in %s", l.Who, got.HTML)
		}
	}
}

// titleLine is how programmes write a talk, as schedule.ParseTitleLine reads it.
func titleLine(title string, speakers []schedule.Speaker) string {
	who := make([]string, len(speakers))
	for i, s := range speakers {
		who[i] = Speaker(s.Name, s.Role, s.Affiliation)
	}
	return "Keynote: " + title + " - " + strings.Join(who, "; ")
}

func TestATitleLineOfOurOwnIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	names := []string{"Maëlle Quérec", "Tadhg O'Bryne", "Jean-Pierre de La Roche", "Hana Wójcikova", "Óscar Medrano i Pla"}
	roles := []string{"CTO", "Staff Engineer", "Maintainer", "VP of Engineering", "Founder & CEO"}
	companies := []string{"Ateliers Brume", "Lighthouse Data, Inc.", "Université de Kerval", "Fjordnet AS", "Nuage Bleu SAS"}
	titles := []string{"Ten years of tides", "eBPF without tears", "Why WAL - and when", "Small models, big harbours"}
	r := rand.New(rand.NewPCG(11, 6))
	for range 2000 {
		order := r.Perm(len(names))
		var speakers []schedule.Speaker
		for i := range 1 + r.IntN(3) {
			speakers = append(speakers, schedule.Speaker{Name: names[order[i]], Role: roles[r.IntN(len(roles))], Affiliation: companies[order[i]]})
		}
		line := titleLine(titles[r.IntN(len(titles))], speakers)
		got := schedule.ParseTitleLine(line)
		if got.Kind != schedule.Keynote || titleLine(got.Title, got.Speakers) != line || !reflect.DeepEqual(got.Speakers, speakers) {
			t.Fatalf("%s\nis read as %+v", line, got)
		}
	}
}

func TestALineIsMadeOfItsTalk(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 6, 11, 7, 15, 0, 0, time.UTC)
	talk := &models.Talk{Title: "Tides", Kind: "keynote", StartsAt: start, EndsAt: start.Add(45 * time.Minute), Room: "Belle-Île", Speakers: []models.Appearance{
		{Person: &models.Person{Name: "Maëlle Quérec"}, Role: "CTO", Affiliation: "Ateliers Brume"},
		{Person: &models.Person{Name: "Hidden Person", DoNotName: true}},
		{Person: &models.Person{Name: "Sam Wells"}}}}
	roomless := *talk
	roomless.Room, roomless.Kind, roomless.Speakers = "", "talk", nil
	slides := []models.Resource{{Type: "slides", URL: "https://s.example/1"}, {Type: "web", URL: "https://s.example/"}, {Type: "slides", URL: "https://s.example/2"}, {Type: "video", URL: "https://v.example/(1)"}}
	tests := []struct {
		name      string
		talk      *models.Talk
		resources []models.Resource
		language  string
		want      string
	}{
		{"English", talk, nil, "en", "**09:15** · Keynote · Belle-Île · Maëlle Quérec, CTO, Ateliers Brume · Sam Wells"},
		{"a region", talk, slides, "en-GB", `**09:15** · Keynote · Belle-Île · Maëlle Quérec, CTO, Ateliers Brume · Sam Wells · [slides](https://s.example/1) · [slides 2](https://s.example/2) · [video](https://v.example/\(1\))`},
		{"French, without a room", &roomless, slides[:1], "fr", "**9 h 15** · Conférence · 45 min · [diapos](https://s.example/1)"},
		{"a language without words", &roomless, nil, "de", "**09:15** · Talk · 45 min"},
	}
	for _, tt := range tests {
		got := strings.ReplaceAll(TalkLine(tt.talk, tt.resources, paris, tt.language), `\:`, ":")
		if got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	winter := *talk
	winter.StartsAt = time.Date(2026, 12, 11, 23, 30, 0, 0, time.UTC)
	if got := LineOf(&winter, nil, paris, "en").Start; got != "00:30" {
		t.Errorf("after midnight, in winter: %s", got)
	}
	// Clocks go back at three: half past two comes twice, and each is named and read as a time.
	for _, tt := range []struct{ language, hour, want string }{{"en", "00:30", "02:30\u00a0CEST"}, {"en", "01:30", "02:30\u00a0CET"}, {"fr", "01:30", "2\u00a0h\u00a030\u00a0CET"}} {
		at, err := time.Parse(time.RFC3339, "2026-10-25T"+tt.hour+":00Z")
		if err != nil {
			t.Fatal(err)
		}
		night := *talk
		night.StartsAt = at
		line := TalkLine(&night, nil, paris, tt.language)
		if html := richtext.Render(line, richtext.Options{Language: tt.language}).HTML; !strings.HasPrefix(html, `<p class="talk"><strong>`+tt.want+`</strong>`) {
			t.Errorf("%s in %s: %s", tt.hour, tt.language, html)
		}
	}
}

// The renderer knows a recording by what the line calls it, in every language.
func TestTimeMarksLeadIntoTheRecordingOfTheLineAbove(t *testing.T) {
	t.Parallel()
	talk := &models.Talk{Title: "Tides", Kind: "keynote", Room: "Belle-Île"}
	links := []models.Resource{{Type: "slides", URL: "https://s.example/1"}, {Type: "video", URL: "https://youtu.be/abc"}, {Type: "video", URL: "https://youtu.be/def"}}
	for _, language := range i18n.ArticleLanguages() {
		html := richtext.Render(TalkLine(talk, links, time.UTC, language.Tag)+"\n\n[1:05] said", richtext.Options{Language: language.Tag}).HTML
		if !strings.Contains(html, `<a href="https://youtu.be/abc?t=65" class="moment"`) {
			t.Errorf("%s: %s", language.Tag, html)
		}
	}
}

func TestOtherLinesAreNoTalkLines(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"", "Hello", "**09:15**", "**09:15** · Keynote", "Keynote: Tides - Maëlle Quérec"} {
		if l, ok := ParseLine(line); ok {
			t.Errorf("%q is read as %+v", line, l)
		}
	}
}
