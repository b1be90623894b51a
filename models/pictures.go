package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Picture is a picture that one of our authors added. Its files stand in the data
// folder, under its public id.
type Picture struct {
	ID          int64
	PublicID    string
	AccountID   int64
	SHA256      string `gorm:"column:sha256"` // of the file as it came, after "face " where it was made one
	Width       int    // pixels, of the largest variant
	Height      int
	Blurhash    string
	Animated    bool
	CreatedAt   time.Time
	UnusedSince *time.Time       // when the sweep first found no text that shows it
	Variants    []PictureVariant `gorm:"-"` // ascending by width
}

// Names of variants that aren't plain sizes.
const (
	VariantCard  = "card"  // cropped for link cards
	VariantStill = "still" // an animation's first frame
)

// Variant returns the file with a name, and whether there is one.
func (p *Picture) Variant(name string) (PictureVariant, bool) {
	for _, v := range p.Variants {
		if v.Name == name {
			return v, true
		}
	}
	return PictureVariant{}, false
}

// Sizes returns the variants that show the whole picture, ascending by width.
func (p *Picture) Sizes() []PictureVariant {
	return slices.DeleteFunc(slices.Clone(p.Variants), func(v PictureVariant) bool { return v.Name == VariantCard || v.Name == VariantStill })
}

// PictureVariant is a picture in one size.
type PictureVariant struct {
	PictureID int64  `gorm:"primaryKey;autoIncrement:false"`
	Name      string `gorm:"primaryKey"` // nominal width, VariantCard or VariantStill
	MIME      string `gorm:"column:mime"`
	Width     int
	Height    int
	Bytes     int
}

// Roles of a picture in an article.
const (
	RoleCover = "cover"
	RoleText  = "text"
)

// PostPicture is a picture as a published article shows it.
type PostPicture struct {
	PostID    int64 `gorm:"primaryKey;autoIncrement:false"`
	Position  int   `gorm:"primaryKey;autoIncrement:false"`
	PictureID int64
	Role      string
	Alt       string
	Caption   string
	Picture   *Picture `gorm:"-"` // with its variants
}

type revisionPicture struct {
	RevisionID int64 `gorm:"primaryKey;autoIncrement:false"`
	PictureID  int64 `gorm:"primaryKey;autoIncrement:false"`
}

// Pictures queries what authors added to their texts.
type Pictures struct{ db *gorm.DB }

// Create stores a picture with its variants. It returns ErrConflict when the account
// has that file already.
func (q Pictures) Create(ctx context.Context, p *Picture) error {
	db := q.db.WithContext(ctx)
	if err := db.Create(p).Error; err != nil {
		return translate(err)
	}
	for i := range p.Variants {
		p.Variants[i].PictureID = p.ID
	}
	return translate(db.Create(&p.Variants).Error)
}

// ByFile returns an account's picture made of the file with a SHA-256, in hex.
func (q Pictures) ByFile(ctx context.Context, accountID int64, sha256 string) (*Picture, error) {
	p, err := one[Picture](q.db.WithContext(ctx).Where("account_id = ? AND sha256 = ?", accountID, sha256))
	if err != nil {
		return nil, err
	}
	return p, q.load(ctx, []*Picture{p})
}

// ByPublicIDs returns those of the pictures that exist, by public id.
func (q Pictures) ByPublicIDs(ctx context.Context, ids []string) (map[string]*Picture, error) {
	found := make(map[string]*Picture, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var rows []*Picture
	if err := q.db.WithContext(ctx).Where("public_id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	for _, p := range rows {
		found[p.PublicID] = p
	}
	return found, q.load(ctx, rows)
}

// load reads the variants of pictures.
func (q Pictures) load(ctx context.Context, pictures []*Picture) error {
	if len(pictures) == 0 {
		return nil
	}
	byID := make(map[int64]*Picture, len(pictures))
	ids := make([]int64, len(pictures))
	for i, p := range pictures {
		byID[p.ID], ids[i] = p, p.ID
	}
	var rows []PictureVariant
	if err := q.db.WithContext(ctx).Where("picture_id IN ?", ids).Order("picture_id, width, name").Find(&rows).Error; err != nil {
		return translate(err)
	}
	for _, v := range rows {
		byID[v.PictureID].Variants = append(byID[v.PictureID].Variants, v)
	}
	return nil
}

// SetOfRevision records which pictures a saved text names.
func (q Pictures) SetOfRevision(ctx context.Context, revisionID int64, pictureIDs []int64) error {
	if len(pictureIDs) == 0 {
		return nil
	}
	rows := make([]revisionPicture, len(pictureIDs))
	for i, id := range pictureIDs {
		rows[i] = revisionPicture{revisionID, id}
	}
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, batch).Error)
}

// SetOfPost replaces the pictures that a published article shows, in their order.
func (q Pictures) SetOfPost(ctx context.Context, postID int64, pictures []PostPicture) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("post_id = ?", postID).Delete(&PostPicture{}).Error; err != nil || len(pictures) == 0 {
		return translate(err)
	}
	for i := range pictures {
		pictures[i].PostID, pictures[i].Position = postID, i
	}
	return translate(db.CreateInBatches(&pictures, batch).Error)
}

