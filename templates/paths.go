package templates

// Where the pages that every page links to are served. Whatever belongs to one
// object (an article, a conversation) has its URL in a field instead.
const (
	PathHome           = "/"
	PathTalkLinks      = "/talk-links"
	PathSetup          = "/setup"
	PathSignIn         = "/sign-in"
	PathSignOut        = "/sign-out"
	PathWrite          = "/write"
	PathPictures       = "/media"
	PathPosts          = "/posts"
	PathRemote         = "/remote"
	PathInteract       = "/authorize_interaction"
	PathAnswer         = "/answer"
	PathNotifications  = "/notifications"
	PathReading        = "/reading"
	PathFollowing      = "/following"
	PathHeld           = "/held"
	PathCoverage       = "/coverage"
	PathBlocks         = "/blocks"
	PathReports        = "/reports"
	PathFollowers      = "/followers"
	PathSettings       = "/settings"
	PathFace           = "/settings/face"
	PathPassword       = "/settings/password"
	PathHealth         = "/settings/health"
	PathFollowControls = "/settings/following"
	PathMove           = "/settings/move"
	PathConferences    = "/conferences"
	PathNewConference  = "/conferences/new"
	PathIntroduction   = "/settings/profile"
)

// paths gives the constants to the templates.
type paths struct {
	Home, Conferences, NewConference, SignIn, SignOut, Setup, Write, Pictures, Posts, Notifications, Reading, Following, Held, Remote, Blocks, Reports, Followers, Settings, Face, Introduction, FollowControls, Move, Password, Health string
}

func allPaths() paths {
	return paths{
		Home: PathHome, Conferences: PathConferences, NewConference: PathNewConference, SignIn: PathSignIn, SignOut: PathSignOut, Setup: PathSetup, Write: PathWrite, Pictures: PathPictures, Notifications: PathNotifications, Reading: PathReading, Following: PathFollowing, Held: PathHeld, Remote: PathRemote,
		Posts: PathPosts, Blocks: PathBlocks, Reports: PathReports, Followers: PathFollowers, Settings: PathSettings, Face: PathFace, Introduction: PathIntroduction, FollowControls: PathFollowControls, Move: PathMove, Password: PathPassword, Health: PathHealth,
	}
}
