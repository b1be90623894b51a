package activitypub

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
)

// What a reader wants to do from their own server.
const (
	IntentFollow = "Follow"
	IntentReply  = "Create"
)

var (
	// ErrNoServer: what was typed is neither an address nor a server.
	ErrNoServer = errors.New("that is no address of the fediverse")
	// ErrNoWay: the server can't be asked, or doesn't say where to go.
	ErrNoWay = errors.New("the server doesn't say where to go")
)

// Ways to say where a reader acts, the best first: FEP-3b86's intents, and OStatus's
// template, which every server in use knows.
const (
	intentPrefix = "https://w3id.org/fep/3b86/"
	subscribe    = "http://ostatus.org/schema/1.0/subscribe"
)

// Intent returns where somebody who typed their address, "me@server" or any form of it,
// goes to follow an actor of ours or to reply to something of ours on their own server.
// It returns ErrNoServer, and ErrNoWay with the reason.
func (r *Resolver) Intent(ctx context.Context, typed, intent, object string) (string, error) {
	h, err := readAddress(typed)
	if err != nil {
		return "", err
	}
	where := url.URL{Scheme: r.iris.base.Scheme, Host: h.Host, Path: "/.well-known/webfinger",
		RawQuery: url.Values{"resource": {"acct:" + h.User + "@" + h.Host}}.Encode()}
	raw, err := r.client.JSON(ctx, where.String(), "application/jrd+json, application/json")
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoWay, err)
	}
	templates, err := vocab.ParseTemplates(raw)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoWay, err)
	}
	for _, way := range ways(intent) {
		if to, ok := expand(templates[way.rel], way.parameter, object); ok {
			return to, nil
		}
	}
	return "", ErrNoWay
}

type way struct{ rel, parameter string }

func ways(intent string) []way {
	first := way{intentPrefix + IntentFollow, "{object}"}
	if intent == IntentReply {
		first = way{intentPrefix + IntentReply, "{inReplyTo}"}
	}
	return []way{first, {intentPrefix + "Object", "{object}"}, {subscribe, "{uri}"}}
}

// expand fills in a template and leaves its other parameters empty. Only the web is a
// place to go to.
func expand(template, parameter, value string) (string, bool) {
	if !strings.Contains(template, parameter) {
		return "", false
	}
	filled := strings.ReplaceAll(template, parameter, url.QueryEscape(value))
	for {
		before, rest, ok := strings.Cut(filled, "{")
		if !ok {
			break
		}
		_, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", false
		}
		filled = before + after
	}
	u, err := url.Parse(filled)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return "", false
	}
	return u.String(), true
}

// Finger asks somebody's server, by address, for the id of their actor; it stores
// nothing. host is whom it asked. It returns ErrNoServer for what is no address.
func (r *Resolver) Finger(ctx context.Context, address string) (host, iri string, err error) {
	h, err := readAddress(address)
	if err != nil {
		return "", "", err
	}
	iri, _, err = r.askWebFinger(ctx, h)
	return h.Host, iri, err
}

// readAddress takes "@me@server", "me@server", "acct:me@server" and the address of a
// profile, "https://server/@me".
func readAddress(typed string) (richtext.Handle, error) {
	typed = strings.TrimPrefix(strings.TrimSpace(typed), "acct:")
	if u, err := url.Parse(typed); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		user, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/@"), "/")
		typed = user + "@" + u.Host
	}
	found := richtext.Scan("@" + strings.TrimPrefix(typed, "@")).Mentions
	if len(found) != 1 || found[0].Host == "" || !strings.Contains(typed, "@") {
		return richtext.Handle{}, ErrNoServer
	}
	return found[0], nil
}
