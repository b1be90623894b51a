// Package activitypub is federation with effects: what comes in, what goes out,
// the actors and documents that other servers read.
package activitypub

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"confnotes/activitypub/vocab"
	"confnotes/internal/account"
	"confnotes/models"
)

// InstanceHandle names the Application actor that signs GETs for the whole server.
const InstanceHandle = account.InstanceHandle

var (
	handlePattern = regexp.MustCompile(`^[a-z0-9_]{2,30}$`)
	idPattern     = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)
	// authorityPattern is a host in ASCII, or an IPv6 address, and perhaps a port.
	authorityPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$`)
	schemePort       = map[string]string{"https": ":443", "http": ":80"}
)

// IRIs alone builds and parses our IRIs and page URLs, from the configured base,
// never from a request's Host.
type IRIs struct {
	base   *url.URL
	domain string
}

// NewIRIs takes the base URL, scheme and authority only, and the domain that
// stands in handles; empty, that is the base's authority. A scheme's own port is left
// out, as other servers do: ids are compared byte for byte.
func NewIRIs(baseURL, accountDomain string) (*IRIs, error) {
	u, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	u.Host = strings.TrimSuffix(strings.ToLower(u.Host), schemePort[u.Scheme])
	base := &url.URL{Scheme: u.Scheme, Host: u.Host}
	if schemePort[u.Scheme] == "" || !authorityPattern.MatchString(u.Host) || strings.TrimSuffix(u.String(), "/") != base.String() {
		return nil, fmt.Errorf("base URL %q: give scheme and host alone, such as https://notes.example", baseURL)
	}
	domain := cmp.Or(strings.ToLower(accountDomain), u.Host)
	if !authorityPattern.MatchString(domain) {
		return nil, fmt.Errorf("account domain %q: give a domain alone, such as notes.example", accountDomain)
	}
	return &IRIs{base, domain}, nil
}

// Base is the base URL without a slash at its end.
func (i *IRIs) Base() string { return i.base.String() }

// Domain stands in our handles.
func (i *IRIs) Domain() string { return i.domain }

// Host is the base URL's authority.
func (i *IRIs) Host() string { return i.base.Host }

// Secure says whether we are reached over https.
func (i *IRIs) Secure() bool { return i.base.Scheme == "https" }

// Authorities are the Host values that a signed request to us may carry: servers
// leave out a port, or don't.
func (i *IRIs) Authorities() []string {
	if i.base.Port() == "" {
		return []string{i.base.Host, i.base.Host + schemePort[i.base.Scheme]}
	}
	return []string{i.base.Host, i.base.Hostname()}
}

func (i *IRIs) to(parts ...string) string { return i.Base() + "/" + strings.Join(parts, "/") }

// Actor is the id of one of our actors.
func (i *IRIs) Actor(handle string) string { return i.to("users", strings.ToLower(handle)) }

// Key is the id of an actor's RSA key.
func (i *IRIs) Key(handle string) string { return i.Actor(handle) + "#main-key" }

// Ed25519Key is the id of an actor's Ed25519 key.
func (i *IRIs) Ed25519Key(handle string) string { return i.Actor(handle) + "#ed25519-key" }

// Inbox is an actor's own inbox.
func (i *IRIs) Inbox(handle string) string { return i.Actor(handle) + "/inbox" }

// SharedInbox serves every actor here.
func (i *IRIs) SharedInbox() string { return i.to("inbox") }

// Outbox lists what an actor published.
func (i *IRIs) Outbox(handle string) string { return i.Actor(handle) + "/outbox" }

// Followers lists who follows an actor.
func (i *IRIs) Followers(handle string) string { return i.Actor(handle) + "/followers" }

// FollowersSynchronization lists an actor's followers at the server of whoever asks
// (FEP-8fcf).
func (i *IRIs) FollowersSynchronization(handle string) string {
	return i.Actor(handle) + "/followers_synchronization"
}

// Following lists whom an actor follows.
func (i *IRIs) Following(handle string) string { return i.Actor(handle) + "/following" }

// Featured lists what an actor put first.
func (i *IRIs) Featured(handle string) string { return i.Actor(handle) + "/featured" }

// FeaturedTags lists the hashtags that an actor put first.
func (i *IRIs) FeaturedTags(handle string) string { return i.Actor(handle) + "/tags" }

// Article is the id of an article.
func (i *IRIs) Article(publicID string) string { return i.to("articles", publicID) }

// Replies, Likes, Shares and Conversation are collections that belong to an article.
func (i *IRIs) Replies(publicID string) string { return i.Article(publicID) + "/replies" }

// Likes counts who liked an article.
func (i *IRIs) Likes(publicID string) string { return i.Article(publicID) + "/likes" }

// Shares counts who boosted an article.
func (i *IRIs) Shares(publicID string) string { return i.Article(publicID) + "/shares" }

// Conversation lists everything under an article, the article first.
func (i *IRIs) Conversation(publicID string) string { return i.Article(publicID) + "/conversation" }

// Note is the id of a reply that one of ours wrote.
func (i *IRIs) Note(publicID string) string { return i.to("notes", publicID) }

// Quote is the id of the authorization by which somebody quotes an article.
func (i *IRIs) Quote(publicID string) string { return i.to("quotes", publicID) }

// Talk is the id of a talk, as an event.
func (i *IRIs) Talk(publicID string) string { return i.to("talks", publicID) }

// Event is the id of a conference, as an event; its Group has another.
func (i *IRIs) Event(handle string) string { return i.Actor(handle) + "/event" }

// Post is the id of what is written, here or elsewhere.
func (i *IRIs) Post(p *models.Post) string {
	switch {
	case !p.Local:
		return *p.URI
	case p.Kind == models.KindReply:
		return i.Note(*p.PublicID)
	}
	return i.Article(*p.PublicID)
}

// Activity is the id of something an actor of ours did.
func (i *IRIs) Activity(publicID string) string { return i.to("activities", publicID) }

// Home is the front page.
func (i *IRIs) Home() string { return i.Base() + "/" }

// Interact is where other servers send one of ours to act on something, whose id follows.
func (i *IRIs) Interact() string { return i.Base() + "/authorize_interaction?uri=" }

// ProfilePage is where people read about an actor.
func (i *IRIs) ProfilePage(handle string) string { return i.to("@" + strings.ToLower(handle)) }

// ConferencePage is where people read about a conference or a series.
func (i *IRIs) ConferencePage(handle string) string {
	return i.to("conferences", strings.ToLower(handle))
}

// TalkPage is where people read about a talk.
func (i *IRIs) TalkPage(handle, slug string) string {
	return i.ConferencePage(handle) + "/talks/" + url.PathEscape(slug)
}

// ActorPage is where people read about one of our actors.
func (i *IRIs) ActorPage(a *models.Actor) string {
	switch {
	case a.HandleLC == InstanceHandle:
		return i.Home() // nobody reads about the server itself
	case a.Kind == models.ActorGroup:
		return i.ConferencePage(a.HandleLC)
	}
	return i.ProfilePage(a.HandleLC)
}

// ArticlePage is where people read an article.
func (i *IRIs) ArticlePage(handle, slug string) string {
	return i.ProfilePage(handle) + "/" + url.PathEscape(slug)
}

// TagPage lists the articles with a hashtag.
func (i *IRIs) TagPage(tag string) string {
	return i.to("tags", url.PathEscape(strings.ToLower(tag)))
}

// ArticleCard is the picture that we draw for links to an article without a cover, in
// the version that a hash names.
func (i *IRIs) ArticleCard(publicID, hash string) string { return i.card("articles/"+publicID, hash) }

// ProfileCard is the picture for links to an actor's page.
func (i *IRIs) ProfileCard(handle, hash string) string { return i.card("people/"+handle, hash) }

// TagCard is the picture for links to a hashtag's page.
func (i *IRIs) TagCard(tag, hash string) string {
	return i.card("tags/"+url.PathEscape(strings.ToLower(tag)), hash)
}

// HomeCard is the picture for links to the front page.
func (i *IRIs) HomeCard(hash string) string { return i.card("home", hash) }

func (i *IRIs) card(of, hash string) string { return i.to("cards", of+"."+hash+".png") }

// Copy is where the file of our copy of a stranger's picture is.
func (i *IRIs) Copy(publicID, file string) string { return i.to("media", "copies", publicID, file) }

// Acct is an actor's address without a leading "@": gwen@notes.example.
func (i *IRIs) Acct(handle string) string { return strings.ToLower(handle) + "@" + i.domain }

// Kinds of what one of our IRIs names.
const (
	RefActor     = "actor"
	RefFollowers = "followers"
	RefArticle   = "article"
	RefNote      = "note"
	RefActivity  = "activity"
	RefTalk      = "talk"
	RefEvent     = "event" // of a conference
)

// Ref is what one of our ids names: a handle, or a public id.
type Ref struct{ Kind, Name string }

// ErrForeign: the IRI is not one of ours.
var ErrForeign = errors.New("not one of our ids")

// Parse is the inverse of Actor, Followers, Event, Article, Note, Activity and Talk.
func (i *IRIs) Parse(iri string) (Ref, error) {
	rest, ok := strings.CutPrefix(iri, i.Base()+"/")
	if !ok {
		return Ref{}, ErrForeign
	}
	rest, _, _ = strings.Cut(rest, "#")
	switch p := strings.Split(rest, "/"); {
	case len(p) == 2 && p[0] == "users" && handlePattern.MatchString(p[1]):
		return Ref{RefActor, p[1]}, nil
	case len(p) == 3 && p[0] == "users" && handlePattern.MatchString(p[1]) && p[2] == "followers":
		return Ref{RefFollowers, p[1]}, nil
	case len(p) == 3 && p[0] == "users" && handlePattern.MatchString(p[1]) && p[2] == "event":
		return Ref{RefEvent, p[1]}, nil
	case len(p) == 2 && p[0] == "talks" && idPattern.MatchString(p[1]):
		return Ref{RefTalk, p[1]}, nil
	case len(p) == 2 && p[0] == "articles" && idPattern.MatchString(p[1]):
		return Ref{RefArticle, p[1]}, nil
	case len(p) == 2 && p[0] == "notes" && idPattern.MatchString(p[1]):
		return Ref{RefNote, p[1]}, nil
	case len(p) == 2 && p[0] == "activities" && idPattern.MatchString(p[1]):
		return Ref{RefActivity, p[1]}, nil
	}
	return Ref{}, ErrForeign
}

// ActorAt returns the handle of one of ours whose id, profile or conference an address is.
func (i *IRIs) ActorAt(address string) (string, bool) {
	if ref, err := i.Parse(address); err == nil && ref.Kind == RefActor {
		return ref.Name, true
	}
	for _, page := range []string{i.ProfilePage(""), i.ConferencePage("")} {
		if h, ok := strings.CutPrefix(address, page); ok && handlePattern.MatchString(strings.ToLower(h)) {
			return strings.ToLower(h), true
		}
	}
	return "", false
}

// Ours says whether an IRI leads to this server, whatever it names and however it is
// spelt.
func (i *IRIs) Ours(iri string) bool { return vocab.SameHost(iri, i.Base()) }

// LocalName returns the handle in an address of ours, "gwen@notes.example", with
// or without "@" or "acct:" before it; it knows the account domain and the server's.
func (i *IRIs) LocalName(acct string) (string, bool) {
	acct = strings.TrimPrefix(strings.TrimPrefix(acct, "acct:"), "@")
	user, host, ok := strings.Cut(strings.ToLower(acct), "@")
	if !ok || (host != i.domain && host != i.base.Host) {
		return "", false
	}
	return user, true
}

// posts are the ids of several posts.
func (i *IRIs) posts(posts []*models.Post) []string {
	ids := make([]string, len(posts))
	for n, p := range posts {
		ids[n] = i.Post(p)
	}
	return ids
}
