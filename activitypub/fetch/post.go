package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"confnotes/activitypub/signature"
)

const (
	maxReason     = 200 // characters
	maxRetryAfter = 365 * 24 * time.Hour
)

// Result is an inbox's answer to a delivery.
type Result struct {
	Status     int
	RetryAfter time.Duration // zero if the answer named none
	Reason     string        // the first 200 or so printable characters of the answer
}

// Delivery is an activity on its way to an inbox.
type Delivery struct {
	Inbox string
	Body  []byte
	Keys  signature.Keys // of its actor
	// ListsEd25519: actors of the inbox's server have an Ed25519 key themselves.
	ListsEd25519 bool
	// Synchronization goes with it as the header of FEP-8fcf; "" for none.
	Synchronization string
}

// Post makes one attempt to deliver, though a host that refuses a signature is shown
// another: see knock. It follows no redirect: a 3xx is an answer like any other, and
// a failure. An error means that no answer came, or that the request was never made.
func (c *Client) Post(ctx context.Context, d Delivery) (Result, error) {
	if c.opts.Off {
		return Result{}, ErrOff
	}
	ctx, cancel := context.WithTimeout(ctx, c.limits.total)
	defer cancel()
	at, err := c.parseTarget(d.Inbox)
	if err != nil {
		return Result{}, fmt.Errorf("deliver: %w", err)
	}
	resp, err := c.knock(at.url.Host, d.ListsEd25519 && d.Keys.Ed25519.Private != nil, func(form signature.Form) (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, at.url.String(), bytes.NewReader(d.Body))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/activity+json")
		r.Header.Set("Accept", acceptActivity)
		r.Header.Set("User-Agent", c.opts.UserAgent)
		if d.Synchronization != "" {
			r.Header.Set(signature.Synchronization, d.Synchronization)
		}
		if err := signature.Sign(r, d.Body, d.Keys, form, c.opts.Now()); err != nil {
			return nil, err
		}
		return c.transport.RoundTrip(r)
	})
	if err != nil {
		return Result{}, fmt.Errorf("deliver to %s: %w", at.text, err)
	}
	defer resp.Body.Close()
	// The status is what counts. The text is for the log: a peer that drips it
	// doesn't hold the worker, and what can't be read is lost.
	defer time.AfterFunc(c.limits.reason, cancel).Stop()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, c.limits.reasonBytes))
	return Result{Status: resp.StatusCode, RetryAfter: c.retryAfter(resp.Header), Reason: printable(string(text))}, nil
}

// retryAfter reads both forms of https://www.rfc-editor.org/rfc/rfc9110#name-retry-after.
func (c *Client) retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 63); err == nil {
		return time.Duration(min(seconds, uint64(maxRetryAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(c.opts.Now()), 0), maxRetryAfter)
}

// printable makes a stranger's text fit for a log line and a page: one line,
// without control and format characters.
func printable(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar })
	line := []rune(strings.Join(words, " "))
	return string(line[:min(len(line), maxReason)])
}
