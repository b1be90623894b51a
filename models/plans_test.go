package models

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"
)

// growing are the tables that have no bound: no page may read one from end to end.
var growing = []string{"actors", "actor_keys", "posts", "revisions", "revision_texts", "paths", "recipients", "mentions", "hashtags",
	"tombstones", "follows", "readings", "n", "first", "also", "parent", "kin", "reactions", "reaction_uris", "activities", "inbox_seen", "lanes", "deliveries", "jobs", "sessions", "older", "root", "r",
	"picture_variants", "post_pictures", "revision_pictures", "notifications", "remote_media",
	"featured_posts", "featured_tags", "credit_domains", "profile_fields",
	"talks", "appearances", "people", "resources", "talk_external_ids", "plan_items", "coverage", "coverage_talks", "sisters"}

// weak are constraints that nearly every row meets: searching by one is a scan in all
// but name, unless the index gives the order too and a limit ends the walk.
var weak = []string{"(uri>?)", "(kind=?)", "(kind=? AND state=?)", "(host>?)", "(run_at<?)"}

// scans returns the steps of a query's plan that read a growing table from end to end.
func scans(t *testing.T, s *Store, query string, args ...any) (found, plan []string) {
	t.Helper()
	var steps []struct{ Detail string }
	if err := s.db.Raw("EXPLAIN QUERY PLAN "+query, args...).Scan(&steps).Error; err != nil {
		t.Fatalf("explain %s: %v", query, err)
	}
	for _, step := range steps {
		plan = append(plan, step.Detail)
		words := strings.Fields(step.Detail)
		if len(words) > 1 && words[0] == "SCAN" && slices.Contains(growing, words[1]) {
			found = append(found, step.Detail)
		}
	}
	ends := strings.Contains(query, "LIMIT") && !strings.Contains(strings.Join(plan, "\n"), "TEMP B-TREE FOR ORDER BY")
	for _, step := range plan {
		if !ends && slices.ContainsFunc(weak, func(w string) bool { return strings.HasSuffix(step, w) }) {
			found = append(found, step)
		}
	}
	return found, plan
}

