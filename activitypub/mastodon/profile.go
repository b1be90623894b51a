package mastodon

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// isAccount: somebody whom people look up and follow, not the server itself.
func isAccount(t *thing) bool { return t.doc.text("type") != "Application" }

func hasFields(t *thing) bool { return len(t.doc.list("attachment")) > 0 }

// fieldLink is the value of a field that is verified, if its page leads back.
var fieldLink = regexp.MustCompile(`^<a href="(https://[^"]+)"[^<>]*>([^<>]+)</a>$`)

// profileRules are of what an account's profile shows.
var profileRules = []Rule{
	{9, "outbox, followers and following say how many they have and where they begin", actor, isAccount, func(t *thing) string {
		for _, key := range []string{"outbox", "followers", "following"} {
			got := t.get(t.doc.text(key), acceptDocument)
			c := parse(got.Body)
			if why := first(unless(got.Status == http.StatusOK, "%s: status %d", key, got.Status),
				unless(c.isNumber("totalItems"), "%s has totalItems %v", key, c["totalItems"]),
				unless(c["first"] != nil, "%s has no first: Mastodon takes the network as hidden", key)); why != "" {
				return why
			}
		}
		return ""
	}},
	{10, "what is featured is named by its id, or is a Note", actor, func(t *thing) bool { return t.doc["featured"] != nil }, func(t *thing) string {
		c := parse(t.get(t.doc.text("featured"), acceptDocument).Body)
		if c == nil {
			return "there is no such document"
		}
		items := append(c.list("items"), c.list("orderedItems")...)
		if page := c.object("first"); page != nil {
			items = append(items, append(page.list("items"), page.list("orderedItems")...)...)
		}
		for _, v := range items {
			o, _ := v.(map[string]any)
			if _, named := v.(string); !named && doc(o).text("type") != "Note" {
				return "it skips one of type " + doc(o).text("type")
			}
		}
		return ""
	}},
	{10, "featured hashtags have names, and are ten at most", actor, func(t *thing) bool { return t.doc["featuredTags"] != nil }, func(t *thing) string {
		got := t.get(t.doc.text("featuredTags"), acceptDocument)
		tags := parse(got.Body).objects("orderedItems")
		for _, tag := range tags {
			if tag.text("type") != "Hashtag" || tag.text("name") == "" {
				return fmt.Sprintf("one is %v", tag)
			}
		}
		return unless(got.Status == http.StatusOK && len(tags) <= 10, "there are %d, status %d", len(tags), got.Status)
	}},
	{10, "what is put first, or no longer, is in its author's own featured collection", activity, is("Add", "Remove"), func(t *thing) string {
		by := parse(t.get(t.doc.idOf("actor"), acceptDocument).Body)
		return first(unless(isHTTP(t.doc.text("object")) && sameHost(t.doc.text("object"), t.doc.idOf("actor")), "object is %v", t.doc["object"]),
			unless(t.doc.text("target") == by.text("featured"), "target is %v", t.doc["target"]))
	}},
	{11, "a field with a link is that link alone, and its text the address", actor, hasFields, func(t *thing) string {
		for _, field := range t.doc.objects("attachment") {
			link := fieldLink.FindStringSubmatch(field.text("value"))
			if field.text("type") != "PropertyValue" || field.text("name") == "" || strings.Contains(field.text("value"), "<") && (link == nil || link[1] != link[2]) {
				return fmt.Sprintf("one is %v", field)
			}
		}
		return ""
	}},
	{11, "an account says whether it may be found and searched: both are no where nothing is said", actor, isAccount, func(t *thing) string {
		for _, key := range []string{"discoverable", "indexable"} {
			if _, said := t.doc[key].(bool); !said {
				return key + " isn't said"
			}
		}
		return ""
	}},
	{11, "an account names 256 domains and other selves at most, as texts", actor, isAccount, func(t *thing) string {
		for _, key := range []string{"attributionDomains", "alsoKnownAs"} {
			if n := len(t.doc.list(key)); n > 256 || n != len(t.doc.texts(key)) {
				return key + " is too long, or has more than texts"
			}
		}
		return ""
	}},
	{46, "what is said of an account comes through Mastodon's sanitizer whole", actor, func(t *thing) bool { return t.doc.text("summary") != "" }, func(t *thing) string {
		return lostHTML(t.doc.text("summary"))
	}},
}
