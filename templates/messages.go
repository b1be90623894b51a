package templates

// Problems says what is wrong with the fields of a form, by their names. The
// name "" stands for the form as a whole.
type Problems map[string]Problem

// Problem is what is wrong with one field; the words are in the catalogue.
type Problem struct {
	ID    ProblemID
	Limit int // characters or entries, for the words that name one
}

// ProblemID is the id of a message.
type ProblemID string

// What can be wrong with a field.
const (
	Required       ProblemID = "problem.required"
	TooLong        ProblemID = "problem.too_long"
	TooShort       ProblemID = "problem.too_short"
	TooMany        ProblemID = "problem.too_many"
	BadHandle      ProblemID = "problem.handle"
	HandleTaken    ProblemID = "problem.handle_taken"
	BadSlug        ProblemID = "problem.slug"
	SlugTaken      ProblemID = "problem.slug_taken"
	BadTag         ProblemID = "problem.tag"
	BadLanguage    ProblemID = "problem.language"
	BadPolicy      ProblemID = "problem.policy"
	BadVisibility  ProblemID = "problem.visibility"
	FixedVisible   ProblemID = "problem.visibility_fixed"
	BadLink        ProblemID = "problem.link"
	BadDomain      ProblemID = "problem.domain"
	WrongPassword  ProblemID = "problem.password"
	NotAPicture    ProblemID = "problem.not_a_picture"
	VectorPicture  ProblemID = "problem.svg"
	Unsupported    ProblemID = "problem.unsupported"
	TooManyBytes   ProblemID = "problem.too_many_bytes"
	TooManyPixels  ProblemID = "problem.too_many_pixels"
	TooManyFrames  ProblemID = "problem.too_many_frames"
	Polyglot       ProblemID = "problem.polyglot"
	Damaged        ProblemID = "problem.damaged"
	NoAddress      ProblemID = "problem.no_address"
	NoWay          ProblemID = "problem.no_way"
	TooManyLookups ProblemID = "problem.lookups"

	NoFollowAddress ProblemID = "problem.follow_address"
	NoFollowAnswer  ProblemID = "problem.follow_answer"
	NoFollowTarget  ProblemID = "problem.follow_target"
	BadToken        ProblemID = "problem.token"
	BadZone         ProblemID = "problem.zone"
	BadDate         ProblemID = "problem.date"
	BadDates        ProblemID = "problem.dates"
	TooManyDays     ProblemID = "problem.too_many_days"
	BadURL          ProblemID = "problem.url"
	BadTime         ProblemID = "problem.time"
	BadTimes        ProblemID = "problem.times"
	BadAcct         ProblemID = "problem.acct"
	Repeated        ProblemID = "problem.repeated"
	NoAccount       ProblemID = "problem.no_account"
	LastOwner       ProblemID = "problem.last_owner"
	NotAGroup       ProblemID = "problem.group"
	NobodyThere     ProblemID = "problem.nobody_there"
	TalkChanged     ProblemID = "problem.talk_changed" // of the form as a whole
	NoZone          ProblemID = "problem.no_zone"      // in a schedule
	Unreadable      ProblemID = "problem.schedule"     // what is wrong in it is said beside
	BadServer       ProblemID = "problem.server"
	NotThere        ProblemID = "problem.not_there"
	IsSelf          ProblemID = "problem.is_self"
	NoAlias         ProblemID = "problem.no_alias"
	TargetMoved     ProblemID = "problem.target_moved"
	MovedRecently   ProblemID = "problem.moved_recently"
	Moved           ProblemID = "problem.moved"     // of the form as a whole
	Unusable        ProblemID = "problem.unusable"  // when nothing above fits
	NotSaved        ProblemID = "problem.not_saved" // of the form as a whole: the failure is ours
	EnoughPinned    ProblemID = "problem.pinned"    // of the form as a whole
)

