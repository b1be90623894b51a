package vocab

import (
	"fmt"
	"slices"
	"time"
)

// ReceivedActor is an actor from elsewhere.
type ReceivedActor struct {
	ID                string
	Type              string
	PreferredUsername string
	Name              string
	Summary           string
	URL               string
	Inbox             string
	SharedInbox       string
	Followers         string
	Following         string
	Outbox            string
	Icon              string // URL of a picture of them
	Discoverable      bool
	Published         time.Time // when the account was made; zero where it doesn't say
	AlsoKnownAs       []string  // ids of who they also are
	MovedTo           string    // id of the account that stands for this one
	Keys              []ReceivedKey
}

// actorTypes are the types an actor may have (ActivityStreams vocabulary section 3.2).
var actorTypes = []string{"Application", "Group", "Organization", "Person", "Service"}

// ParseActor reads an actor's document.
func ParseActor(raw []byte) (*ReceivedActor, error) {
	o, err := decode(raw)
	if err != nil {
		return nil, err
	}
	a := &ReceivedActor{
		ID: idOf(o), Type: firstString(o, "type"), PreferredUsername: o.str("preferredUsername"), Name: o.str("name"),
		Summary: o.str("summary"), URL: htmlLink(o), Inbox: o.firstID("inbox"), Followers: o.firstID("followers"),
		Following: o.firstID("following"), Outbox: o.firstID("outbox"), Icon: iconOf(o), Keys: keysOf(o),
	}
	a.AlsoKnownAs, a.MovedTo = o.ids("alsoKnownAs"), o.firstID("movedTo")
	a.AlsoKnownAs = a.AlsoKnownAs[:min(len(a.AlsoKnownAs), maxAliases)]
	a.Discoverable, _ = o["discoverable"].(bool)
	a.Published = readTime(o.str("published"))
	if e := o.firstObject("endpoints"); e != nil && isIRI(e.firstID("sharedInbox")) {
		a.SharedInbox = e.firstID("sharedInbox")
	}
	switch {
	case !isIRI(a.ID):
		return nil, fmt.Errorf("the actor has no id")
	case !slices.Contains(actorTypes, a.Type):
		return nil, fmt.Errorf("%.40q is no type of actor", a.Type)
	case !isIRI(a.Inbox):
		return nil, fmt.Errorf("the actor has no inbox")
	case a.PreferredUsername == "" || len(a.PreferredUsername) > maxIRI:
		return nil, fmt.Errorf("the actor has no preferredUsername")
	}
	return a, nil
}

// ReceivedKey is a key that a document lists: as the PEM of a publicKey, or as the
// multibase of a Multikey (FEP-521a).
type ReceivedKey struct{ ID, Owner, PEM, Multibase string }

// KeyOwner reads a document that is a key, or an actor with keys, and returns who
// claims to own the key with this id. The id of an actor stands for its keys.
func KeyOwner(raw []byte, keyID string) (string, error) {
	o, err := decode(raw)
	if err != nil {
		return "", err
	}
	if o.str("id") == keyID {
		if k, ok := readKey(o); ok {
			return k.Owner, nil
		}
	}
	for _, k := range keysOf(o) {
		if k.ID == keyID || k.Owner == keyID && idOf(o) == keyID {
			return k.Owner, nil
		}
	}
	return "", fmt.Errorf("the document has no key %.200s", keyID)
}

// maxKeys is how many keys Mastodon takes from one actor, too.
const maxKeys = 10

// keysOf returns the keys that an actor lists and embeds: of publicKey, and of
// assertionMethod, where FEP-521a has them.
func keysOf(o object) []ReceivedKey {
	var keys []ReceivedKey
	for _, v := range append(slices.Clone(o.list("publicKey")), o.list("assertionMethod")...) {
		embedded, ok := v.(object)
		if !ok || len(keys) == maxKeys {
			continue
		}
		if k, ok := readKey(embedded); ok {
			keys = append(keys, k)
		}
	}
	return keys
}

func readKey(o object) (ReceivedKey, bool) {
	if pem := o.str("publicKeyPem"); pem != "" {
		return ReceivedKey{ID: idOf(o), Owner: o.firstID("owner"), PEM: pem}, true
	}
	if multibase := o.str("publicKeyMultibase"); multibase != "" && firstString(o, "type") == "Multikey" {
		return ReceivedKey{ID: idOf(o), Owner: o.firstID("controller"), Multibase: multibase}, true
	}
	return ReceivedKey{}, false
}
