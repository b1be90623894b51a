package activitypub

import (
	"net/http"
	"time"

	"confnotes/models"
)

// backoff is the wait after each failed attempt: ten attempts over seven days.
var backoff = [...]time.Duration{
	time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour,
	14 * time.Hour, 24 * time.Hour, 48 * time.Hour, 72 * time.Hour,
}

const (
	maxAttempts   = len(backoff) + 1
	maxRetryAfter = 24 * time.Hour
)

// answer is how an attempt to deliver ended: an HTTP status, or 0 and an error.
type answer struct {
	status     int
	retryAfter time.Duration
	reason     string
}

func (a answer) delivered() bool { return a.status >= 200 && a.status < 300 }

// final says whether trying again is pointless: the inbox is gone, or it will
// never take this. 401 may be a key it could not fetch; 408, 425 and 429 ask for
// another time.
func (a answer) final() bool {
	switch a.status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	case http.StatusNotImplemented:
		return true
	}
	return a.status >= 300 && a.status < 500
}

// afterAttempt is the retry policy: what becomes of a delivery after one more
// attempt ended with a at now. jitter is random in [0,1): it spreads a wait by half
// of it either way, so that a recovering server isn't met by everything at once.
func afterAttempt(d models.Delivery, a answer, now time.Time, jitter float64) models.Delivery {
	d.Attempt++
	d.Status, d.Error = a.status, a.reason
	switch {
	case a.delivered():
		d.State, d.Error, d.DoneAt = models.DeliveryDelivered, "", &now
	case a.final() || d.Attempt >= maxAttempts:
		d.State, d.DoneAt = models.DeliveryFailed, &now
	default:
		wait := time.Duration(float64(backoff[d.Attempt-1]) * (0.5 + jitter))
		d.RunAt = now.Add(max(wait, min(a.retryAfter, maxRetryAfter)))
	}
	return d
}

// The breaker's figures: a host that keeps failing is left alone for a while, then
// asked with one delivery; after a week of nothing but failures it is dead until it
// speaks to us again.
const (
	breakerFailures = 5
	breakerWindow   = 10 * time.Minute
	breakerPause    = 30 * time.Minute
	deadDays        = 7
)

// afterAnswer is the breaker: how a host's lane stands after an answer. Any answer
// but a 5xx shows that the server is there; "too many requests" says nothing.
func afterAnswer(l models.Lane, a answer, now time.Time) models.Lane {
	switch {
	case a.status == http.StatusTooManyRequests:
		return l
	case a.status != 0 && a.status < 500:
		l.Failures, l.FailedSince, l.PausedUntil, l.FailedDays, l.FailedOn, l.DeadAt = 0, nil, nil, 0, "", nil
		return l
	}
	if l.FailedSince == nil || l.Failures < breakerFailures && now.Sub(*l.FailedSince) > breakerWindow {
		l.Failures, l.FailedSince = 0, &now
	}
	l.Failures++
	if day := now.UTC().Format(time.DateOnly); day != l.FailedOn {
		l.FailedOn = day
		l.FailedDays++
	}
	if l.Failures >= breakerFailures {
		until := now.Add(breakerPause)
		l.PausedUntil = &until
	}
	if l.FailedDays >= deadDays {
		l.DeadAt = &now
	}
	return l
}

// probing says whether a lane is to be asked with a single delivery.
func probing(l models.Lane) bool { return l.Failures >= breakerFailures }
