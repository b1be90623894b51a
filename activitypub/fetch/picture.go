package fetch

import (
	"context"
	"mime"
	"slices"
)

// pictureTypes are what Mastodon takes, too. SVG isn't among them: it may hold scripts.
var pictureTypes = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

// Picture fetches a picture, unsigned as other servers do: what is behind the URL may be
// anybody's file. It is whatever was sent under a picture's content type, at most 8 MB,
// and not yet known to be a picture.
func (c *Client) Picture(ctx context.Context, url string) ([]byte, error) {
	return c.unsigned(ctx, "picture", url, question{accept: "image/webp, image/png, image/jpeg, image/gif", accepts: isPicture, bytes: c.limits.pictureBytes})
}

func isPicture(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && slices.Contains(pictureTypes, kind)
}
