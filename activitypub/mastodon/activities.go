package mastodon

import (
	"net/http"
	"slices"
)

// activityRules are of what an activity needs to take effect, embedded, posted or read at
// its id.
var activityRules = []Rule{
	{29, "what is public goes to a shared inbox: at their own, readers are taken as mentioned", post, func(t *thing) bool {
		return t.request.Shared != "" && slices.Contains(t.doc.audience(), public) && is("Create")(t)
	}, func(t *thing) string {
		return unless(t.request.URL == t.request.Shared, "the shared inbox is %s", t.request.Shared)
	}},
	{30, "what somebody creates, changes or deletes is on their host, and theirs", activity, is("Create", "Update", "Delete"), func(t *thing) string {
		by := t.doc.object("object").idOf("attributedTo")
		return first(unless(sameHost(t.doc.idOf("object"), t.doc.idOf("actor")), "%s does it to %s", t.doc.idOf("actor"), t.doc.idOf("object")),
			unless(by == "" || by == t.doc.idOf("actor"), "what %s does is attributed to %s", t.doc.idOf("actor"), by))
	}},
	{32, "an edit says when it was made", activity, edits, func(t *thing) string {
		return unless(!t.doc.object("object").moment("updated").IsZero(), "updated is %v", t.doc.object("object")["updated"])
	}},
	{32, "an edit is newer than the one before", post, edits, func(t *thing) string {
		object := t.doc.object("object")
		last, this := t.edited[object.text("id")], edit{t.doc.text("id"), object.moment("updated")}
		if last.activity == this.activity || this.at.After(last.at) {
			t.edited[object.text("id")] = this
			return ""
		}
		return "updated is " + object.text("updated") + ", that was " + last.at.String()
	}},
	{33, "what is deleted is named by its id, or is a Tombstone", activity, is("Delete"), func(t *thing) string {
		object := t.doc.object("object")
		return first(unless(isHTTP(t.doc.idOf("object")), "object is %v", t.doc["object"]), unless(object == nil || object.text("type") == "Tombstone", "it is a %v", object["type"]))
	}},
	{33, "what is deleted is gone when it is told", post, is("Delete"), func(t *thing) string {
		status := t.get(t.doc.idOf("object"), acceptDocument).Status
		return unless(status == http.StatusGone || status == http.StatusNotFound, "%s answers %d", t.doc.idOf("object"), status)
	}},
	{33, "the id of what was deleted answers 410 with a Tombstone", tombstone, nil, func(t *thing) string {
		return first(unless(t.answer.Status == http.StatusGone, "status %d", t.answer.Status),
			unless(t.doc.text("type") == "Tombstone" && t.doc.text("id") == t.where, "it is a %v with id %v", t.doc["type"], t.doc["id"]))
	}},
	{34, "a boost has an id, a date and readers", activity, is("Announce"), func(t *thing) string {
		return first(unless(isHTTP(t.doc.text("id")), "id is %v", t.doc["id"]), unless(!t.doc.moment("published").IsZero(), "published is %v", t.doc["published"]),
			unless(slices.Contains(t.doc.audience(), public), "it is for %q", t.doc.audience()))
	}},
	{34, "what is boosted can be fetched at its id", activity, func(t *thing) bool { return is("Announce")(t) && t.ours(t.doc.idOf("object")) }, func(t *thing) string {
		id := t.doc.idOf("object")
		got := t.get(id, acceptDocument)
		d := parse(got.Body)
		return unless(got.Status == http.StatusOK && d.text("id") == id, "%s answers %d", id, got.Status)
	}},
	{36, "an activity has an id on its actor's host", activity, nil, func(t *thing) string {
		return unless(sameHost(t.doc.text("id"), t.doc.idOf("actor")), "%q is by %q", t.doc.text("id"), t.doc.idOf("actor"))
	}},
	{36, "an answer to a Follow names it by its id, and whose it is", activity, func(t *thing) bool { return is("Accept", "Reject")(t) && !answersQuote(t) }, func(t *thing) string {
		follow := t.doc.object("object")
		return first(unless(isHTTP(t.doc.idOf("object")), "object is %v", t.doc["object"]),
			unless(follow == nil || follow.text("type") == "Follow" && isHTTP(follow.text("actor")) && follow.text("object") == t.doc.text("actor"), "it is %v", follow))
	}},
	{40, "an answer to who asks to quote names the request by its id, and is its author's", activity, answersQuote, func(t *thing) string {
		return unless(isHTTP(t.doc.object("object").text("id")), "object is %v", t.doc["object"])
	}},
	{40, "a yes to a quote names an authorization that says who quotes what", post, func(t *thing) bool { return is("Accept")(t) && answersQuote(t) }, func(t *thing) string {
		request, id := t.doc.object("object"), t.doc.idOf("result")
		if !sameHost(id, t.doc.idOf("actor")) {
			return "result is " + id
		}
		got := t.get(id, acceptDocument)
		d := parse(got.Body)
		return unless(got.Status == http.StatusOK && d.text("type") == "QuoteAuthorization" && d.text("id") == id && d.idOf("attributedTo") == t.doc.idOf("actor") &&
			d.idOf("interactingObject") == request.idOf("instrument") && d.idOf("interactionTarget") == request.idOf("object"), "%s answers %d %s", id, got.Status, got.Body)
	}},
	{36, "what is undone stands in the Undo: a Like isn't found by its id", activity, is("Undo"), func(t *thing) string {
		undone := t.doc.object("object")
		return unless(undone.text("id") != "" && undone.text("type") != "" && undone.text("actor") == t.doc.text("actor") && undone.idOf("object") != "", "it undoes %v", t.doc["object"])
	}},
	{36, "who deletes their account names themself, by the id alone", activity, func(t *thing) bool {
		return is("Delete")(t) && t.doc.idOf("object") == t.doc.idOf("actor")
	}, func(t *thing) string {
		return unless(t.doc.text("object") != "", "object is %v", t.doc["object"])
	}},
}

// is says whether an activity is of one of these types.
func is(types ...string) func(t *thing) bool {
	return func(t *thing) bool { return slices.Contains(types, t.doc.text("type")) }
}

// answersQuote: an Accept or a Reject of somebody's QuoteRequest.
func answersQuote(t *thing) bool {
	return is("Accept", "Reject")(t) && t.doc.object("object").text("type") == "QuoteRequest"
}

// edits: an Update of an article or a note, not of an actor.
func edits(t *thing) bool {
	return t.doc.text("type") == "Update" && kindOf(t.doc.object("object"))&(article|note) != 0
}
