package feed_test

import (
	"strings"
	"testing"
	"time"

	"confnotes/internal/feed/feedcheck"
)

// mutant is a feed with one thing changed: rule must be what says so.
type mutant struct{ rule, old, new string }

const firstGUID, secondGUID = `<guid isPermaLink="false">https://notes.example/articles/b</guid>`, `<guid isPermaLink="false">https://notes.example/articles/a</guid>`

var mutants = map[string][]mutant{
	"rss": {
		{"SAXError", "&#x26;", "&"}, {"SAXError", "</rss>", ""}, {"SAXError", "</rss>", "</rss><rss/>"}, {"SAXError", "<rss ", "<!DOCTYPE rss><rss "}, {"NotUTF8", "Carnets", "Carnets\xe9"},
		{"InvalidRSSVersion", `version="2.0"`, `version="0.91"`}, {"InvalidRSSVersion", `<rss `, `<rss xmlns="http://www.w3.org/2005/Atom" `},
		{"UndefinedElement", "<docs>", "<blink>x</blink><docs>"}, {"UndefinedElement", "<pubDate>", "<published>x</published><pubDate>"},
		{"DuplicateElement", "<docs>", "<link>https://notes.example/</link><docs>"}, {"DuplicateElement", firstGUID, firstGUID + firstGUID},
		{"MissingTitle", "<title>Carnets de salle</title>", ""}, {"MissingLink", "<link>https://notes.example/</link>", ""},
		{"MissingDescription", "<description>Notes prises en conférence</description>", ""}, {"NotBlank", "Carnets de salle", " "}, {"NotBlank", "<category>Go", "<category>"},
		{"MisplacedItem", "</channel>", "<generator>late</generator></channel>"},
		{"InvalidFullLink", "<link>https://notes.example/", "<link>/"}, {"InvalidFullLink", "<link>https://notes.example/@gwen/b", "<link>https://notes.example/@gwen/é"},
		{"MissingDCLanguage", "<language>fr</language>", ""}, {"InvalidLanguage", "<dc:language>fr", "<dc:language>français"},
		{"InvalidRFC2822Date", "Thu, 11 Jun 2026 19:10:00 GMT</pubDate>", "2026-06-11T19:10:00Z</pubDate>"}, {"InvalidRFC2822Date", "Thu, 11 Jun", "Fri, 11 Jun"},
		{"InvalidRFC2822Date", "11 Jun 2026 19:10:00 GMT</pubDate>", "11 Jun 26 19:10:00 GMT</pubDate>"}, {"InvalidRFC2822Date", "19:10:00 GMT</pubDate>", "19:10:00 X</pubDate>"},
		{"InvalidRFC2822Date", "19:10:00 GMT</pubDate>", "19:10:00 CEST</pubDate>"},
		{"InvalidRFC3339Date", "<atom:updated>2026-06-11T", "<atom:updated>2026-06-11 "},
		{"MissingAtomSelfLink", ` rel="self"`, ` rel="alternate"`}, {"MissingAtomSelfLink", `type="application/rss+xml"`, `type="text/xml"`}, {"MissingAtomSelfLink", `href="https://notes.example/feed.rss"`, `href="/feed.rss"`},
		{"SelfDoesntMatchLocation", "https://notes.example/feed.rss", "https://notes.example/feed"},
		{"ItemMustContainTitleOrDescription", "<item>", "<item><description> </description></item><item>"},
		{"NeedDescriptionBeforeContent", "<description>Deux keynotes, et l’on a bien ri.</description><content:encoded>", "<content:encoded>"},
		{"MissingGuid", firstGUID, ""}, {"InvalidBooleanAttribute", `isPermaLink="false"`, `isPermaLink="no"`}, {"InvalidHttpGUID", ` isPermaLink="false"`, ""},
		{"DuplicateValue", secondGUID, firstGUID}, {"EmailFormat", "<pubDate>", "<author>Gwen</author><pubDate>"},
		{"CharacterData", "Jour 1 &#x26;", "Jour 1 &amp;"}, {"CharacterData", "Carnets de salle", "<![CDATA[Carnets]]>"},
		{"ObscureEncoding", `encoding="UTF-8"`, `encoding="utf-8"`}, {"SteersOtherText", "<title>Jour", "<title>\u202eJour"}, {"SteersOtherText", "<title>Jour", "<title>\nJour"},
	},
	"atom": {
		{"SAXError", "&amp;", "&"}, {"NotUTF8", "Carnets", "Carnets\xe9"}, {"ObsoleteNamespace", `xmlns="http://www.w3.org/2005/Atom"`, `xmlns="http://purl.org/atom/ns#"`},
		{"UndefinedElement", "<subtitle>", "<pubDate>x</pubDate><subtitle>"}, {"UndefinedElement", "<published>", `<updated xmlns="http://purl.org/dc/elements/1.1/">x</updated><published>`},
		{"DuplicateElement", "<subtitle>", "<title>x</title><subtitle>"}, {"DuplicateElement", "<published>", "<id>https://notes.example/x</id><published>"},
		{"MissingElement", "<id>https://notes.example/</id>", ""}, {"MissingElement", "<title>Carnets de salle</title>", ""}, {"MissingElement", "<updated>2026-06-11T20:10:00Z</updated>", ""},
		{"NotBlank", "Carnets de salle", ""}, {"NotBlank", "<name>Gwen Le Floc’h", "<name>"}, {"InvalidFullLink", "<id>https://notes.example/articles/b", "<id>/articles/b"},
		{"NonCanonicalURI", "<id>https://notes.example/<", "<id>https://notes.example<"}, {"NonCanonicalURI", "<id>https://notes.example/articles/b", "<id>https://Notes.example/articles/b"},
		{"NonCanonicalURI", "<id>https://notes.example/articles/b", "<id>https://notes.example/articles/%c3%a9"},
		{"DuplicateIds", "<id>https://notes.example/articles/b", "<id>https://notes.example/articles/a"}, {"DuplicateIds", "<id>https://notes.example/articles/b", "<id>https://notes.example/"},
		{"MissingAuthor", "<author><name>Gwen Le Floc’h</name><uri>https://notes.example/@gwen</uri></author>", ""}, {"MissingAuthor", "<name>Gwen Le Floc’h</name>", ""},
		{"InvalidRFC3339Date", "<published>2026-06-11T19:10:00Z", "<published>2026-06-11T19:10:00"}, {"InvalidRFC3339Date", "<published>2026-06-11T", "<published>2026-06-11t"},
		{"UpdatedBeforePublished", "<published>2026", "<published>2027"}, {"UpdatedBeforePublished", "2026-06-11T20:10:00Z</updated><link", "2026-06-11T18:10:00Z</updated><link"},
		{"InvalidLanguage", `xml:lang="fr"`, ""}, {"InvalidLanguage", `<entry xml:lang="fr"`, `<entry xml:lang="français"`}, {"MissingTypeAttr", `<content type="html"`, `<content`},
		{"MissingContentOrAlternate", `<link rel="alternate" type="text/html" href="https://notes.example/@gwen/b"></link>`, ""}, {"MissingAttribute", `term="go"`, ""},
		{"MissingSelf", `rel="self"`, `rel="via"`}, {"MissingSelf", `type="application/atom+xml"`, `type="application/xml"`}, {"SelfDoesntMatchLocation", "https://notes.example/feed.atom", "https://notes.example/feed"},
		{"MissingHref", `href="https://notes.example/@gwen/b"`, ""}, {"InvalidMIMEAttribute", `type="text/html"`, `type="html"`},
		{"DuplicateAtomLink", `<link rel="alternate" type="text/html" href="https://notes.example/@gwen/b"></link>`, `<link rel="alternate" type="text/html" href="https://notes.example/x"></link><link type="text/html" href="https://notes.example/y"></link>`},
		{"ObscureEncoding", `encoding="UTF-8"`, `encoding="utf-8"`}, {"SteersOtherText", "<title>Jour", "<title>\u202eJour"},
	},
	"json": {
		{"SAXError", `"items":[`, `"items":[,`}, {"NotUTF8", "Carnets", "Carnets\xe9"}, {"version", "version/1.1", "version/1"}, {"title", `"Carnets de salle"`, `""`}, {"title", `"Carnets de salle"`, `7`},
		{"items", `"items":[`, `"posts":[`}, {"items", `"items":[`, `"items":["x",`}, {"extensions begin with an underscore", `"items":[`, `"author":{},"items":[`}, {"extensions begin with an underscore", `"tags":[`, `"image":null,"tags":[`},
		{"home_page_url and feed_url", `"home_page_url":"https://notes.example/"`, `"home_page_url":"/"`}, {"home_page_url and feed_url", "feed.json", "feed"},
		{"id", `"id":"https://notes.example/articles/b"`, `"id":"https://notes.example/articles/a"`}, {"id", `"id":"https://notes.example/articles/b"`, `"id":7`}, {"url", `"url":"https://notes.example/@gwen/b"`, `"url":"/b"`},
		{"content_html or content_text", `"content_html"`, `"_content"`}, {"date_published and date_modified", "T19:10:00Z", " 19:10"}, {"date_published and date_modified", `"date_modified":"2026`, `"date_modified":"2025`},
		{"tags", `"tags":["Go"`, `"tags":["Go",""`}, {"tags", `"tags":["Go"`, `"tags":["Go",1`}, {"authors", `"authors":[{`, `"authors":[{},{`}, {"authors", `"url":"https://notes.example/@gwen"}`, `"url":"@gwen"}`},
		{"language", `"language":"fr"`, `"language":"français"`}, {"SteersOtherText", `"title":"Jour`, `"title":"\u202eJour`}, {"BadCharacters", `"title":"Jour`, `"title":"\u0000Jour`},
	},
}

