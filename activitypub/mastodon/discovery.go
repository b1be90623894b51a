package mastodon

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

var discoveryRules = []Rule{
	{1, "WebFinger answers with a subject and a self link of an ActivityPub type", webFinger, nil, func(t *thing) string {
		return first(unless(t.answer.Status == http.StatusOK, "status %d", t.answer.Status),
			unless(t.doc.text("subject") != "", "no subject"),
			unless(selfLink(t.doc) != "", "no self link that Mastodon knows"))
	}},
	{1, "host-meta leads to WebFinger, which Mastodon asks for where that is a 404", hostMeta, nil, func(t *thing) string {
		template := lrdd(t.answer.Body)
		there := t.get(strings.ReplaceAll(template, "{uri}", url.QueryEscape("acct:"+t.address)), acceptFinger)
		return first(unless(t.answer.Status == http.StatusOK, "status %d", t.answer.Status),
			unless(strings.Contains(template, "{uri}"), "no lrdd template in %.200s", t.answer.Body),
			unless(there.Status == http.StatusOK, "its template leads to status %d", there.Status))
	}},
	{1, "a 410 from WebFinger, and nothing else, says that an account was deleted", departed, nil, func(t *thing) string {
		return unless(t.answer.Status == http.StatusGone, "status %d", t.answer.Status)
	}},
	{2, "WebFinger, asked for the address that the actor names, names that address and has the actor's id as self link, byte for byte", actor, nil, func(t *thing) string {
		return t.backCheck(t.doc)
	}},
	{3, "neither actor nor address has a port, and https is spoken", actor, nil, func(t *thing) string {
		id, err := url.Parse(t.doc.text("id"))
		if err != nil {
			return err.Error()
		}
		_, host := addressOf(t.doc)
		return first(unless(id.Scheme == "https" && id.Port() == "", "the id is %s", id), unless(!strings.Contains(host, ":"), "the address is on %s", host))
	}},
	{4, "a name is of letters, digits and underscores, with dots and dashes between them", actor, nil, func(t *thing) string {
		name := t.doc.text("preferredUsername")
		return unless(username.MatchString(name) && len(name) <= 2048, "preferredUsername is %q", name)
	}},
}

var username = regexp.MustCompile(`(?i)^[a-z0-9_]+([.-]+[a-z0-9_]+)*$`)

// addressOf is the address that an actor goes by: `webfinger` (FEP-2c59), else
// preferredUsername at the host of its id, without a port.
func addressOf(actor doc) (address, host string) {
	address = strings.TrimPrefix(strings.TrimPrefix(actor.text("webfinger"), "acct:"), "@")
	if address == "" {
		id, err := url.Parse(actor.text("id"))
		if err != nil {
			return "", ""
		}
		address = actor.text("preferredUsername") + "@" + id.Hostname()
	}
	return address, address[strings.LastIndex(address, "@")+1:]
}

// backCheck asks WebFinger whether an actor is who it says. One detour, to another
// address that WebFinger names, is allowed.
func (j *Judge) backCheck(actor doc) string {
	address, host := addressOf(actor)
	var asked []string
	for range 2 {
		finger := parse(j.get(fingerURL(address, host), acceptFinger).Body)
		if finger == nil {
			return "no WebFinger of " + address
		}
		asked = append(asked, address)
		subject := strings.TrimPrefix(finger.text("subject"), "acct:")
		if strings.EqualFold(subject, address) {
			return unless(selfLink(finger) == actor.text("id"), "WebFinger of %s leads to %q", address, selfLink(finger))
		}
		address, host = subject, subject[strings.LastIndex(subject, "@")+1:]
	}
	return fmt.Sprintf("WebFinger names others than it is asked for: %q", append(asked, address))
}

// lrdd is host-meta's template (RFC 6415).
func lrdd(body []byte) string {
	var xrd struct {
		Link []struct {
			Rel      string `xml:"rel,attr"`
			Template string `xml:"template,attr"`
		}
	}
	if xml.Unmarshal(body, &xrd) != nil {
		return ""
	}
	for _, l := range xrd.Link {
		if l.Rel == "lrdd" {
			return l.Template
		}
	}
	return ""
}
