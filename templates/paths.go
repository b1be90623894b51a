package templates

// Where the pages that every page links to are served. Whatever belongs to one
// object (an article, a conversation) has its URL in a field instead.
const (
	PathHome          = "/"
	PathTalkLinks     = "/talk-links"
	PathSetup         = "/setup"
	PathSignIn        = "/sign-in"
	PathSignOut       = "/sign-out"
	PathWrite         = "/write"
	PathPictures      = "/media"
	PathPosts         = "/posts"
	PathRemote        = "/remote"
	PathInteract      = "/authorize_interaction"
	PathAnswer        = "/answer"
	PathNotifications = "/notifications"
	PathHeld          = "/held"
	PathCoverage      = "/coverage"
	PathBlocks        = "/blocks"
	PathReports       = "/reports"
	PathSettings      = "/settings"
	PathFace          = "/settings/face"
	PathIntroduction  = "/settings/profile"
	PathPassword      = "/settings/password"
	PathHealth        = "/settings/health"
	PathConferences   = "/conferences"
	PathNewConference = "/conferences/new"
)

// paths gives the constants to the templates.
type paths struct {
	Home, Conferences, NewConference, SignIn, SignOut, Setup, Write, Pictures, Posts, Notifications, Held, Remote, Blocks, Reports, Settings, Face, Introduction, Password, Health string
}

func allPaths() paths {
	return paths{
		Home: PathHome, Conferences: PathConferences, NewConference: PathNewConference, SignIn: PathSignIn, SignOut: PathSignOut, Setup: PathSetup, Write: PathWrite, Pictures: PathPictures, Notifications: PathNotifications, Held: PathHeld, Remote: PathRemote,
		Posts: PathPosts, Blocks: PathBlocks, Reports: PathReports, Settings: PathSettings, Face: PathFace, Introduction: PathIntroduction, Password: PathPassword, Health: PathHealth,
	}
}
