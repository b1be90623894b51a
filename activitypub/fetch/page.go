package fetch

import (
	"context"
	"fmt"
	"mime"
)

// Page fetches a web page, unsigned as browsers do, at most 1 MB of HTML.
func (c *Client) Page(ctx context.Context, url string) ([]byte, error) {
	return c.unsigned(ctx, "page", url, question{accept: "text/html, application/xhtml+xml", accepts: isPage, bytes: c.limits.bytes})
}

func isPage(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "text/html" || kind == "application/xhtml+xml")
}

// unsigned fetches what anybody may ask for, while federation is on.
func (c *Client) unsigned(ctx context.Context, what, url string, q question) ([]byte, error) {
	if c.opts.Off {
		return nil, ErrOff
	}
	ctx, cancel := context.WithTimeout(ctx, c.limits.total)
	defer cancel()
	at, err := c.parseTarget(url)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", what, err)
	}
	got, err := c.get(ctx, at, q)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", what, err)
	}
	return got.body, nil
}
