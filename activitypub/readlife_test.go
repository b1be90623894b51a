package activitypub

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

func TestWhatIsOnlyReadGoes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		does  func(l *lectern, p *models.Post)
		wait  time.Duration
		stays int
	}{
		"read, within a month": {nil, readLife - time.Hour, 1},
		"read, a month ago":    {nil, readLife + time.Hour, 0},
		"answered": {func(l *lectern, p *models.Post) {
			l.must(second(l.outbox.Answer(l.ctx(), Answer{Account: l.gwen, To: p, ClientID: newClientID(), Source: "Yes.", Language: "en"})))
		}, readLife + time.Hour, 2},
		"liked": {func(l *lectern, p *models.Post) { l.must(l.outbox.React(l.ctx(), l.gwen, p, models.ReactionLike)) }, readLife + time.Hour, 1},
		"its like taken back": {func(l *lectern, p *models.Post) {
			l.must(l.outbox.React(l.ctx(), l.gwen, p, models.ReactionLike))
			l.must(l.outbox.Unreact(l.ctx(), l.gwen, p, models.ReactionLike))
		}, readLife + time.Hour, 0},
		"answered from elsewhere":   {func(l *lectern, p *models.Post) { l.creates(l.mallory, l.mallory.note(*p.URI, "me too")) }, readLife + time.Hour, 0},
		"of whom one still follows": {func(l *lectern, _ *models.Post) { l.must(l.outbox.Unfollow(l.ctx(), l.hugo, l.actorOf(l.alice))) }, time.Hour, 1},
		"of whom nobody follows any more": {func(l *lectern, _ *models.Post) {
			l.must(l.outbox.Unfollow(l.ctx(), l.hugo, l.actorOf(l.alice)))
			l.must(l.outbox.Unfollow(l.ctx(), l.gwen, l.actorOf(l.alice)))
		}, time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLectern(t)
			note := l.creates(l.alice, l.alice.top("x", "attachment", []any{attachment(l.peer.base+"/x.jpg", "a hall")}))
			post, err := l.store.Posts.ByURI(t.Context(), note["id"].(string))
			l.must(err)
			if c.does != nil {
				c.does(l, post)
			}
			l.clock.move(c.wait)
			l.upkeep()
			if got := l.count("posts"); got != c.stays {
				t.Errorf("%d posts are left, want %d", got, c.stays)
			}
			if c.stays == 0 && l.count("remote_media WHERE post_id <> 0 AND state <> 'gone'") != 0 {
				t.Error("its pictures are kept")
			}
			l.must(l.store.Ping(t.Context()))
		})
	}
}

func TestOneWhoWritesALotFillsNoDisk(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	for i := range 5 {
		l.creates(l.alice, l.alice.top(fmt.Sprint(i), "published", fmt.Sprintf("2026-06-11T18:0%d:00Z", i)))
	}
	l.inTx(func(tx *models.Store) error { return tx.Readings.Prune(l.ctx(), l.clock.now().Add(-readLife), 3) })
	l.reads(l.gwen, "4", "3", "2")
	l.must(NewUpkeep(l.store, l.outbox, l.inbox.log, l.clock.now).letGo(t.Context()))
	if got := l.count("posts"); got != 3 {
		t.Errorf("%d posts are kept", got)
	}
}

func TestPicturesOfWhatIsReadAreOurCopies(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	for _, path := range []string{"/cover.png", "/hall.png", "/attached.png"} {
		l.peer.handle(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(pngOf(t, 40, 30))
		})
	}
	b := l.peer.base
	note := l.creates(l.alice, l.alice.top(`<p>Look</p><figure><img src="`+b+`/hall.png" alt="The hall"></figure><img src="`+b+`/hall.png"><img src="data:x"><img src="/relative.png">`, "type", "Article", "name", "Day one",
		"image", map[string]any{"type": "Image", "url": b + "/cover.png", "name": "Gulls"}, "attachment", []any{map[string]any{"type": "Image", "url": b + "/attached.png"}}))
	l.runErrands()
	post, err := l.store.Posts.ByURI(t.Context(), note["id"].(string))
	l.must(err)
	rows, err := l.store.Media.Attached(t.Context(), []int64{post.ID})
	l.must(err)
	var got []string
	for _, m := range rows[post.ID] {
		got = append(got, strings.TrimPrefix(m.URL, b)+" "+m.Alt+" "+m.State)
	}
	l.same("pictures", got, "/cover.png Gulls kept", "/hall.png The hall kept", "/attached.png  kept")
	if want := `<p>Look</p><hr class="picture-1">`; post.HTML != want {
		t.Errorf("the text is %q", post.HTML)
	}
}
