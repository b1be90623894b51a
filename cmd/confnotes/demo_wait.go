package main

import (
	"context"
	"errors"
	"time"

	"confnotes/internal/replica"
	"confnotes/models"
)

const (
	lookEvery = 5 * time.Millisecond
	tooLong   = 30 * time.Second
)

// settle waits until nothing is on its way any more.
func (s *stage) settle(ctx context.Context) error {
	return s.wait(ctx, "the deliveries take too long: is this machine very busy?", func(ctx context.Context, p *playhouse) (bool, error) {
		count, err := p.store.Deliveries.Count(ctx)
		if err == nil && count[models.DeliveryFailed] > 0 {
			err = errors.New("a delivery was refused: see the lines above")
		}
		return count[models.DeliveryQueued] == 0, err
	})
}

// gather waits until both servers have their copies of the faces of those on the other.
// A job that is leased, or put off a little, is still to be waited for: it is due within the hour.
func (s *stage) gather(ctx context.Context) error {
	return s.wait(ctx, "the faces take too long: is this machine very busy?", func(ctx context.Context, p *playhouse) (bool, error) {
		due, err := p.store.Jobs.Due(ctx, replica.Lane, s.clock.now().Add(time.Hour))
		return !due, err
	})
}

// wait looks at both servers until they are done; the first again at the end, since the
// second's last may have gone to it.
func (s *stage) wait(ctx context.Context, late string, done func(context.Context, *playhouse) (bool, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, tooLong, errors.New(late))
	defer cancel()
	for _, p := range []*playhouse{s.home, s.away, s.home} {
		for {
			ok, err := done(ctx, p)
			if err != nil {
				return errors.Join(err, context.Cause(ctx))
			}
			if ok {
				break
			}
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(lookEvery):
			}
		}
	}
	return nil
}