// inHTML are mutants of the HTML within, written as each format escapes it.
var inHTML = []mutant{
	{"NotHtml", "</h2>", ""}, {"NotHtml", "</h2>", "</h3>"}, {"SecurityRisk", "<h2", "<script>x</script><h2"}, {"SecurityRisk", "<h2", "<!-- x --><h2"}, {"SecurityRisk", "<h2", "<iframe></iframe><h2"},
	{"SecurityRiskAttr", "<h2 ", `<h2 onclick="x" `}, {"SecurityRiskAttr", "<h2 ", `<h2 style="x" `}, {"SecurityRiskAttr", "<h2 ", `<h2 role="x" `},
	{"ContainsRelRef", `href="https://slides.example/`, `href="/`}, {"ContainsRelRef", `href="https://slides.example/`, `href="#`}, {"ContainsRelRef", `href="https://slides.example/`, `href="javascript:`},
	{"ContainsRelRef", `src="https://notes.example/`, `src="/`}, {"ContainsRelRef", `480w, https://notes.example/`, `480w, /`}, {"ContainsRelRef", `src="https://notes.example/`, `src="data:`},
	{"BadCharacters", "Un &lt;", "\u0085 &lt;"}, {"BadCharacters", "Un &lt;", "\ufffd &lt;"},
}

