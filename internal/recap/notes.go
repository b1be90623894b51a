package recap

import (
	"context"
	"strconv"

	"confnotes/models"
)

// shownTalk is a talk with what its line shows.
type shownTalk struct {
	*models.Talk
	resources  []models.Resource
	conference *models.Conference
}

func (t *shownTalk) line(language string) string {
	return TalkLine(t.Talk, t.resources, t.conference.Location(), language)
}

// talks reads talks with what their lines show, in a few queries however many they are.
func talks(ctx context.Context, store *models.Store, ids []int64) (map[int64]*shownTalk, error) {
	found, err := store.Talks.ByIDs(ctx, ids)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	resources, err := store.Talks.Resources(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var of []int64
	for _, t := range found {
		of = append(of, t.ConferenceID)
	}
	conferences, err := store.Conferences.ByIDs(ctx, of)
	shown := make(map[int64]*shownTalk, len(found))
	for id, t := range found {
		shown[id] = &shownTalk{t, resources[id], conferences[t.ConferenceID]}
	}
	return shown, err
}

// note is a note of the recap's author that stands in it.
type note struct {
	post     *models.Post
	revision int64 // that is shown
	text     models.RevisionText
	talk     *shownTalk // nil: it is on none
}

// shown is what of a note a section shows. What wasn't published alone is there whole.
func (n *note) shown(s Section, before map[int64]models.RecapNote) models.RecapNote {
	if was, ok := before[n.post.ID]; ok {
		return was
	}
	return models.RecapNote{NoteID: n.post.ID, RevisionID: n.revision, Whole: s.Whole || n.post.State != models.PostPublished}
}

// title is what stands above the note.
func (n *note) title() string {
	if n.text.Title == "" && n.talk != nil {
		return n.talk.Title
	}
	return n.text.Title
}

// blocks are the heading, the talk line, the takeaway, and the text or the way to it.
func (n *note) blocks(language string, whole bool, page string) []string {
	blocks := []string{"## " + escape(n.title())}
	if n.talk != nil {
		blocks = append(blocks, n.talk.line(language))
	}
	blocks = append(blocks, takeaway(n.text.Takeaway))
	if whole {
		return append(blocks, embed(n.text.Source, "n"+strconv.FormatInt(n.post.ID, 10)+"-"))
	}
	return append(blocks, "["+escape(words(language).T("recap.read"))+"]("+escapeURL(page)+")")
}

// forFewerThan says whether a note is for its author's followers alone, and a recap isn't.
func (n *note) forFewerThan(recap string) bool {
	visibility := n.post.Visibility
	if n.post.State == models.PostDraft {
		visibility = n.text.Visibility
	}
	return visibility == models.VisibilityFollowers && recap != models.VisibilityFollowers
}

// readNotes reads the notes that sections name, those of the recap's author alone, and
// none for fewer people than the recap: in the revisions that the recap shows already, else the published ones, else the newest.
func readNotes(ctx context.Context, store *models.Store, a Article, sections []Section) (map[string]*note, error) {
	var names []string
	for _, s := range sections {
		if s.Note != "" {
			names = append(names, s.Note)
		}
	}
	posts, err := store.Posts.ByPublicIDs(ctx, a.ActorID, names)
	if err != nil || len(posts) == 0 {
		return nil, err
	}
	notes := make(map[string]*note, len(posts))
	var revisions, talkIDs []int64
	for name, p := range posts {
		n := &note{post: p}
		switch was, ok := a.Shown[p.ID]; {
		case ok:
			n.revision = was.RevisionID
		case p.PublishedRevisionID != nil:
			n.revision = *p.PublishedRevisionID
		case p.HeadRevisionID != nil:
			n.revision = *p.HeadRevisionID
		default:
			continue
		}
		notes[name], revisions = n, append(revisions, n.revision)
		if p.TalkID != nil {
			talkIDs = append(talkIDs, *p.TalkID)
		}
	}
	texts, err := store.Revisions.Texts(ctx, revisions)
	if err != nil {
		return nil, err
	}
	on, err := talks(ctx, store, talkIDs)
	for name, n := range notes {
		if n.text = texts[n.revision]; n.forFewerThan(a.Text.Visibility) {
			delete(notes, name)
			continue
		}
		if n.post.TalkID != nil {
			n.talk = on[*n.post.TalkID]
		}
	}
	return notes, err
}
