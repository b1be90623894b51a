package picture

import (
	"bytes"
	"context"
	"testing"
	"time"
)

func TestAFaceStaysWhileItIsWornAndGoesAfterwards(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	wear := func(tint uint8) {
		upload, err := d.Receive(bytes.NewReader(drawing(t, tint)))
		must(t, err)
		defer func() { _ = upload.Close() }()
		must(t, d.SetFace(context.Background(), d.author, upload))
	}
	wear(1)
	wear(2) // the first is no longer worn
	if _, err := d.add(drawing(t, 2)); err != nil {
		t.Errorf("the file of a face can't be a picture in a text, too: %v", err)
	}
	for _, step := range []struct {
		wait time.Duration
		want int
	}{{time.Hour, 3}, {fresh + grace + 2*time.Hour, 3}, {grace + time.Hour, 1}} {
		d.at = d.at.Add(step.wait)
		must(t, d.Sweep(context.Background()))
		if left := d.files(); len(left) != step.want {
			t.Errorf("after %s %v are left, want %d", step.wait, left, step.want)
		}
	}
	must(t, d.RemoveFace(context.Background(), d.author))
	for range 2 {
		must(t, d.Sweep(context.Background()))
		d.at = d.at.Add(grace + time.Hour)
	}
	if left := d.files(); len(left) > 0 {
		t.Errorf("a face that nobody wears is left: %v", left)
	}
}