func TestEveryRuleRejectsItsMutants(t *testing.T) {
	t.Parallel()
	for _, format := range feedcheck.Formats() {
		f := kinds()["an instance's"]
		f.Entries[1].Updated = evening.Add(time.Hour)
		good, url := written(t, f, format.Format)
		all := mutants[format.Format]
		for _, m := range inHTML {
			all = append(all, mutant{m.rule, escaped(format.Format, m.old), escaped(format.Format, m.new)})
		}
		rejected := map[string]bool{}
		for _, m := range all {
			if !strings.Contains(good, m.old) {
				t.Errorf("%s, %s: the feed has no %q to change", format.Format, m.rule, m.old)
				continue
			}
			rejected[m.rule] = true
			if !caught(format, strings.Replace(good, m.old, m.new, 1), url, m.rule) {
				t.Errorf("%s: %s takes %q for %q", format.Format, m.rule, m.new, m.old)
			}
		}
		for _, rule := range format.Rules {
			if !rejected[rule.Name] {
				t.Errorf("%s: %s has no mutant, so nobody knows whether it can fail", format.Format, rule.Name)
			}
		}
	}
}

func caught(format feedcheck.Feed, source, url, name string) bool {
	doc, err := format.Parse(source, url)
	if err != nil {
		return strings.HasPrefix(err.Error(), name)
	}
	for _, rule := range format.Rules {
		if rule.Name == name && len(rule.Problems(doc)) > 0 {
			return true
		}
	}
	return false
}

// escaped is a piece of HTML as it stands in a feed of a format.
func escaped(format, html string) string {
	if format == "json" {
		return strings.NewReplacer(`"`, `\"`, "\n", `\n`).Replace(html)
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "\n", "&#xA;").Replace(html)
}
