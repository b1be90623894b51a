package mastodon

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// objectRules are of what an article or a note needs to be stored as what it is.
var objectRules = []Rule{
	{21, "an article has a name: of its content nothing is shown", article | event, nil, func(t *thing) string {
		return unless(strings.TrimSpace(t.doc.text("name")) != "", "name is %q", t.doc.text("name"))
	}},
	{22, "the first url leads to a page", article | event, nil, func(t *thing) string {
		at := chosenURL(t.doc)
		if !isHTTP(at) {
			return "the url that it chooses is " + at
		}
		got := t.get(at, acceptPage)
		return unless(got.Status == http.StatusOK && isPage(got.Type), "%s answers %d %s", at, got.Status, got.Type)
	}},
	{23, "the language is the one key of contentMap, and nameMap has it too", article | note, nil, func(t *thing) string {
		content, name := t.doc.object("contentMap"), t.doc.object("nameMap")
		for language, text := range content {
			if why := first(unless(languageTag.MatchString(language), "the language is %q", language),
				unless(text == t.doc["content"], "contentMap has another text"),
				unless(t.kind == note || name[language] == t.doc["name"], "nameMap is %v", name)); why != "" {
				return why
			}
		}
		return unless(len(content) == 1, "%d languages", len(content))
	}},
	{28, "a hashtag's name begins with #", article | note, tagged("Hashtag"), func(t *thing) string {
		for _, tag := range tags(t.doc, "Hashtag") {
			if name := tag.text("name"); len(name) < 2 || name[0] != '#' || strings.ContainsAny(name, " \t\n") {
				return "it is " + name
			}
		}
		return ""
	}},
	{28, "who is mentioned is named by id, and addressed", article | note, tagged("Mention"), func(t *thing) string {
		for _, tag := range tags(t.doc, "Mention") {
			if href := tag.text("href"); !isHTTP(href) || !slices.Contains(t.doc.audience(), href) {
				return href + " is in neither to nor cc"
			}
		}
		return ""
	}},
	{29, "what everybody may read is addressed to Public by its full IRI", article | note | event, func(t *thing) bool { return t.open }, func(t *thing) string {
		return unless(slices.Contains(t.doc.audience(), public), "it is for %q", t.doc.audience())
	}},
	{30, "its author is on its host", article | note | event, nil, func(t *thing) string {
		by := t.doc.idOf("attributedTo")
		return unless(sameHost(by, t.doc.text("id")), "%s is attributed to %q", t.doc.text("id"), by)
	}},
	{31, "likes and shares are counted, where there are any", article, nil, func(t *thing) string {
		for _, key := range []string{"likes", "shares"} {
			if !t.doc.object(key).isNumber("totalItems") {
				return key + " has no totalItems"
			}
		}
		return ""
	}},
	{31, "updated is there after an edit alone, and later than published", article | note | event, nil, func(t *thing) string {
		published, updated := t.doc.moment("published"), t.doc.moment("updated")
		return first(unless(!published.IsZero(), "published is %v", t.doc["published"]),
			unless(t.doc["updated"] == nil || updated.After(published), "updated is %v, published %v", t.doc["updated"], t.doc["published"]))
	}},
	{35, "somebody may quote it without asking, or every quote is denied", article | note, nil, func(t *thing) string {
		may := t.doc.object("interactionPolicy").object("canQuote")
		return unless(len(may.list("automaticApproval"))+len(may.list("manualApproval")) > 0, "canQuote is %v", may)
	}},
	{39, "a conversation is a URL that Mastodon can give back to us", article, nil, func(t *thing) string {
		at := t.doc.text("conversation")
		if !isHTTP(at) {
			return "conversation is " + at
		}
		return unless(!t.ours(at) || t.get(at, acceptDocument).Status == http.StatusOK, "%s can't be read", at)
	}},
	{41, "replies are on its own host, and all on the first page", article, nil, func(t *thing) string {
		replies := t.doc.object("replies")
		page := replies.object("first")
		n, _ := replies["totalItems"].(float64)
		return first(unless(sameHost(replies.text("id"), t.doc.text("id")) && sameHost(page.text("id"), t.doc.text("id")), "they are at %q", replies.text("id")),
			unless(len(page.list("items")) == int(n) && page["next"] == nil, "%d of %d are on the first page", len(page.list("items")), int(n)))
	}},
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]+)*$`)

func tags(d doc, typ string) (found []doc) {
	for _, tag := range d.objects("tag") {
		if tag.text("type") == typ {
			found = append(found, tag)
		}
	}
	return found
}

func tagged(typ string) func(t *thing) bool {
	return func(t *thing) bool { return len(tags(t.doc, typ)) > 0 }
}
