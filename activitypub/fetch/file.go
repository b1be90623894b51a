package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// maxValidator is how much of an ETag or a date is kept: nobody needs more, and it is
// sent back with the next request.
const maxValidator = 512

// File fetches what is at a URL that somebody here gave, of any type, at most 16 MB,
// unsigned: a conference's schedule. With etag and modified, as an earlier answer had
// them, body is nil if nothing has changed since (RFC 9110, section 13.1). It is no
// federation, so it works while that is off; the guard is the same.
func (c *Client) File(ctx context.Context, url, etag, modified string) (body []byte, newETag, newModified string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.limits.total)
	defer cancel()
	at, err := c.parseTarget(url)
	if err != nil {
		return nil, "", "", fmt.Errorf("fetch file: %w", err)
	}
	got, err := c.get(ctx, at, question{accept: "*/*", bytes: c.limits.fileBytes, etag: etag, modified: modified})
	if status, ok := errors.AsType[*StatusError](err); ok && status.Status == http.StatusNotModified && etag+modified != "" {
		return nil, etag, modified, nil
	}
	if err != nil {
		return nil, "", "", fmt.Errorf("fetch file: %w", err)
	}
	return got.body, validator(got.header.Get("ETag")), validator(got.header.Get("Last-Modified")), nil
}

func validator(value string) string {
	if len(value) > maxValidator {
		return ""
	}
	return value
}