// ProblemOf returns the problem for a reason as the services name it, without
// "problem.": "too_long". One that forms have no words for becomes Unusable.
func ProblemOf(reason string, limit int) Problem {
	switch id := ProblemID("problem." + reason); id {
	case Required, TooLong, TooShort, TooMany, BadHandle, HandleTaken, BadSlug, SlugTaken,
		BadTag, BadLanguage, BadPolicy, BadVisibility, FixedVisible, BadLink, BadDomain, WrongPassword, BadToken, BadZone, BadDate, BadDates, TooManyDays, BadURL, BadTime, BadTimes, BadAcct, Repeated, NoAccount, LastOwner, NotAGroup,
		NotAPicture, VectorPicture, Unsupported, TooManyBytes, TooManyPixels, TooManyFrames, Polyglot, Damaged,
		BadServer, NotThere, IsSelf, NoAlias, TargetMoved, MovedRecently, Moved:
		return Problem{ID: id, Limit: limit}
	}
	return Problem{ID: Unusable}
}

// Notice is something that has just happened; the words are in the catalogue.
type Notice struct {
	ID      NoticeID
	Subject string // for those that name one
}

// NoticeID is the id of a message. It fits in a query string, so that it can
// cross a redirect.
type NoticeID string

// What can have happened.
const (
	DraftSaved          NoticeID = "notice.draft_saved"
	ArticlePublished    NoticeID = "notice.published"
	ArticleUpdated      NoticeID = "notice.updated"
	ArticleDeleted      NoticeID = "notice.deleted"
	MentionUnresolved   NoticeID = "notice.mention" // Subject is "@x@y"
	TextRestored        NoticeID = "notice.restored"
	SettingsSaved       NoticeID = "notice.settings"
	PasswordChanged     NoticeID = "notice.password"
	ReplyHidden         NoticeID = "notice.hidden"
	ReplyShown          NoticeID = "notice.shown"
	ReportResolved      NoticeID = "notice.report_resolved"
	Reported            NoticeID = "notice.reported"
	QuoteWithdrawn      NoticeID = "notice.quote_withdrawn"
	Blocked             NoticeID = "notice.blocked"   // Subject is an account or a server
	Unblocked           NoticeID = "notice.unblocked" // Subject likewise
	SignedOut           NoticeID = "notice.signed_out"
	AnswerSent          NoticeID = "notice.answer_sent"
	AnswerDeleted       NoticeID = "notice.answer_deleted"
	ConferenceSaved     NoticeID = "notice.conference"
	ScheduleImported    NoticeID = "notice.imported"
	LinkAdded           NoticeID = "notice.link_added"
	LinkRemoved         NoticeID = "notice.link_removed"
	PictureAdded        NoticeID = "notice.picture"
	PicturesUndescribed NoticeID = "notice.undescribed"
	RecapUpdated        NoticeID = "notice.recap_updated"
	SpeakerTold         NoticeID = "notice.speaker_told" // Subject is "@x@y"
	WordsTaken          NoticeID = "notice.words_taken"
	WordsKept           NoticeID = "notice.words_kept"
	ManagersChanged     NoticeID = "notice.managers"
	DigestDeleted       NoticeID = "notice.digest_deleted"
	ArticleUnpublished  NoticeID = "notice.unpublished"
	ConferenceLeft      NoticeID = "notice.left"
	RecapWaits          NoticeID = "notice.recap_waits"
	TalkSaved           NoticeID = "notice.talk_saved"
	TalkReleased        NoticeID = "notice.talk_released"
	DraftsMade          NoticeID = "notice.drafts_made"
	PlanFeedEnded       NoticeID = "notice.feed_ended"
	SentAgain           NoticeID = "notice.sent_again"
	NothingSentAgain    NoticeID = "notice.nothing_sent_again"
	FollowBegun         NoticeID = "notice.follow_begun" // Subject is "@x@y"
	FollowAsked         NoticeID = "notice.follow_asked" // Subject likewise
	Unfollowed          NoticeID = "notice.unfollowed"   // Subject likewise
	FollowersAccepted   NoticeID = "notice.followers_accepted"
	FollowersRejected   NoticeID = "notice.followers_rejected"
	FollowersRemoved    NoticeID = "notice.followers_removed"
	FollowersBlocked    NoticeID = "notice.followers_blocked"
	AccountMoved        NoticeID = "notice.account_moved"
	ArticlePinned       NoticeID = "notice.pinned"
	ArticleUnpinned     NoticeID = "notice.unpinned"
)

// Warns tells a notice that asks for a second look from one that reassures.
func (n Notice) Warns() bool {
	return n.ID == MentionUnresolved || n.ID == TextRestored || n.ID == PicturesUndescribed || n.ID == RecapWaits
}
