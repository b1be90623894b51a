package doctor

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"confnotes/activitypub"
	"confnotes/activitypub/fetch"
	"confnotes/activitypub/vocab"
)

const (
	// renewal is when a certificate is to be renewed at the latest: Let's Encrypt's are
	// renewed thirty days before they end.
	renewal = 14 * 24 * time.Hour
	// Servers refuse a signature whose date is an hour off, some minutes earlier.
	clockNoticed, clockHarmful = 30 * time.Second, 5 * time.Minute
)

// reach asks the public address for what only a running confnotes answers. It returns no
// answer where the other checks would have none either.
func (d *Doctor) reach(ctx context.Context) (*fetch.Echo, []Finding) {
	at, host := d.iris.Base()+"/healthz", d.iris.Host()
	echo, err := d.client.Probe(ctx, fetch.Probe{Method: http.MethodGet, URL: at, Accept: "*/*"})
	if err != nil {
		return nil, list(unreached(err, d.iris.Base(), host))
	}
	if to := echo.Header.Get("Location"); echo.Status >= 300 && echo.Status < 400 && to != "" {
		return nil, list(movedAway.finding("URL", at, "To", fetch.Printable([]byte(to)), "Status", echo.Status))
	}
	if echo.Status != http.StatusOK || strings.TrimSpace(string(echo.Body)) != "ok" {
		return nil, list(somebodyElse.finding("URL", at, "Status", echo.Status, "Reason", fetch.Printable(echo.Body)))
	}
	found := list(reached.finding("URL", d.iris.Base()))
	if !echo.Until.IsZero() {
		found = append(found, certificate(host, echo.Until, d.now()))
	}
	return echo, found
}

// unreached tells apart why no answer came.
func unreached(err error, base, host string) Finding {
	var name *net.DNSError
	var other x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	args := []any{"URL", base, "Host", host, "Reason", why(err)}
	switch {
	case errors.Is(err, fetch.ErrOff):
		return federationOff.finding(args...)
	case errors.Is(err, fetch.ErrRefused):
		return namePrivate.finding(args...)
	case errors.As(err, &name):
		return nameUnknown.finding(args...)
	case errors.As(err, &other):
		return certOther.finding(args...)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return certExpired.finding(args...)
	case errors.As(err, &unknown):
		return certUntrusted.finding(args...)
	}
	return unreachable.finding(args...)
}

func certificate(host string, until, now time.Time) Finding {
	args := []any{"Host", host, "Day", until.UTC().Format(time.DateOnly)}
	if until.Sub(now) < renewal {
		return certifiedBarely.finding(args...)
	}
	return certified.finding(args...)
}

// clock compares a server's clock, as its answer says it, with this machine's.
func (d *Doctor) clock(echo *fetch.Echo, host string) []Finding {
	theirs, err := http.ParseTime(echo.Header.Get("Date"))
	if err != nil {
		return nil
	}
	ours := d.now().UTC()
	off := ours.Sub(theirs).Abs()
	args := []any{"Host", host, "Theirs", theirs.UTC().Format(time.RFC3339), "Ours", ours.Format(time.RFC3339)}
	switch {
	case off > clockHarmful:
		return list(clockWrong.finding(args...))
	case off > clockNoticed:
		return list(clockOff.finding(args...))
	}
	return list(clockRight.finding(args...))
}

// webFinger asks where others ask: the base URL's host, and the domain of our handles.
func (d *Doctor) webFinger(ctx context.Context) []Finding {
	base, err := url.Parse(d.iris.Base())
	if err != nil {
		return nil // NewIRIs has read it
	}
	found := list(d.finger(ctx, base, fingerFails, fingerOther))
	if d.iris.Domain() != d.iris.Host() {
		found = append(found, d.finger(ctx, &url.URL{Scheme: base.Scheme, Host: d.iris.Domain()}, domainFingerFails, domainFingerOther))
	}
	return found
}

// finger asks one host for the instance's own actor, which is always there.
func (d *Doctor) finger(ctx context.Context, at *url.URL, fails, other kind) Finding {
	at = at.JoinPath("/.well-known/webfinger")
	at.RawQuery = url.Values{"resource": {"acct:" + d.iris.Acct(activitypub.InstanceHandle)}}.Encode()
	args := []any{"URL", at.String(), "Host", at.Host, "Base", d.iris.Base()}
	raw, err := d.client.JSON(ctx, at.String(), "application/jrd+json, application/json")
	if err != nil {
		return fails.finding(append(args, "Reason", why(err))...)
	}
	iri, _, err := vocab.ParseWebFinger(raw)
	if err != nil {
		return fails.finding(append(args, "Reason", why(err))...)
	}
	if want := d.iris.Actor(activitypub.InstanceHandle); iri != want {
		return other.finding(append(args, "Got", fetch.Printable([]byte(iri)), "Want", want)...)
	}
	return fingerWorks.finding(args...)
}

// actor fetches the instance's own actor as other servers fetch anybody's.
func (d *Doctor) actor(ctx context.Context) []Finding {
	iri := d.iris.Actor(activitypub.InstanceHandle)
	_, err := d.client.Object(ctx, iri)
	switch {
	case err == nil:
		return list(actorWorks.finding("URL", iri))
	case errors.Is(err, fetch.ErrContentType):
		return list(actorType.finding("URL", iri, "Reason", why(err)))
	}
	return list(actorFails.finding("URL", iri, "Reason", why(err)))
}