// OfPost returns an article's pictures in their order.
func (q Pictures) OfPost(ctx context.Context, postID int64) ([]PostPicture, error) {
	return q.shown(ctx, q.db.WithContext(ctx).Where("post_id = ?", postID).Order("position"))
}

// Faces returns the faces of those of the actors that have one, by the picture's id.
func (q Pictures) Faces(ctx context.Context, actors ...*Actor) (map[int64]*Picture, error) {
	var ids []int64
	for _, a := range actors {
		if a.PictureID != nil {
			ids = append(ids, *a.PictureID)
		}
	}
	faces := make(map[int64]*Picture, len(ids))
	if len(ids) == 0 {
		return faces, nil
	}
	var rows []*Picture
	if err := q.db.WithContext(ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	for _, p := range rows {
		faces[p.ID] = p
	}
	return faces, q.load(ctx, rows)
}

// Covers returns the covers of those articles that have one, by post.
func (q Pictures) Covers(ctx context.Context, postIDs []int64) (map[int64]PostPicture, error) {
	rows, err := q.shown(ctx, q.db.WithContext(ctx).Where("post_id IN ? AND role = 'cover'", postIDs))
	covers := make(map[int64]PostPicture, len(rows))
	for _, r := range rows {
		covers[r.PostID] = r
	}
	return covers, err
}

func (q Pictures) shown(ctx context.Context, db *gorm.DB) ([]PostPicture, error) {
	var rows []PostPicture
	if err := db.Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.PictureID
	}
	var pictures []*Picture
	if err := q.db.WithContext(ctx).Where("id IN ?", ids).Find(&pictures).Error; err != nil {
		return nil, translate(err)
	}
	if err := q.load(ctx, pictures); err != nil {
		return nil, err
	}
	byID := make(map[int64]*Picture, len(pictures))
	for _, p := range pictures {
		byID[p.ID] = p
	}
	for i := range rows {
		rows[i].Picture = byID[rows[i].PictureID]
	}
	return rows, nil
}

// used says whether readers or an author's newest text show a picture. Older texts of
// an article don't count: what was taken out of it is to go.
const used = `(EXISTS (SELECT 1 FROM post_pictures WHERE post_pictures.picture_id = pictures.id)
	OR EXISTS (SELECT 1 FROM actors WHERE actors.picture_id = pictures.id)
	OR EXISTS (SELECT 1 FROM revision_pictures JOIN posts ON posts.head_revision_id = revision_pictures.revision_id
		WHERE revision_pictures.picture_id = pictures.id))`

// MarkUnused notes since when nothing shows a picture, and forgets it for those that
// are shown again. Nothing added after the given time is marked: its text may not be
// saved yet.
func (q Pictures) MarkUnused(ctx context.Context, addedBefore, now time.Time) error {
	db := q.db.WithContext(ctx)
	if err := db.Exec("UPDATE pictures SET unused_since = NULL WHERE unused_since IS NOT NULL AND " + used).Error; err != nil {
		return translate(err)
	}
	return translate(db.Exec("UPDATE pictures SET unused_since = ? WHERE unused_since IS NULL AND created_at < ? AND NOT "+used,
		now.UTC(), addedBefore.UTC()).Error)
}

// DeleteUnused deletes at most limit pictures that nothing has shown since before a
// time, and returns their public ids, under which their files stand.
func (q Pictures) DeleteUnused(ctx context.Context, before time.Time, limit int) ([]string, error) {
	db := q.db.WithContext(ctx)
	var rows []*Picture
	err := db.Where("unused_since < ? AND NOT "+used, before.UTC()).Order("unused_since").Limit(limit).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	ids, publicIDs := make([]int64, len(rows)), make([]string, len(rows))
	for i, p := range rows {
		ids[i], publicIDs[i] = p.ID, p.PublicID
	}
	for _, sql := range []string{
		"DELETE FROM revision_pictures WHERE picture_id IN ?", // of older texts
		"DELETE FROM picture_variants WHERE picture_id IN ?",
		"DELETE FROM pictures WHERE id IN ?",
	} {
		if err := db.Exec(sql, ids).Error; err != nil {
			return nil, translate(err)
		}
	}
	return publicIDs, nil
}

// Missing returns those of the public ids that no picture has.
func (q Pictures) Missing(ctx context.Context, publicIDs []string) ([]string, error) {
	var known []string
	if err := q.db.WithContext(ctx).Model(&Picture{}).Where("public_id IN ?", publicIDs).Pluck("public_id", &known).Error; err != nil {
		return nil, translate(err)
	}
	have := make(map[string]bool, len(known))
	for _, id := range known {
		have[id] = true
	}
	var missing []string
	for _, id := range publicIDs {
		if !have[id] {
			missing = append(missing, id)
		}
	}
	return missing, nil
}
