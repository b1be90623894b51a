// Package doctor looks at this server from outside in, through its own public address,
// the way another server meets it, and says what to change.
package doctor

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"confnotes/activitypub"
	"confnotes/activitypub/fetch"
	"confnotes/models"
)

// Level is how bad a finding is.
type Level string

// The levels. A problem keeps others from reaching this server, or it from working; a
// warning may become one.
const (
	OK      Level = "ok"
	Warning Level = "warning"
	Problem Level = "problem"
)

// Finding is what one check saw. Its texts stand in the catalogue.
type Finding struct {
	Level Level
	Seen  string // id of a message
	Do    string // id of what to change; "" when nothing is
	Args  []any  // of both: pairs of a name and its value
}

// Name is what was found, in a word for scripts: "host_changed".
func (f Finding) Name() string { return strings.TrimPrefix(f.Seen, "health.") }

// total bounds a whole examination: a page waits for it, and a proxy for a minute.
const total = 45 * time.Second

// Doctor examines one server. It is safe for concurrent use.
type Doctor struct {
	store    *models.Store
	iris     *activitypub.IRIs
	client   *fetch.Client
	resolver *activitypub.Resolver
	data     string
	now      func() time.Time
}

// New makes a Doctor for the server whose data folder is data. It asks through client,
// as deliveries do.
func New(store *models.Store, iris *activitypub.IRIs, client *fetch.Client, resolver *activitypub.Resolver, data string, now func() time.Time) *Doctor {
	return &Doctor{store, iris, client, resolver, data, now}
}

// Examine makes every check, and looks at somebody elsewhere where address names them.
func (d *Doctor) Examine(ctx context.Context, address string) []Finding {
	ctx, cancel := context.WithTimeout(ctx, total)
	defer cancel()
	found := []Finding{d.database(ctx), d.disk()}
	found = append(found, d.queue(ctx)...)
	found = append(found, d.outside(ctx)...)
	if address != "" {
		found = append(found, d.elsewhere(ctx, address)...)
	}
	return found
}

// Worst is the level of the worst finding.
func Worst(found []Finding) Level {
	worst := OK
	for _, f := range found {
		if f.Level == Problem || f.Level == Warning && worst == OK {
			worst = f.Level
		}
	}
	return worst
}

// outside looks at the public address. When nothing answers there the rest says nothing.
func (d *Doctor) outside(ctx context.Context) []Finding {
	keys, err := activitypub.InstanceKeys(d.store, d.iris)(ctx)
	if errors.Is(err, models.ErrNotFound) {
		return list(notStarted.finding())
	}
	if err != nil {
		return list(databaseFails.finding("Reason", why(err)))
	}
	echo, found := d.reach(ctx)
	if echo == nil {
		return found
	}
	checks := []func(context.Context) []Finding{d.webFinger, d.actor,
		func(ctx context.Context) []Finding { return d.delivery(ctx, keys) }}
	all := make([][]Finding, len(checks))
	var wg sync.WaitGroup
	for i, check := range checks {
		wg.Go(func() { all[i] = check(ctx) })
	}
	wg.Wait()
	found = append(found, d.clock(echo, d.iris.Host())...)
	for _, some := range all {
		found = append(found, some...)
	}
	return found
}

// finding makes a finding of a kind; args are pairs of a name and its value.
func (k kind) finding(args ...any) Finding { return Finding{k.level, k.seen, k.do, args} }

// list is what a check returns that found one thing.
func list(f Finding) []Finding { return []Finding{f} }

// why is an error as one line of a page, without the URLs that it was about.
func why(err error) string {
	var status *fetch.StatusError
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return name.Err // without the resolver's address
	case errors.As(err, &status):
		return strconv.Itoa(status.Status) + " " + http.StatusText(status.Status)
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	text := err.Error()
	if at := strings.LastIndex(text, "://"); at >= 0 {
		if _, cause, ok := strings.Cut(text[at:], ": "); ok {
			text = cause
		}
	}
	return fetch.Printable([]byte(text))
}