func TestNoQueryOfAPageOrAWorkerReadsAWholeTable(t *testing.T) {
	t.Parallel()
	s := newTestStore(t)
	ctx, gwen := context.Background(), s.addAccount(t, "gwen", RoleOwner)
	post := s.addArticle(t, gwen, 0)
	page, later := Page{Limit: 20}, Page{Before: &Cursor{noon, 9}, Limit: 20}
	viewer := ViewerOf(gwen)
	reads := map[string]func(s *Store) error{
		"home":               func(s *Store) error { return second(s.Posts.Articles(ctx, page)) },
		"home, further on":   func(s *Store) error { return second(s.Posts.Articles(ctx, later)) },
		"profile":            func(s *Store) error { return second(s.Posts.ArticlesBy(ctx, 1, later)) },
		"tag":                func(s *Store) error { return second(s.Posts.ArticlesTagged(ctx, "go", later)) },
		"article":            func(s *Store) error { return second(s.Posts.ByPath(ctx, "gwen", "x")) },
		"neighbours":         func(s *Store) error { _, _, err := s.Posts.Neighbours(ctx, post); return err },
		"thread":             func(s *Store) error { return second(s.Posts.Thread(ctx, Viewer{}, 1)) },
		"thread, signed in":  func(s *Store) error { return second(s.Posts.Thread(ctx, viewer, 1)) },
		"replies counted":    func(s *Store) error { return second(s.Posts.CountThreads(ctx, viewer, []*Post{post})) },
		"replies collection": func(s *Store) error { return second(s.Posts.PublicReplies(ctx, 1)) },
		"counts":             func(s *Store) error { return second(s.Reactions.CountsOf(ctx, 1)) },
		"own writing":        func(s *Store) error { return second(s.Posts.WrittenBy(ctx, 1, 20)) },
		"heads":              func(s *Store) error { return second(s.Revisions.HeadTitles(ctx, []*Post{post})) },
		"people active":      func(s *Store) error { return second(s.Posts.CountActive(ctx, noon)) },
		"followers":          func(s *Store) error { _, _, err := s.Follows.Followers(ctx, 1, 9, 20); return err },
		"following":          func(s *Store) error { _, _, err := s.Follows.Following(ctx, 1, 9, 20); return err },
		"following counted":  func(s *Store) error { return second(s.Follows.CountFollowing(ctx, 1)) },
		"a follow asked for": func(s *Store) error { return second(s.Follows.Asked(ctx, 1, "https://a.example/1")) },
		"follows of one":     func(s *Store) error { return second(s.Follows.FollowsOf(ctx, 1, &Block{ActorID: 1})) },
		"followed":           func(s *Store) error { return second(s.Follows.Followed(ctx, 1)) },
		"followers' inboxes": func(s *Store) error { return second(s.Follows.Inboxes(ctx, 1)) },
		"inboxes told":       func(s *Store) error { return second(s.Deliveries.InboxesTold(ctx, "https://a.example/1")) },
		"participants":       func(s *Store) error { return second(s.Posts.ParticipantInboxes(ctx, 1)) },
		"thread's inboxes":   func(s *Store) error { return second(s.Posts.ThreadInboxes(ctx, 1)) },
		"seen before":        func(s *Store) error { return second(s.Inbox.Seen(ctx, 1, "https://a.example/1")) },
		"buried":             func(s *Store) error { return second(s.Posts.Buried(ctx, "https://a.example/1", 1)) },
		"stale HTML":         func(s *Store) error { return second(s.Posts.Stale(ctx, 1, 20)) },
		"session":            func(s *Store) error { return second(s.Sessions.ByHash(ctx, "x", noon)) },
		"actor by URI":       func(s *Store) error { return second(s.Actors.ByURI(ctx, "https://a.example/1")) },
		"remote key":         func(s *Store) error { return second(s.Actors.RemoteKey(ctx, "https://a.example/1#k")) },
		"local keys":         func(s *Store) error { return second(s.Actors.LocalKeys(ctx, 1, 2)) },
		"a host's keys":      func(s *Store) error { return second(s.Actors.ListsEd25519(ctx, "a.example")) },
		"their followers":    func(s *Store) error { return second(s.Follows.FollowersAt(ctx, 1, "a.example")) },
		"our followers":      func(s *Store) error { return second(s.Follows.LocalFollowers(ctx, 1)) },
		"remote keys":        func(s *Store) error { return second(s.Actors.RemoteKeys(ctx, 1)) },
		"post by URI":        func(s *Store) error { return second(s.Posts.ByURI(ctx, "https://a.example/1")) },
		"post by id":         func(s *Store) error { return second(s.Posts.ByPublicID(ctx, "x")) },
		"post by client id":  func(s *Store) error { return second(s.Posts.ByClientID(ctx, 1, "x")) },
		"remote by handle":   func(s *Store) error { return second(s.Actors.RemoteByHandle(ctx, "a", "b.example")) },
		"local by handle":    func(s *Store) error { return second(s.Actors.LocalByHandle(ctx, "a")) },
		"texts":              func(s *Store) error { return second(s.Posts.HTML(ctx, []int64{1, 2})) },
		"sitemap":            func(s *Store) error { return second(s.Posts.Places(ctx, 20)) },
		"pictures":           func(s *Store) error { return second(s.Pictures.OfPost(ctx, post.ID)) },
		"covers":             func(s *Store) error { return second(s.Pictures.Covers(ctx, []int64{1, 2})) },
		"pictures by id":     func(s *Store) error { return second(s.Pictures.ByPublicIDs(ctx, []string{"x"})) },
		"picture by file":    func(s *Store) error { return second(s.Pictures.ByFile(ctx, 1, "x")) },
		"notifications":      func(s *Store) error { return second(s.Notifications.Newest(ctx, 1, Which{Before: 9}, 20)) },
		"news of whom one follows": func(s *Store) error {
			return second(s.Notifications.Newest(ctx, 1, Which{Kind: NotifyReply, Followed: true, Before: 9}, 20))
		},
		"new notifications":   func(s *Store) error { return second(s.Notifications.CountNew(ctx, 1)) },
		"held replies":        func(s *Store) error { return second(s.Posts.Held(ctx, viewer, 0, 20)) },
		"held, counted":       func(s *Store) error { _, _, err := s.Posts.CountHeld(ctx, viewer); return err },
		"known here":          func(s *Store) error { return second(s.Actors.Known(ctx, 1, 0)) },
		"answered by us":      func(s *Store) error { return second(s.Posts.AnsweredByUs(ctx, 1, 1)) },
		"faces":               func(s *Store) error { return second(s.Reactions.Newest(ctx, 1, 12)) },
		"thread, further on":  func(s *Store) error { return second(s.Posts.ThreadPage(ctx, Viewer{}, 1, later.Before, 20)) },
		"followed of some":    func(s *Store) error { return second(s.Follows.Among(ctx, 1, []int64{1, 2})) },
		"followed together":   func(s *Store) error { return second(s.Follows.Together(ctx, 1, []string{"https://a.example/1"})) },
		"whom one follows":    func(s *Store) error { return second(s.Follows.Of(ctx, 1, 9, 20)) },
		"a page of one's own": func(s *Store) error { return second(s.Readings.Page(ctx, viewer, nil, 20)) },
		"its older part":      func(s *Store) error { return second(s.Readings.Page(ctx, viewer, later.Before, 20)) },
		"read by nobody":      func(s *Store) error { return second(s.Posts.OnlyRead(ctx, 9, 20)) },
		"sight": func(s *Store) error {
			return second(s.Posts.Sight(ctx, &Post{ID: 1, RootID: &post.ID, Visibility: VisibilityFollowers}))
		},
		"a job by its key":      func(s *Store) error { return second(s.Jobs.Waits(ctx, "x")) },
		"followers at a server": func(s *Store) error { return second(s.Follows.FollowersAt(ctx, 1, "a.example")) },
		"our followers of one":  func(s *Store) error { return second(s.Follows.LocalFollowers(ctx, 1)) },
		"followers' page":       func(s *Store) error { return second(s.Follows.FollowersIn(ctx, 1, FollowAccepted, 9, 20)) },
		"followers counted":     func(s *Store) error { return second(s.Follows.Count(ctx, 1)) },
		"who waits":             func(s *Store) error { _, _, err := s.Follows.CountFollowers(ctx, 1, FollowPending); return err },
		"who is chosen":         func(s *Store) error { return second(s.Follows.Chosen(ctx, 1, FollowPending, 0, []int64{1, 2})) },
		"all who wait":          func(s *Store) error { return second(s.Follows.Chosen(ctx, 1, FollowPending, 9, nil)) },
		"sent to a host":        func(s *Store) error { return second(s.Deliveries.SentTo(ctx, "a.example", []int64{1, 2})) },
		"creates":               func(s *Store) error { return second(s.Activities.CreatesOf(ctx, []string{"https://a.example/1"})) },
		"aliases":               func(s *Store) error { return second(s.Actors.Aliases(ctx, 1)) },
		"an alias":              func(s *Store) error { return second(s.Actors.HasAlias(ctx, 1, 2)) },
		"place in a thread": func(s *Store) error {
			return second(s.Posts.CountBefore(ctx, &Post{ID: 9, RootID: &post.ID, PublishedAt: post.PublishedAt}))
		},
		"avatars":                   func(s *Store) error { return second(s.Media.Avatars(ctx, []int64{1, 2})) },
		"attached":                  func(s *Store) error { return second(s.Media.Attached(ctx, []int64{1, 2})) },
		"a copy by file":            func(s *Store) error { return second(s.Media.ByFile(ctx, "x")) },
		"copies' bytes":             func(s *Store) error { return second(s.Media.Bytes(ctx)) },
		"copies let go":             func(s *Store) error { return second(s.Media.LetGo(ctx, 20)) },
		"copies unknown":            func(s *Store) error { return second(s.Media.Strays(ctx, []string{"x"})) },
		"own reactions":             func(s *Store) error { return second(s.Reactions.Mine(ctx, 1, 1)) },
		"an own activity":           func(s *Store) error { return second(s.Activities.Latest(ctx, 1, "Like", "https://a.example/1")) },
		"notes elsewhere":           func(s *Store) error { return second(s.Posts.CoverageOn(ctx, &Talk{ID: 1, ConferenceID: 1}, 9, 20)) },
		"notes elsewhere, in parts": func(s *Store) error { return second(s.Coverage.Parts(ctx, 1, []int64{1, 2})) },
		"notes elsewhere, counted":  func(s *Store) error { return second(s.Posts.CountCoverageOn(ctx, &Talk{ID: 1, ConferenceID: 1})) },
		"talks called": func(s *Store) error {
			return second(s.Talks.Called(ctx, [][2]string{{"guid", "x"}, {"url", "y"}, {"url", "z"}}))
		},
		"names of talks":           func(s *Store) error { return second(s.Talks.NamesOf(ctx, []int64{1, 2})) },
		"talks of a note":          func(s *Store) error { return second(s.Talks.ShownIn(ctx, &Post{ID: 1, TalkID: &post.ID})) },
		"talks of a recap":         func(s *Store) error { return second(s.Talks.ShownIn(ctx, post)) },
		"notes from a server":      func(s *Store) error { return second(s.Coverage.From(ctx, 1, "a.example", 20)) },
		"accepted":                 func(s *Store) error { return second(s.Follows.AcceptedBy(ctx, 1)) },
		"coverage of late":         func(s *Store) error { return second(s.Coverage.Newest(ctx, []int64{1, 2}, "a.example", noon)) },
		"sisters":                  func(s *Store) error { return second(s.Sisters.Of(ctx, 1)) },
		"a sister":                 func(s *Store) error { return second(s.Sisters.Between(ctx, 1, 1)) },
		"sisters' inboxes":         func(s *Store) error { return second(s.Follows.GroupInboxes(ctx, 1)) },
		"sisters followed":         func(s *Store) error { return second(s.Sisters.Followed(ctx, 1)) },
		"sisters due":              func(s *Store) error { return second(s.Sisters.Due(ctx, noon, 20)) },
		"programme":                func(s *Store) error { return second(s.Talks.Programme(ctx, 1, "2026-06-11", false)) },
		"on now":                   func(s *Store) error { return second(s.Talks.Around(ctx, 1, noon, noon)) },
		"a talk":                   func(s *Store) error { return second(s.Talks.BySlug(ctx, 1, "x")) },
		"talks by id":              func(s *Store) error { return second(s.Talks.ByIDs(ctx, []int64{1, 2})) },
		"external ids":             func(s *Store) error { return second(s.Talks.ExternalIDs(ctx, 1)) },
		"resources":                func(s *Store) error { return second(s.Talks.Resources(ctx, 1, 2)) },
		"corrections":              func(s *Store) error { return second(s.Talks.Corrected(ctx, 1)) },
		"speakers":                 func(s *Store) error { return second(s.People.Of(ctx, 1)) },
		"talks of one":             func(s *Store) error { return second(s.People.TalksOf(ctx, 1)) },
		"a plan":                   func(s *Store) error { return second(s.Plans.Marks(ctx, 1, 1)) },
		"about a conference":       func(s *Store) error { return second(s.Posts.ArticlesAbout(ctx, 1, later)) },
		"about a day":              func(s *Store) error { return second(s.Posts.ArticlesAboutDay(ctx, 1, "2026-06-11", later)) },
		"notes on a talk":          func(s *Store) error { return second(s.Posts.NotesOn(ctx, 1, later)) },
		"notes on a talk, counted": func(s *Store) error { return second(s.Posts.CountNotesOn(ctx, 1)) },
		"notes by talk":            func(s *Store) error { return second(s.Posts.NotesByTalk(ctx, 1, "2026-06-11", 3)) },
		"notes on a speaker's":     func(s *Store) error { return second(s.Posts.NotesOnTalksOf(ctx, 1, later)) },
		"a conference's figures":   func(s *Store) error { return second(s.Conferences.Figures(ctx, 1)) },
		"titles of talks":          func(s *Store) error { return second(s.Talks.Titles(ctx, []int64{1, 2})) },
		"a speaker":                func(s *Store) error { return second(s.People.BySlug(ctx, 1, "x")) },
		"who added links":          func(s *Store) error { return second(s.Accounts.ActorsOf(ctx, []int64{1, 2})) },
		"conferences":              func(s *Store) error { return second(s.Conferences.List(ctx, 20)) },
		"lanes due":                func(s *Store) error { return second(s.Deliveries.LanesDue(ctx, noon)) },
		"deliveries due":           func(s *Store) error { return second(s.Deliveries.Due(ctx, "a.example", noon, 4)) },
		"jobs due":                 func(s *Store) error { return second(s.Jobs.Due(ctx, "", noon)) },
		"a schedule":               func(s *Store) error { return second(s.Schedules.Source(ctx, 1)) },
		"schedules due":            func(s *Store) error { return second(s.Schedules.Due(ctx, noon, 9)) },
		"a given file":             func(s *Store) error { return second(s.Schedules.File(ctx, 1, "x")) },
		"what a group says":        func(s *Store) error { return second(s.Activities.Standing(ctx, 1, 9, 20)) },
		"how much":                 func(s *Store) error { return second(s.Activities.CountStanding(ctx, 1)) },
		"activities by id":         func(s *Store) error { return second(s.Activities.ByPublicIDs(ctx, []string{"x"})) },
		"announced":                func(s *Store) error { return second(s.Reactions.ByGroups(ctx, 1)) },
		"announced of one":         func(s *Store) error { return second(s.Reactions.ByGroupsOf(ctx, &Block{ActorID: 1})) },
		"ids of a boost":           func(s *Store) error { return second(s.Reactions.URIs(ctx, 1)) },
		"coverage":                 func(s *Store) error { return second(s.Posts.CoverageOf(ctx, 1, 9, 20)) },
		"coverage held":            func(s *Store) error { return second(s.Coverage.List(ctx, 1, CoverageHeld, 9, 20)) },
		"coverage counted":         func(s *Store) error { _, _, err := s.Coverage.Count(ctx, 1, CoverageHeld); return err },
		"coverage by id":           func(s *Store) error { return second(s.Coverage.Shown(ctx, 1, []int64{1})) },
		"covered by":               func(s *Store) error { return second(s.Coverage.Of(ctx, 1)) },
		"boosts of a group":        func(s *Store) error { return second(s.Reactions.OfGroup(ctx, 1, []int64{1})) },
		"conferences named":        func(s *Store) error { return second(s.Conferences.ByHandles(ctx, []string{"a"})) },
		"digests due":              func(s *Store) error { return second(s.Digests.Conferences(ctx, "2026-06-11")) },
		"the last digest":          func(s *Store) error { return second(s.Digests.Last(ctx, 1)) },
		"recaps for it":            func(s *Store) error { return second(s.Digests.Recaps(ctx, &Conference{ID: 1}, noon, noon, 20)) },
		"takeaways for it":         func(s *Store) error { return second(s.Digests.Takeaways(ctx, 1, []string{"2026-06-11"})) },
		"editions":                 func(s *Store) error { return second(s.Series.Editions(ctx, 1)) },
		"a plan's feed":            func(s *Store) error { return second(s.Plans.FeedByHash(ctx, "x")) },
		"an own feed":              func(s *Store) error { return second(s.Plans.FeedOf(ctx, 1, 1)) },
		"notes on talks":           func(s *Store) error { return second(s.Posts.OwnNotesOn(ctx, 1, []int64{1, 2})) },
		"recaps":                   func(s *Store) error { return second(s.Posts.Recaps(ctx, 1, 1)) },
		"recaps of one":            func(s *Store) error { return second(s.Posts.RecapsWith(ctx, 1)) },
		"recaps behind":            func(s *Store) error { return second(s.Posts.RecapsBehind(ctx, post)) },
		"what one shows":           func(s *Store) error { return second(s.Posts.RecapNotes(ctx, 1)) },
		"notes of a day":           func(s *Store) error { return second(s.Posts.NotesOfDay(ctx, 1, 1, "2026-06-11")) },
		"own by ids":               func(s *Store) error { return second(s.Posts.ByPublicIDs(ctx, 1, []string{"x"})) },
		"texts of":                 func(s *Store) error { return second(s.Revisions.Texts(ctx, []int64{1, 2})) },
		"unnamed":                  func(s *Store) error { return second(s.People.Unnamed(ctx, 1)) },
		"a delivery report":        func(s *Store) error { return second(s.Deliveries.ReachOf(ctx, 1, "https://a.example/1")) },
		"troubled servers":         func(s *Store) error { return second(s.Deliveries.Troubled(ctx, noon, 20)) },
		"kept out":                 func(s *Store) error { return second(s.Blocks.KeptOut(ctx, 1)) },
		"a profile":                func(s *Store) error { return second(s.Profiles.Of(ctx, 1)) },
		"a field":                  func(s *Store) error { return second(s.Profiles.Field(ctx, 1)) },
		"fields to look at":        func(s *Store) error { return second(s.Profiles.CheckDue(ctx, noon, 20)) },
		"tags used":                func(s *Store) error { return second(s.Profiles.UsedTags(ctx, 1, 20)) },
		"what stands first":        func(s *Store) error { return second(s.Profiles.Featured(ctx, 1)) },
		"own replies counted":      func(s *Store) error { return second(s.Posts.CountReplies(ctx)) },
		"behind":                   func(s *Store) error { return second(s.Posts.Behind(ctx, 1, 20)) },
		"given up": func(s *Store) error {
			return second(s.Deliveries.CountFailed(ctx, 1, []string{"https://a.example/1", "https://a.example/2"}))
		},
	}
	writes := map[string]func(s *Store) error{
		"talks' ids":    func(s *Store) error { return s.Talks.ReplaceExternalIDs(ctx, []int64{1, 2}, nil) },
		"talks' people": func(s *Store) error { return s.Talks.ReplaceSpeakers(ctx, []int64{1, 2}, nil) },
		"talks' links":  func(s *Store) error { return s.Talks.ReplaceResources(ctx, []int64{1, 2}, nil) },
		"a file kept": func(s *Store) error {
			return s.Schedules.Keep(ctx, &ScheduleFile{AccountID: gwen.ID, Data: []byte{}, CreatedAt: noon}, noon)
		},
		"a file forgotten":    func(s *Store) error { return s.Schedules.Forget(ctx, 1) },
		"coverage decided":    func(s *Store) error { return second(s.Coverage.Decide(ctx, 1, CoverageHeld, 9, nil, CoverageShown)) },
		"a post for readers":  func(s *Store) error { return s.Readings.Add(ctx, 1, 1, noon) },
		"coverage read":       func(s *Store) error { return s.Posts.BeRead(ctx, 1) },
		"answers for readers": func(s *Store) error { return s.Readings.AddAnswers(ctx, 1) },
		"a follow begins":     func(s *Store) error { return s.Readings.Begin(ctx, 1, 1, 20) },
		"a block of readers'": func(s *Store) error { return s.Readings.DropBlocked(ctx, &Block{AccountID: 1, ActorID: 1}) },
		"old readings":        func(s *Store) error { return s.Readings.Prune(ctx, noon, 300) },
		"a post let go":       func(s *Store) error { return s.Posts.LetGo(ctx, []int64{1}) },
		"a follow ended":      func(s *Store) error { return s.Follows.Remove(ctx, 1, 1) },
		"a job cancelled":     func(s *Store) error { return s.Jobs.Cancel(ctx, "x") },
		"coverage dropped":    func(s *Store) error { return s.Coverage.Drop(ctx, 1, 0) },
		"coverage edited":     func(s *Store) error { return s.Coverage.Hold(ctx, 1) },
		"lanes leased":        func(s *Store) error { return second(s.Deliveries.LeaseLanes(ctx, "me", noon, noon, 4)) },
		"lane released":       func(s *Store) error { return s.Deliveries.ReleaseLane(ctx, &Lane{Host: "a.example", Owner: "me"}) },
		"jobs leased":         func(s *Store) error { return second(s.Jobs.Lease(ctx, "copies", noon, noon, 4)) },
		"coverage's talks":    func(s *Store) error { return s.Coverage.SetTalks(ctx, 1, nil) },
		"coverage unhidden":   func(s *Store) error { return s.Coverage.Unhide(ctx, 1) },
		"a sister's news": func(s *Store) error {
			return second(s.Sisters.Count(ctx, &Sister{1, 1, "", nil, "", 0, noon}, "2026-06-11", 9))
		},
		"a sister blocked": func(s *Store) error { return s.Sisters.Part(ctx, &Block{ActorID: 1}) },
		"a sister gone":    func(s *Store) error { return s.Sisters.RemoveActor(ctx, 1) },
		"orphans adopted": func(s *Store) error {
			uri := "https://a.example/1"
			return s.Posts.Adopt(ctx, &Post{URI: &uri, RootID: &post.ID})
		},
		"notifications gone":   func(s *Store) error { return s.Notifications.Remove(ctx, NotifyLike, 1, 1) },
		"a follow gone":        func(s *Store) error { return s.Notifications.RemoveFollow(ctx, 1, 1, 2) },
		"an actor's gone":      func(s *Store) error { return s.Notifications.RemoveActor(ctx, 1) },
		"a blocked actor's":    func(s *Store) error { return s.Notifications.RemoveBlocked(ctx, &Block{ActorID: 1, AccountID: 1}) },
		"old ones pruned":      func(s *Store) error { return s.Notifications.Prune(ctx, noon) },
		"held replies decided": func(s *Store) error { return s.Posts.Decide(ctx, viewer, 9, nil, ModerationShown) },
		"pictures marked":      func(s *Store) error { return s.Pictures.MarkUnused(ctx, noon, noon) },
		"pictures deleted":     func(s *Store) error { return second(s.Pictures.DeleteUnused(ctx, noon, 9)) },
		"inbox_seen pruned":    func(s *Store) error { return s.Inbox.Prune(ctx, noon) },
		"a dead host given up": func(s *Store) error { return s.Deliveries.GiveUp(ctx, "a.example", "dead", noon) },
		"sent again":           func(s *Store) error { return s.Deliveries.Again(ctx, []int64{1, 2}, noon) },
		"answers forgotten":    func(s *Store) error { return s.Deliveries.ForgetAnswers(ctx, noon) },
		"a deleted article":    func(s *Store) error { return s.Activities.Forget(ctx, "https://a.example/1", noon) },
		"signed out elsewhere": func(s *Store) error { return s.Sessions.DeleteAll(ctx, 1, "x") },
		"signed in":            func(s *Store) error { return s.Sessions.Create(ctx, &Session{"x", gwen.ID, noon, noon}) },
		"an alias gone":        func(s *Store) error { return s.Actors.RemoveAlias(ctx, 1, 2) },
		"moved":                func(s *Store) error { return s.Actors.SetMoved(ctx, 1, 1, 0, noon) },
		"keys forgotten":       func(s *Store) error { return s.Actors.ForgetKeys(ctx) },
		"follows ended":        func(s *Store) error { return s.Follows.RemoveActor(ctx, 1) },
		"reactions ended":      func(s *Store) error { return s.Reactions.RemoveActor(ctx, 1) },
		"a face set":           func(s *Store) error { return second(s.Media.Set(ctx, 1, 0, nil)) },
		"copies touched":       func(s *Store) error { return s.Media.Touch(ctx, []int64{1, 2}, noon) },
		"copies wanted":        func(s *Store) error { return second(s.Media.Want(ctx, []int64{1, 2}, noon)) },
		"copies lost":          func(s *Store) error { return s.Media.Lose(ctx, []int64{1, 2}) },
		"copies expired":       func(s *Store) error { return second(s.Media.Expire(ctx, noon, 20)) },
		"copies evicted":       func(s *Store) error { return s.Media.Evict(ctx, 20) },
		"copies removed":       func(s *Store) error { return s.Media.Removed(ctx, []string{"x"}) },
		"a post's pictures":    func(s *Store) error { return s.Media.DropPost(ctx, 1) },
		"a hidden post's":      func(s *Store) error { return s.Media.LetGoPost(ctx, 1) },
		"an actor's pictures":  func(s *Store) error { return s.Media.DropActor(ctx, 1) },
		"an account's copies":  func(s *Store) error { return s.Media.LetGoBlocked(ctx, &Block{ActorID: 1}, 1) },
		"a block's reactions":  func(s *Store) error { return s.Reactions.RemoveBlocked(ctx, &Block{ActorID: 1}, 1) },
		"a feed ended":         func(s *Store) error { return s.Plans.RemoveFeed(ctx, 1, 1) },
		"caught up":            func(s *Store) error { return s.Posts.CaughtUp(ctx, Behind{1, 1}) },
		"a field checked":      func(s *Store) error { return s.Profiles.Checked(ctx, 1, "x", true, noon) },
		"a profile forgotten":  func(s *Store) error { return s.Profiles.Forget(ctx, 1) },
		"first no longer":      func(s *Store) error { return second(s.Profiles.Unfeature(ctx, 1)) },
		"a reaction undone":    func(s *Store) error { return s.Reactions.Remove(ctx, 1, ReactionLike, 1) },
	}
	check := func(name string, run func() error, queries *[]planned) {
		*queries = nil
		if err := run(); err != nil && !errors.Is(err, ErrNotFound) {
			t.Fatalf("%s: %v", name, err)
		}
		if len(*queries) == 0 {
			t.Errorf("%s: no query was seen", name)
		}
		for _, q := range slices.Clone(*queries) {
			if found, plan := scans(t, s, q.sql, q.args...); len(found) > 0 {
				t.Errorf("%s reads a whole table: %v\n%s\n%s", name, found, q.sql, strings.Join(plan, "\n"))
			}
		}
	}
	var queries []planned
	watchAll(t, s, &queries)
	for name, read := range reads {
		check(name, func() error { return read(s) }, &queries)
	}
	for name, write := range writes {
		check(name, func() error { return s.InTx(ctx, func(tx *Store) error { return write(tx) }) }, &queries)
	}
	for _, what := range []string{"= 1", "IN (SELECT talk_id FROM appearances WHERE person_id = 1)", "IN (SELECT id FROM talks WHERE conference_id = 1)"} {
		if found, plan := scans(t, s, "SELECT post_id, 1 FROM talk_articles WHERE talk_id "+what); len(found) > 0 {
			t.Errorf("what falls behind, talks %s, is found by reading a whole table: %v\n%s", what, found, strings.Join(plan, "\n"))
		}
	}
	for name, mutant := range map[string]string{
		"no index":                  "SELECT * FROM posts WHERE title = 'x'",
		"an index that says little": "SELECT * FROM posts WHERE kind = 'article' AND state = 'published' AND title = 'x'",
		"an order of its own":       "SELECT * FROM posts WHERE kind = 'article' ORDER BY title LIMIT 1",
	} {
		if found, plan := scans(t, s, mutant); len(found) == 0 {
			t.Errorf("the check can't fail: it takes a query with %s: %v", name, plan)
		}
	}
}

