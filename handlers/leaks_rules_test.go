package handlers

import "slices"

// Every route that answers a GET stands in one of two lists, or the test fails: those that
// stand for a post are asked for each secret.
var (
	ofAPost = []string{"/@{handle}/{slug}", "/@{handle}/{slug}/replies", "/articles/{id}", "/articles/{id}/conversation", "/articles/{id}/likes", "/articles/{id}/replies",
		"/articles/{id}/shares", "/activities/{id}", "/notes/{id}", "/oembed", "/authorize_interaction", "/cards/articles/{id}.{hash}.png", "/answer/{post}",
		"/write/{id}", "/write/{id}/conversation", "/write/{id}/deliveries"}
	ofNoPost = []string{"/", "/.well-known/host-meta", "/.well-known/nodeinfo", "/.well-known/webfinger", "/@{handle}", "/@{handle}/feed.atom", "/@{handle}/feed.json",
		"/@{handle}/feed.rss", "/blocks", "/cards/conferences/{handle}.{hash}.png", "/cards/home.{hash}.png", "/cards/people/{handle}.{hash}.png",
		"/cards/tags/{tag}.{hash}.png", "/cards/talks/{id}.{hash}.png", "/conferences", "/conferences/new", "/conferences/{handle}", "/conferences/{handle}/edit",
		"/conferences/{handle}/feed.atom", "/conferences/{handle}/feed.json", "/conferences/{handle}/feed.rss", "/conferences/{handle}/import",
		"/conferences/{handle}/import/progress", "/conferences/{handle}/new-talk", "/conferences/{handle}/speakers", "/conferences/{handle}/speakers/{slug}",
		"/conferences/{handle}/talks/{slug}", "/conferences/{handle}/talks/{slug}/edit", "/conferences/{handle}/{day}", "/coverage/{handle}", "/feed.atom",
		"/feed.json", "/feed.rss", "/followers", "/followers/{handle}", "/following", "/healthz", "/held", "/media/copies/{id}/{file}", "/media/{id}/{file}", "/nodeinfo/{version}",
		"/notifications", "/plan/feed/{token}.ics", "/plan/{handle}", "/posts", "/quotes/{id}", "/reading", "/readyz", "/recap/new", "/reports", "/robots.txt", "/settings", "/settings/health",
		"/settings/move", "/setup", "/sign-in", "/sitemap.xml", "/static/", "/tags/{tag}", "/tags/{tag}/feed.atom", "/tags/{tag}/feed.json", "/tags/{tag}/feed.rss",
		"/talk-links/{talk}", "/talks/{id}", "/users/{handle}", "/users/{handle}/event", "/users/{handle}/featured", "/users/{handle}/followers",
		"/users/{handle}/followers_synchronization", "/users/{handle}/following", "/users/{handle}/outbox", "/users/{handle}/tags", "/write"}
)

// What isn't for everybody, but for the first, which shows that markers are found at all.
const (
	public             = "a public article"
	unlisted           = "an unlisted article"
	forFollowers       = "an article for followers"
	unpublished        = "a draft"
	followersPicture   = "the address of a picture in an article for followers"
	unpublishedPicture = "the address of a picture in a draft"
	privateReply       = "a private reply"
	privatePicture     = "the address of our copy of a private reply's picture"
	privateAnswer      = "our answer to a private reply"
	waitingReply       = "a reply that waits for a yes"
	waitingInPrivate   = "a private reply that waits for a yes"
	hiddenReply        = "a hidden reply"
	followedPost       = "a post for followers, by somebody elsewhere"
	followedPicture    = "the address of our copy of that post's picture"
	reportsWords       = "what is said with a report"
	whoAsks            = "who asks to follow"
)

// Who asks from elsewhere, with a signature that holds.
const (
	aFollower  = "a follower's server"
	aStranger  = "a stranger's server"
	whoWaits   = "the server of who asks to follow"
	whoIsNamed = "the server of who is named in it"
	whoWrites  = "the server of who wrote to gwen"
)

// follower is who follows gwen, and alice elsewhere, from here.
const follower = "another author"

var (
	servers    = []string{aFollower, aStranger, whoWaits, whoIsNamed, whoWrites}
	everybody  = slices.Concat(viewers, servers)
	herself    = []string{"gwen"}
	moderators = []string{"an editor", "the owner"}
	lookAfter  = slices.Concat(herself, moderators) // conversations that everybody may read
)

// sighting is that somebody is shown a secret on a route.
type sighting struct{ kind, viewer, route string }

// whoSees is the rule of each kind of secret: who is shown it, and where.
var whoSees = []struct {
	kind   string
	who    []string
	routes []string
}{
	{public, everybody, []string{"/", "/articles/{id}"}},

	{unlisted, everybody, []string{"/articles/{id}", "/activities/{id}", "/oembed", "/@{handle}/{slug}", "/@{handle}/{slug}/replies"}}, // who has the link
	{unlisted, viewers[1:], []string{"/answer/{post}"}},
	{unlisted, []string{follower}, []string{"/reading"}},
	{unlisted, lookAfter, []string{"/write/{id}/conversation", "/write/{id}/deliveries"}},
	{unlisted, herself, []string{"/posts", "/plan/{handle}", "/write/{id}"}},
	{unlisted, moderators, []string{"/reports"}}, // it was reported

	{forFollowers, herself, []string{"/posts", "/plan/{handle}", "/write/{id}", "/write/{id}/conversation", "/write/{id}/deliveries", "/answer/{post}", "/held"}},
	{forFollowers, []string{follower}, []string{"/reading", "/answer/{post}"}},
	{forFollowers, []string{aFollower, whoIsNamed}, []string{"/articles/{id}"}},
	{followersPicture, herself, []string{"/write/{id}", "/answer/{post}"}},
	{followersPicture, []string{follower}, []string{"/reading", "/answer/{post}"}},
	{followersPicture, []string{aFollower, whoIsNamed}, []string{"/articles/{id}"}},

	{unpublished, herself, []string{"/posts", "/plan/{handle}", "/write/{id}"}},
	{unpublishedPicture, herself, []string{"/write/{id}"}},

	{privateReply, herself, []string{"/notifications", "/write/{id}/conversation", "/answer/{post}"}},
	{privatePicture, herself, []string{"/write/{id}/conversation", "/answer/{post}"}},
	{privateAnswer, herself, []string{"/write/{id}", "/write/{id}/conversation", "/answer/{post}"}},

	{waitingReply, lookAfter, []string{"/held", "/write/{id}/conversation", "/answer/{post}"}},
	{waitingInPrivate, herself, []string{"/held", "/write/{id}/conversation", "/answer/{post}"}},
	{hiddenReply, lookAfter, []string{"/write/{id}/conversation", "/answer/{post}"}},

	{followedPost, []string{follower}, []string{"/reading", "/answer/{post}"}},
	{followedPicture, []string{follower}, []string{"/reading", "/answer/{post}"}},

	{reportsWords, moderators, []string{"/reports"}}, // not who is reported
	{whoAsks, herself, []string{"/notifications", "/followers"}},
}

func mayBeSeen() map[sighting]bool {
	may := map[sighting]bool{}
	for _, rule := range whoSees {
		for _, viewer := range rule.who {
			for _, r := range rule.routes {
				may[sighting{rule.kind, viewer, r}] = true
			}
		}
	}
	return may
}

// reads says whether a viewer may see a secret anywhere.
func reads(viewer, kind string) bool {
	for _, rule := range whoSees {
		if rule.kind == kind && slices.Contains(rule.who, viewer) {
			return true
		}
	}
	return false
}
