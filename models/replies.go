package models

import "context"

// maxThread bounds what one page shows of a conversation.
const maxThread = 500

// Thread returns the replies under an article that the viewer may see, oldest first.
func (q Posts) Thread(ctx context.Context, v Viewer, rootID int64) ([]*Post, error) {
	return q.ThreadPage(ctx, v, rootID, nil, maxThread)
}

// ThreadPage returns at most limit of them, from after a place in their order.
func (q Posts) ThreadPage(ctx context.Context, v Viewer, rootID int64, after *Cursor, limit int) ([]*Post, error) {
	db := visibleTo(v, q.db.WithContext(ctx)).Omit("Raw").Where("posts.root_id = ? AND posts.kind = ?", rootID, KindReply)
	if after != nil {
		at := after.At.UTC()
		db = db.Where("posts.published_at >= ? AND (posts.published_at > ? OR posts.id > ?)", at, at, after.ID)
	}
	var rows []*Post
	err := db.Order("posts.published_at, posts.id").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// Visible returns which of some published posts the viewer may see.
func (q Posts) Visible(ctx context.Context, v Viewer, ids []int64) (map[int64]bool, error) {
	var seen []int64
	err := visibleTo(v, q.db.WithContext(ctx).Model(&Post{})).Where("posts.id IN ?", ids).Pluck("posts.id", &seen).Error
	visible := make(map[int64]bool, len(seen))
	for _, id := range seen {
		visible[id] = true
	}
	return visible, translate(err)
}

// CountBefore returns how many replies everybody may see in a thread before one of them.
func (q Posts) CountBefore(ctx context.Context, p *Post) (n int64, err error) {
	at := p.PublishedAt.UTC()
	err = readable(q.db.WithContext(ctx).Model(&Post{})).Where("posts.root_id = ? AND posts.kind = ?", p.RootID, KindReply).
		Where("posts.published_at <= ? AND (posts.published_at < ? OR posts.id < ?)", at, at, p.ID).Count(&n).Error
	return n, translate(err)
}

// CountReplies returns how many public replies were written here. The unary plus has SQLite
// start from the accounts: most replies come from elsewhere.
func (q Posts) CountReplies(ctx context.Context) (int64, error) {
	var n int64
	err := listable(q.db.WithContext(ctx).Table("accounts CROSS JOIN posts")).
		Where("posts.account_id = accounts.id AND +posts.kind = ?", KindReply).Count(&n).Error
	return n, translate(err)
}