// A limit ends a walk only when most of what is met belongs to the list.
func TestAListStartsWhereItBelongs(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	var queries []planned
	watchAll(t, s, &queries)
	page := Page{Before: &Cursor{noon, 9}, Limit: 20}
	tests := []struct {
		name, want, without string
		read                func() error
	}{
		{"home", "published_at<?", "TEMP B-TREE", func() error { return second(s.Posts.Articles(ctx, page)) }},
		{"profile", "actor_id=? AND state=? AND published_at<?", "TEMP B-TREE", func() error { return second(s.Posts.ArticlesBy(ctx, 1, page)) }},
		{"tag", "tag_lc=?", "posts_newest", func() error { return second(s.Posts.ArticlesTagged(ctx, "go", page)) }},
		{"thread", "root_id=?", "TEMP B-TREE", func() error { return second(s.Posts.Thread(ctx, Viewer{}, 1)) }},
		{"own writing", "account_id=?", "TEMP B-TREE", func() error { return second(s.Posts.WrittenBy(ctx, 1, 20)) }},
		{"followers", "target_id=? AND state=? AND id<?", "TEMP B-TREE", func() error { return second(s.Follows.FollowersIn(ctx, 1, FollowAccepted, 9, 20)) }},
		{"who waits", "target_id=? AND state=?", "TEMP B-TREE", func() error { return second(s.Follows.FollowersIn(ctx, 1, FollowPending, 0, 20)) }},
		{"due in a chain", "deliveries_chain (chain=?", "SCAN", func() error { return second(s.Deliveries.Due(ctx, "a.example", noon, 4)) }},
		{"due", "order_key=?", "SCAN", func() error { return second(s.Deliveries.Due(ctx, "a.example", noon, 4)) }},
		{"a page of one's own", "readings_newest (account_id=? AND at<?)", "TEMP B-TREE", func() error {
			return second(s.Readings.Page(ctx, Viewer{AccountID: 1, ActorID: 1}, page.Before, 20))
		}},
		{"lanes", "next_due<?", "TEMP B-TREE", func() error { return second(s.Deliveries.LanesDue(ctx, noon)) }},
	}
	for _, tt := range tests {
		queries = nil
		if err := tt.read(); err != nil {
			t.Fatal(err)
		}
		_, plan := scans(t, s, queries[0].sql, queries[0].args...)
		if got := strings.Join(plan, "; "); !strings.Contains(got, tt.want) || strings.Contains(got, tt.without) {
			t.Errorf("%s: %s; want %s and no %s", tt.name, got, tt.want, tt.without)
		}
	}
}

// planned is a query that went by, with its values.
type planned struct {
	sql  string
	args []any
}

func watchAll(t *testing.T, s *Store, queries *[]planned) {
	t.Helper()
	record := func(sql string, args []any) {
		if !strings.HasPrefix(sql, "EXPLAIN") {
			*queries = append(*queries, planned{sql, slices.Clone(args)})
		}
	}
	for _, target := range []*gorm.DB{s.db, s.writer.db} {
		if err := watch(target, record); err != nil {
			t.Fatal(err)
		}
		for _, processor := range []interface {
			Register(string, func(*gorm.DB)) error
		}{target.Callback().Update().After("gorm:update"), target.Callback().Delete().After("gorm:delete")} {
			if err := processor.Register("watch", func(db *gorm.DB) { record(db.Statement.SQL.String(), db.Statement.Vars) }); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }
