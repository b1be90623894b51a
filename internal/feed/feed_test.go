package feed_test

import (
	"strings"
	"testing"
	"time"

	"confnotes/internal/feed"
	"confnotes/internal/feed/feedcheck"
)

var (
	evening = time.Date(2026, 6, 11, 21, 10, 0, 0, time.FixedZone("CEST", 7200))
	gwen    = feed.Author{Name: "Gwen Le Floc’h", URL: "https://notes.example/@gwen"}
)

// article is an entry as ours are.
func article(id string) feed.Entry {
	return feed.Entry{ID: "https://notes.example/articles/" + id, URL: "https://notes.example/@gwen/" + id, Title: "Jour 1 & ses <marées>", Summary: "Deux keynotes, et l’on a bien ri.", Language: "fr",
		HTML: `<h2 id="ebpf">eBPF</h2>` + "\n" + `<p>Un &lt;noyau&gt; &amp; un <a href="https://slides.example/?a=1&amp;b=2" rel="noopener noreferrer">lien</a>.</p>` + "\n" +
			`<figure><img src="https://notes.example/media/x/960.jpg" srcset="https://notes.example/media/x/480.jpg 480w, https://notes.example/media/x/960.jpg 960w" alt="La &quot;salle&quot;" loading="lazy"></figure>`,
		Author: gwen, Categories: []feed.Category{{Term: "go", Label: "Go", Scheme: "https://notes.example/tags/"}, {Term: "ebpf", Label: "eBPF"}}, Published: evening}
}

// hostile is what somebody writes to break a reader.
const hostile = "\u202e<script>alert(1)</script> &amp; ]]> \x00\x1b\u0085\ufffe\xff\u2028 <![CDATA[x]]>\nBcc: x"

func kinds() map[string]*feed.Feed {
	instance := func() *feed.Feed {
		return &feed.Feed{ID: "https://notes.example/", Title: "Carnets de salle", Description: "Notes prises en conférence", Language: "fr", Page: "https://notes.example/",
			Updated: evening, Generator: "confnotes 1.0", Home: "https://notes.example/", Entries: []feed.Entry{article("b"), article("a")}}
	}
	change := func(f func(*feed.Feed)) *feed.Feed {
		changed := instance()
		f(changed)
		return changed
	}
	first := func(f func(*feed.Entry)) *feed.Feed { return change(func(all *feed.Feed) { f(&all.Entries[0]) }) }
	return map[string]*feed.Feed{
		"an instance's": instance(),
		"an author's": change(func(f *feed.Feed) {
			f.ID, f.Page, f.Title, f.Authors = "https://notes.example/users/gwen", gwen.URL, gwen.Name, []feed.Author{gwen}
		}),
		"a tag's": change(func(f *feed.Feed) {
			f.ID, f.Page, f.Title = "https://notes.example/tags/mar%C3%A9es", "https://notes.example/tags/mar%C3%A9es", "#marées"
		}),
		"an empty one":            change(func(f *feed.Feed) { f.Entries = nil }),
		"without a name":          first(func(e *feed.Entry) { e.Author.Name = " " }),
		"without a summary":       first(func(e *feed.Entry) { e.Summary = "" }),
		"without a language":      first(func(e *feed.Entry) { e.Language = "" }),
		"without tags":            first(func(e *feed.Entry) { e.Categories = nil }),
		"edited":                  first(func(e *feed.Entry) { e.Updated = evening.Add(time.Hour) }),
		"edited before it was up": first(func(e *feed.Entry) { e.Updated = evening.Add(-time.Hour) }),
		"with a footnote": first(func(e *feed.Entry) {
			e.HTML = `<p>x<sup id="fnref:1"><a href="https://notes.example/@gwen/a#fn:1" class="footnote-ref">1</a></sup></p>`
		}),
		"hostile": change(func(f *feed.Feed) {
			f.Title, f.Description, f.Generator, f.Authors = hostile, hostile, hostile, []feed.Author{{Name: hostile, URL: gwen.URL}}
			f.Entries[0] = feed.Entry{ID: f.Entries[0].ID, URL: f.Entries[0].URL, Title: hostile, Summary: hostile, HTML: "<p>]]&gt; &lt;script&gt; \x00\x1b\u0085\ufffe\xff</p>", Author: feed.Author{Name: hostile, URL: gwen.URL},
				Categories: []feed.Category{{Term: "go", Label: hostile}}, Published: evening}
		}),
	}
}

var write = map[string]func(*feed.Feed) ([]byte, error){"rss": feed.RSS, "atom": feed.Atom, "json": feed.JSON}

func written(t testing.TB, f *feed.Feed, format string) (source, url string) {
	t.Helper()
	f.Self = strings.TrimSuffix(f.Page, "/") + "/feed." + format
	body, err := write[format](f)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), f.Self
}

func TestEveryKindOfFeedMeetsEveryRule(t *testing.T) {
	t.Parallel()
	for _, format := range feedcheck.Formats() {
		for kind, f := range kinds() {
			source, url := written(t, f, format.Format)
			doc, err := format.Parse(source, url)
			if err != nil {
				t.Errorf("%s, %s: %v\n%s", format.Format, kind, err, source)
				continue
			}
			for _, rule := range format.Rules {
				t.Run(format.Format+"/"+rule.Name+"/"+kind, func(t *testing.T) {
					for _, problem := range rule.Problems(doc) {
						t.Errorf("%s", problem)
					}
				})
			}
		}
	}
}

func TestFormatsSayTheSame(t *testing.T) {
	t.Parallel()
	f := kinds()["an instance's"]
	for format, want := range map[string][]string{
		"rss": {`<guid isPermaLink="false">https://notes.example/articles/b</guid>`, `<pubDate>Thu, 11 Jun 2026 19:10:00 GMT</pubDate>`, `<title>Jour 1 &#x26; ses &#x3C;marées&#x3E;</title>`,
			`<dc:creator>Gwen Le Floc’h</dc:creator>`, `<dc:language>fr</dc:language>`, `<category>eBPF</category>`, `&lt;h2 id=&#34;ebpf&#34;&gt;`},
		"atom": {`<published>2026-06-11T19:10:00Z</published>`, `<title>Jour 1 &amp; ses &lt;marées&gt;</title>`, `<category term="ebpf" label="eBPF"></category>`, `<entry xml:lang="fr">`},
		"json": {`"title":"Jour 1 & ses <marées>"`, `"date_published":"2026-06-11T19:10:00Z"`, `"tags":["Go","eBPF"]`, `"language":"fr"`},
	} {
		source, _ := written(t, f, format)
		for _, w := range want {
			if !strings.Contains(source, w) {
				t.Errorf("%s doesn't have %s:\n%s", format, w, source)
			}
		}
	}
}
