package activitypub

import (
	"slices"
	"testing"
	"time"

	"confnotes/models"
)

func TestWhatBecomesOfADelivery(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 11, 18, 30, 0, 0, time.UTC)
	const again, done, lost = models.DeliveryQueued, models.DeliveryDelivered, models.DeliveryFailed
	for status, want := range map[int]string{
		200: done, 201: done, 202: done, 204: done, 299: done,
		301: lost, 302: lost, 307: lost, 308: lost, // an inbox that moves says so in its actor
		400: lost, 403: lost, 404: lost, 405: lost, 406: lost, 410: lost, 413: lost, 415: lost, 422: lost, 501: lost,
		401: again, 408: again, 425: again, 429: again, 500: again, 502: again, 503: again, 504: again, 599: again,
		0: again, // DNS, TLS, a reset, a deadline
	} {
		d := afterAttempt(models.Delivery{State: models.DeliveryQueued, RunAt: now}, answer{status: status, reason: "so"}, now, 0.5)
		if d.State != want || d.Attempt != 1 || d.Status != status {
			t.Errorf("%d: %+v, want %s", status, d, want)
		}
		if (d.DoneAt != nil) != (want != again) || (d.Error == "") != (want == done) || d.RunAt.After(now) != (want == again) {
			t.Errorf("%d: done at %v, error %q, again at %s", status, d.DoneAt, d.Error, d.RunAt)
		}
	}
}

func TestWaits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 11, 18, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		name       string
		attempt    int // made before
		retryAfter time.Duration
		jitter     float64
		want       time.Duration
	}{
		{"a minute after the first", 0, 0, 0.5, time.Minute},
		{"at least half of it", 0, 0, 0, 30 * time.Second},
		{"at most half more", 0, 0, 0.999999, 90 * time.Second},
		{"then five", 1, 0, 0.5, 5 * time.Minute},
		{"then half an hour", 2, 0, 0.5, 30 * time.Minute},
		{"three days before the last", 8, 0, 0.5, 72 * time.Hour},
		{"as late as the server asks", 0, time.Hour, 0.5, time.Hour},
		{"not sooner because it asks", 2, time.Second, 0.5, 30 * time.Minute},
		{"a day at most, whatever it asks", 0, 1000 * time.Hour, 0.5, 24 * time.Hour},
	} {
		d := afterAttempt(models.Delivery{Attempt: tt.attempt, State: models.DeliveryQueued}, answer{503, tt.retryAfter, ""}, now, tt.jitter)
		if got := d.RunAt.Sub(now).Round(time.Second); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestTenAttemptsTakeAWeek(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 11, 18, 30, 0, 0, time.UTC)
	d, attempts := models.Delivery{State: models.DeliveryQueued, RunAt: now}, 0
	for d.State == models.DeliveryQueued {
		d = afterAttempt(d, answer{status: 500}, d.RunAt, 0.5)
		attempts++
	}
	if took := d.RunAt.Sub(now); attempts != 10 || took < 6*24*time.Hour || took > 8*24*time.Hour {
		t.Errorf("%d attempts in %s, want 10 in about seven days", attempts, took)
	}
	if !slices.IsSorted(backoff[:]) {
		t.Error("the waits don't grow")
	}
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	type step struct {
		after  time.Duration
		status int
	}
	repeat := func(n int, s step) []step { return slices.Repeat([]step{s}, n) }
	for _, tt := range []struct {
		name         string
		steps        []step
		paused, dead bool
		probing      bool
		days         int
	}{
		{"four failures are no reason", repeat(4, step{time.Minute, 500}), false, false, false, 1},
		{"five in ten minutes are", repeat(5, step{time.Minute, 500}), true, false, true, 1},
		{"no answer counts like a 500", repeat(5, step{time.Minute, 0}), true, false, true, 1},
		{"five in an hour are not", repeat(5, step{12 * time.Minute, 500}), false, false, false, 1},
		{"too many requests says nothing", repeat(9, step{time.Minute, 429}), false, false, false, 0},
		{"it doesn't break the row of failures either", append(repeat(4, step{time.Minute, 500}), step{0, 429}, step{0, 500}), true, false, true, 1},
		{"a success ends the row", append(repeat(4, step{time.Minute, 500}), step{0, 202}, step{0, 500}), false, false, false, 1},
		{"so does a refusal: somebody is there", append(repeat(4, step{time.Minute, 500}), step{0, 404}, step{0, 500}), false, false, false, 1},
		{"a probe that fails starts another pause", append(repeat(5, step{time.Minute, 500}), step{31 * time.Minute, 500}), true, false, true, 1},
		{"a probe that succeeds ends it", append(repeat(5, step{time.Minute, 500}), step{31 * time.Minute, 202}), false, false, false, 0},
		{"six days of failures", repeat(6, step{24 * time.Hour, 500}), false, false, false, 6},
		{"seven days of failures are the end", repeat(7, step{24 * time.Hour, 500}), false, true, false, 7},
		{"a good day between them is a new start", slices.Concat(repeat(6, step{24 * time.Hour, 500}), repeat(1, step{time.Hour, 202}), repeat(3, step{24 * time.Hour, 500})), false, false, false, 3},
	} {
		now, lane := time.Date(2026, 6, 11, 1, 0, 0, 0, time.UTC), models.Lane{Host: "peer.example"}
		for _, s := range tt.steps {
			now = now.Add(s.after)
			lane = afterAnswer(lane, answer{status: s.status}, now)
		}
		paused := lane.PausedUntil != nil && lane.PausedUntil.After(now)
		if paused != tt.paused || (lane.DeadAt != nil) != tt.dead || probing(lane) != tt.probing || lane.FailedDays != tt.days {
			t.Errorf("%s: paused %t, dead %t, probing %t after %d days; want %+v", tt.name, paused, lane.DeadAt != nil, probing(lane), lane.FailedDays, tt)
		}
		if paused && lane.PausedUntil.Sub(now) != breakerPause {
			t.Errorf("%s: paused for %s", tt.name, lane.PausedUntil.Sub(now))
		}
	}
}
