package activitypub

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"confnotes/activitypub/signature"
	"confnotes/models"
)

// ErrOurselves is no refusal: what came in was signed by this server's own instance
// actor, arrived whole, and has no effect. Whoever sent it, `confnotes doctor`, is
// told how it arrived.
var ErrOurselves = errors.New("this server wrote to itself")

// Arrival is how a request to ourselves arrived, as the server's end saw it.
type Arrival struct {
	Address   string `json:"address"`   // the connection's other end
	Client    string `json:"client"`    // who asks, as the sign-in throttle counts
	Forwarded bool   `json:"forwarded"` // a proxy said for whom it asks
	TLS       bool   `json:"tls"`       // up to this server, not to a proxy
}

// ourselves checks what is signed as the instance actor. Nobody but the doctor does that;
// to the inbox our own keys are nobody's else.
func (in *Inbox) ourselves(ctx context.Context, sig *signature.Signature) error {
	actor, err := in.store.Actors.LocalByHandle(ctx, InstanceHandle)
	if err != nil {
		return fmt.Errorf("instance actor: %w", err)
	}
	rows, err := in.store.Actors.LocalKeys(ctx, actor.ID)
	if err != nil {
		return fmt.Errorf("keys of the instance actor: %w", err)
	}
	us := &profile{actor: actor}
	for _, row := range rows[actor.ID] {
		if row.Algorithm == models.KeyRSA {
			us.keys = append(us.keys, heldKey{sig.KeyID, row.Algorithm, row.PublicPEM})
		}
	}
	if us.verify(sig) != nil {
		return &Refusal{Status: http.StatusUnauthorized, Reason: noMatch}
	}
	return ErrOurselves
}
