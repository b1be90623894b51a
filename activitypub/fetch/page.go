package fetch

import (
	"context"
	"fmt"
	"mime"
)

// Page fetches a web page, unsigned as browsers do, at most 1 MB of HTML.
func (c *Client) Page(ctx context.Context, url string) ([]byte, error) {
	if c.opts.Off {
		return nil, ErrOff
	}
	ctx, cancel := context.WithTimeout(ctx, c.limits.total)
	defer cancel()
	at, err := c.parseTarget(url)
	if err != nil {
		return nil, fmt.Errorf("fetch page: %w", err)
	}
	got, err := c.get(ctx, at, question{accept: "text/html, application/xhtml+xml", accepts: isPage, bytes: c.limits.bytes})
	if err != nil {
		return nil, fmt.Errorf("fetch page: %w", err)
	}
	return got.body, nil
}

func isPage(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "text/html" || kind == "application/xhtml+xml")
}
