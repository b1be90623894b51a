package doctor

import (
	"context"
	"errors"
	"net/http"

	"confnotes/activitypub"
	"confnotes/activitypub/fetch"
	"confnotes/activitypub/vocab"
)

// elsewhere looks somebody up by address, as a mention of them does, and asks their inbox
// whether it is there. Nothing is sent to it.
func (d *Doctor) elsewhere(ctx context.Context, address string) []Finding {
	host, iri, err := d.resolver.Finger(ctx, address)
	args := []any{"Address", address, "Host", host}
	switch {
	case errors.Is(err, activitypub.ErrNoServer):
		return list(addressOdd.finding(args...))
	case err != nil:
		return list(theirFinger.finding(append(args, "Reason", why(err))...))
	}
	doc, err := d.client.Object(ctx, iri)
	if err != nil {
		return list(theirActor.finding(append(args, "URL", iri, "Reason", why(err))...))
	}
	actor, err := vocab.ParseActor(doc.Raw)
	if err != nil {
		return list(theirActor.finding(append(args, "URL", iri, "Reason", why(err))...))
	}
	found := d.inboxOf(ctx, actor, args)
	blocked, err := d.store.Blocks.Blocked(ctx, 0, 0, host, vocab.Host(actor.ID))
	if err != nil {
		return append(found, databaseFails.finding("Reason", why(err)))
	}
	if blocked {
		found = append(found, theyAreBlocked.finding(args...))
	}
	return found
}

// inboxOf asks an inbox with a GET: whatever it answers but a failure, it is there.
func (d *Doctor) inboxOf(ctx context.Context, actor *vocab.ReceivedActor, args []any) []Finding {
	inbox := actor.SharedInbox
	if inbox == "" {
		inbox = actor.Inbox
	}
	args = append(args, "URL", actor.ID, "Type", actor.Type, "Inbox", inbox)
	echo, err := d.client.Probe(ctx, fetch.Probe{Method: http.MethodGet, URL: inbox, Accept: vocab.ContentType})
	if err != nil {
		return list(theirInbox.finding(append(args, "Reason", why(err))...))
	}
	found := d.clock(echo, vocab.Host(inbox))
	if echo.Status >= http.StatusInternalServerError {
		return append(found, theirInbox.finding(append(args, "Reason", http.StatusText(echo.Status))...))
	}
	return append(found, theyAnswer.finding(append(args, "Status", echo.Status)...))
}
