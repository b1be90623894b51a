package mastodon

import "net/http"

// isAccount: somebody whom people look up and follow, not the server itself.
func isAccount(t *thing) bool { return t.doc.text("type") != "Application" }

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
