package models

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// addPicture stores a picture of an account with two variants.
func (s *Store) addPicture(t testing.TB, by *Account, file string) *Picture {
	t.Helper()
	p := &Picture{PublicID: NewPublicID(), AccountID: by.ID, SHA256: file, Width: 960, Height: 640, Blurhash: "LEHV6n", CreatedAt: noon,
		Variants: []PictureVariant{{Name: "480", MIME: "image/jpeg", Width: 480, Height: 320, Bytes: 9}, {Name: "960", MIME: "image/jpeg", Width: 960, Height: 640, Bytes: 20}}}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Pictures.Create(ctx, p) })
	return p
}

// addRevision saves a text that names pictures.
func (s *Store) addRevision(t testing.TB, p *Post, pictures ...int64) {
	t.Helper()
	s.must(t, func(ctx context.Context, tx *Store) error {
		rev := &Revision{PostID: p.ID, BaseNumber: p.LockVersion, Kind: RevisionSaved, CreatedAt: noon, Text: RevisionText{Language: "en"}}
		p.LockVersion++
		return errors.Join(tx.Revisions.Add(ctx, rev), tx.Pictures.SetOfRevision(ctx, rev.ID, pictures))
	})
}

func TestOneFileOfAnAccountIsOnePicture(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen, ada := s.addAccount(t, "gwen", RoleAuthor), s.addAccount(t, "ada", RoleAuthor)
	first := s.addPicture(t, gwen, "f00d")
	err := s.InTx(ctx, func(tx *Store) error {
		return tx.Pictures.Create(ctx, &Picture{PublicID: NewPublicID(), AccountID: gwen.ID, SHA256: "f00d", CreatedAt: noon})
	})
	if !errors.Is(err, ErrConflict) {
		t.Errorf("the same file again: %v, want ErrConflict", err)
	}
	s.addPicture(t, ada, "f00d")
	got, err := s.Pictures.ByFile(ctx, gwen.ID, "f00d")
	if err != nil || got.PublicID != first.PublicID || len(got.Variants) != 2 || got.Variants[0].Name != "480" {
		t.Errorf("by file: %+v, %v", got, err)
	}
}

func TestPicturesOfAnArticleKeepTheirOrderAndOneIsTheCover(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addAccount(t, "gwen", RoleAuthor)
	post, bare := s.addArticle(t, gwen, 0), s.addArticle(t, gwen, 1)
	a, b := s.addPicture(t, gwen, "a"), s.addPicture(t, gwen, "b")
	s.must(t, func(ctx context.Context, tx *Store) error {
		return errors.Join(
			tx.Pictures.SetOfPost(ctx, post.ID, []PostPicture{{PictureID: a.ID, Role: RoleText}}),
			tx.Pictures.SetOfPost(ctx, post.ID, []PostPicture{{PictureID: b.ID, Role: RoleCover, Alt: "the hall"}, {PictureID: a.ID, Role: RoleText}, {PictureID: b.ID, Role: RoleText}}))
	})
	shown, err := s.Pictures.OfPost(ctx, post.ID)
	if err != nil || len(shown) != 3 || shown[0].Picture.PublicID != b.PublicID || shown[1].Picture.PublicID != a.PublicID || len(shown[2].Picture.Variants) != 2 {
		t.Errorf("pictures = %+v, %v", shown, err)
	}
	covers, err := s.Pictures.Covers(ctx, []int64{post.ID, bare.ID})
	if err != nil || len(covers) != 1 || covers[post.ID].Alt != "the hall" || covers[post.ID].Picture.ID != b.ID {
		t.Errorf("covers = %+v, %v", covers, err)
	}
}

func TestWhatNothingShowsGoesAfterAGracePeriod(t *testing.T) {
	t.Parallel()
	const grace = 7 * 24 * time.Hour
	tests := []struct {
		name string
		use  func(t *testing.T, s *Store, p *Post, picture int64)
		goes bool
	}{
		{"never used", func(*testing.T, *Store, *Post, int64) {}, true},
		{"in a published article", func(t *testing.T, s *Store, p *Post, id int64) {
			s.must(t, func(ctx context.Context, tx *Store) error {
				return tx.Pictures.SetOfPost(ctx, p.ID, []PostPicture{{PictureID: id, Role: RoleText}})
			})
		}, false},
		{"in the newest text of a draft", func(t *testing.T, s *Store, p *Post, id int64) { s.addRevision(t, p, id) }, false},
		{"in an older text alone", func(t *testing.T, s *Store, p *Post, id int64) { s.addRevision(t, p, id); s.addRevision(t, p) }, true},
		{"in a deleted article", func(t *testing.T, s *Store, p *Post, id int64) {
			s.addRevision(t, p, id)
			s.must(t, func(ctx context.Context, tx *Store) error {
				return errors.Join(tx.Pictures.SetOfPost(ctx, p.ID, []PostPicture{{PictureID: id, Role: RoleCover}}), tx.Posts.MarkDeleted(ctx, p.ID, noon))
			})
		}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, ctx := newTestStore(t), context.Background()
			gwen := s.addAccount(t, "gwen", RoleAuthor)
			post, picture := s.addArticle(t, gwen, 0), s.addPicture(t, gwen, "a")
			tt.use(t, s, post, picture.ID)
			sweep := func(now time.Time) (gone []string) {
				s.must(t, func(ctx context.Context, tx *Store) (err error) {
					if err = tx.Pictures.MarkUnused(ctx, now.Add(-time.Hour), now); err != nil {
						return err
					}
					gone, err = tx.Pictures.DeleteUnused(ctx, now.Add(-grace), 10)
					return err
				})
				return gone
			}
			if gone := sweep(noon.Add(time.Minute)); len(gone) > 0 {
				t.Fatalf("%v went a minute after it came", gone)
			}
			if gone := sweep(noon.Add(grace)); len(gone) > 0 {
				t.Fatalf("%v went as soon as nothing showed it", gone)
			}
			gone := sweep(noon.Add(2*grace + time.Hour))
			if slices.Contains(gone, picture.PublicID) != tt.goes {
				t.Errorf("gone: %v, want %v", gone, tt.goes)
			}
			missing, err := s.Pictures.Missing(ctx, []string{picture.PublicID})
			if err != nil || (len(missing) == 1) != tt.goes {
				t.Errorf("missing = %v, %v", missing, err)
			}
		})
	}
}

func TestAPictureThatIsShownAgainStays(t *testing.T) {
	t.Parallel()
	s := newTestStore(t)
	gwen := s.addAccount(t, "gwen", RoleAuthor)
	post, picture := s.addArticle(t, gwen, 0), s.addPicture(t, gwen, "a")
	later := noon.Add(30 * 24 * time.Hour)
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Pictures.MarkUnused(ctx, noon.Add(time.Hour), noon.Add(time.Hour))
	})
	s.addRevision(t, post, picture.ID)
	s.must(t, func(ctx context.Context, tx *Store) error {
		gone, err := tx.Pictures.DeleteUnused(ctx, later, 10) // before any sweep has seen that it is used
		if len(gone) > 0 {
			t.Errorf("%v went while a draft shows it", gone)
		}
		return errors.Join(err, tx.Pictures.MarkUnused(ctx, later, later))
	})
	if got, err := s.Pictures.ByFile(context.Background(), gwen.ID, "a"); err != nil || got.UnusedSince != nil {
		t.Errorf("%+v, %v; want no note that it is unused", got, err)
	}
}
