package templates

import (
	"net/url"
	"strconv"
	"time"
)

// Answer is one post of a conversation, with what the viewer can do about it. Its
// forms post client_id, source, edit=yes for a change of one's own, and
// action=send|like|unlike|boost|unboost|delete.
type Answer struct {
	Page
	Article         Link
	ConversationURL string  // for who looks after it; "" otherwise
	Reply           *Reply  // nil when it is the article itself
	Entry           *Entry  // an article, or a post, of somebody elsewhere; with what answers it
	Answers         []Reply // to that
	AuthorID        string  // of that
	FollowURL       string  // where its author can be followed; "" for the viewer's own, and whom they follow
	Action          string  // URL that the forms post to
	ClientID        string
	Source          string // Markdown
	Language        string // of the article
	Liked, Boosted  bool
	Mine            bool // a reply of the viewer's own
	Private         bool // not for everyone: it can't be boosted, and is answered in private
	Problems        Problems
}

func (Answer) file() string { return "answer.html" }

// Notifications is what others did, the newest first. Its form posts newest.
type Notifications struct {
	Page
	Kind     string // the one that is shown; "" for all
	Followed bool   // only of what those did whom the reader follows
	Items    []NotificationItem
	Newest   string // id of the newest, when it is unread
	Held     int    // replies that wait
	Asking   int    // who wait to follow
	Before   int64  // where older ones go on; 0 at the end
}

// FromFollowed is how the page is asked for what those did whom the reader follows.
const FromFollowed = "followed"

// Filter is a link to the same page with less on it, or more.
type Filter struct {
	URL, Label string
	Current    bool
}

// url is the page with these filters, from a notification on.
func (Notifications) url(kind string, followed bool, before int64) string {
	q := url.Values{}
	if kind != "" {
		q.Set("kind", kind)
	}
	if followed {
		q.Set("from", FromFollowed)
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	return (&url.URL{Path: PathNotifications, RawQuery: q.Encode()}).String()
}

// Older is where older ones are; "" at the end.
func (n Notifications) Older() string {
	if n.Before == 0 {
		return ""
	}
	return n.url(n.Kind, n.Followed, n.Before)
}

func (Notifications) file() string { return "notifications.html" }

// Choice is a value that can be chosen, and the id of what it is called.
type Choice struct{ Value, Label string }

// From are the filters by who did it.
func (n Notifications) From() []Filter {
	return []Filter{{n.url(n.Kind, false, 0), "notifications.from_all", !n.Followed}, {n.url(n.Kind, true, 0), "notifications.from_followed", n.Followed}}
}

// Kinds are the filters by what it was.
func (n Notifications) Kinds() (all []Filter) {
	for _, k := range []Choice{{"", "notifications.all"}, {"reply", "notifications.kind_reply"}, {"mention", "notifications.kind_mention"},
		{"like", "notifications.kind_like"}, {"boost", "notifications.kind_boost"}, {"quote", "notifications.kind_quote"}, {"coverage", "notifications.kind_coverage"}, {"follow", "notifications.kind_follow"}, {"request", "notifications.kind_request"}, {"moved", "notifications.kind_moved"}, {"report", "notifications.kind_report"}} {
		all = append(all, Filter{n.url(k.Value, n.Followed, 0), k.Label, k.Value == n.Kind})
	}
	return all
}

// visibilities are whom an article may be for.
func visibilities() []Choice {
	return []Choice{{"public", "write.visibility_public"}, {"unlisted", "write.visibility_unlisted"}, {"followers", "write.visibility_followers"}}
}

// quotePolicies are who may quote an article.
func quotePolicies() []Choice {
	return []Choice{{"open", "write.replies_open"}, {"followers", "write.replies_followers"}, {"closed", "write.replies_closed"}}
}

// policies are who may reply to an article.
func policies() []Choice {
	return []Choice{{"open", "write.replies_open"}, {"followers", "write.replies_followers"}, {"mentioned", "write.replies_mentioned"}, {"closed", "write.replies_closed"}}
}

// TakesReplies says whether anybody from elsewhere may reply.
func (a Article) TakesReplies() bool { return a.Alternate != "" && a.ReplyPolicy != "closed" }

// HowToReply is the id of what a reader is told under an article.
func (a Article) HowToReply() string {
	switch a.ReplyPolicy {
	case "followers":
		return "thread.policy_followers"
	case "mentioned":
		return "thread.policy_mentioned"
	case "closed":
		return "thread.policy_closed"
	}
	return "thread.how"
}

// NotificationItem is something that one or more people did.
type NotificationItem struct {
	Kind     string   // follow, request, moved, reply, mention, like, boost, quote, coverage, report
	Actors   []Author // the last one first
	At       time.Time
	New      bool
	URL      string // of the post, where it can be answered or decided on; "" for a follow
	Title    string // of the article; of the conference that coverage is of; where who moved is now
	Words    string // of the reply
	Language string
}

// Did is the id of what they did, which agrees with how many they are.
func (n NotificationItem) Did() string {
	switch n.Kind {
	case "reply":
		return "notifications.did_reply"
	case "mention":
		return "notifications.did_mention"
	case "like":
		return "notifications.did_like"
	case "boost":
		return "notifications.did_boost"
	case "quote":
		return "notifications.did_quote"
	case "report":
		return "notifications.did_report"
	case "coverage":
		return "notifications.did_coverage"
	case "request":
		return "notifications.did_request"
	case "moved":
		return "notifications.did_moved"
	}
	return "notifications.did_follow"
}

// People is how many did it.
func (n NotificationItem) People() int { return len(n.Actors) }

// Others is how many did it beside the first.
func (n NotificationItem) Others() int { return len(n.Actors) - 1 }

// Held is the replies that wait. Its form posts reply (any number), last, and
// action=release|reject|release-all|reject-all.
type Held struct {
	Page
	Total   int
	Replies []HeldReply
	Last    string // id of the newest one that waits
	More    string // URL; "" at the end
}

func (Held) file() string { return "held.html" }

// HeldReply is a reply that waits, and the article it is under.
type HeldReply struct {
	Reply
	Article Link
}
