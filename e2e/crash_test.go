package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	kills    = 20
	replies  = 200
	articles = 10 // besides the first
)

// A process killed at any moment loses nothing: while articles go out to 200 inboxes
// and 200 replies come in, the server is killed twenty times, and now and then the
// command that publishes too. Afterwards every inbox has every activity under one id,
// and every reply that was answered 202 is there once.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	const seed = 20260611
	c := &crash{in: newPlain(t, "--allow-network", "127.0.0.0/8"), sink: newSink(t, 20, 10), rng: rand.New(rand.NewPCG(seed, seed))}
	c.in.addAuthor(t)
	c.in.start(t)
	c.sink.followAll(t, c.in)
	c.publish(t, 0)
	c.article = c.created(t, 0)

	deliver := c.answer(t)
	began := time.Now()
	for round := range kills {
		for range replies / kills {
			deliver <- struct{}{}
		}
		if round%(kills/articles) == 0 {
			c.publishing.Go(func() { c.publish(t, 1+round/(kills/articles)) })
		}
		c.killSoon(t)
	}
	t.Logf("killed %d times in %s", kills, time.Since(began).Round(time.Millisecond))
	close(deliver)
	c.in.start(t)
	c.publishing.Wait()
	c.answering.Wait()
	c.settled(t)
	c.compare(t)
	c.in.process.stop(t)
}

type crash struct {
	in      *instance
	sink    *sink
	rng     *rand.Rand
	article string // id of the first

	publishing, answering sync.WaitGroup
	mu                    sync.Mutex
	taken                 []string // ids of the replies that were answered 202
}

// killSoon kills the running server at a random moment, and starts the next.
func (c *crash) killSoon(t *testing.T) {
	moment := 20*time.Millisecond + time.Duration(c.rng.Int64N(int64(900*time.Millisecond)))
	<-time.After(moment)
	c.in.process.kill()
	c.in.launch(t)
}

func articleSlug(n int) string { return fmt.Sprintf("note-%02d", n) }

// publish publishes the n-th article from a shell. A command that is killed is
// repeated, as a person would: the article may be there already, but never twice.
func (c *crash) publish(t *testing.T, n int) {
	file := filepath.Join(t.TempDir(), articleSlug(n)+".md")
	text := fmt.Sprintf("---\ntitle: Note %02d\nslug: %s\n---\n\nEncore une note.\n", n, articleSlug(n))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Error(err)
		return
	}
	args := []string{"publish", file, "--as", author, "--data", c.in.data, "--allow-network", "127.0.0.0/8"}
	if n%3 == 1 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(20+10*n)*time.Millisecond) // CommandContext kills
		_ = exec.CommandContext(ctx, confnotes(t), args...).Run()
		cancel()
	}
	out, err := exec.CommandContext(t.Context(), confnotes(t), args...).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "has an article") {
		t.Errorf("publish article %d: %v: %s", n, err, out)
	}
}

// created waits for the n-th article in the first inbox and returns its id.
func (c *crash) created(t *testing.T, n int) string {
	var id string
	eventually(t, patience, "the first article arrives", func() error {
		got := c.sink.arrived(c.sink.actors[0], "Create")
		if len(got) <= n {
			return fmt.Errorf("%d articles arrived", len(got))
		}
		id = got[n].Object
		return nil
	})
	return id
}

// answer starts the senders of replies: one goes out for each value put into the channel.
func (c *crash) answer(t *testing.T) chan<- struct{} {
	places := make(chan struct{}, replies)
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		n := 0
		for range places {
			numbers <- n
			n++
		}
	}()
	for range 8 {
		c.answering.Go(func() {
			for n := range numbers {
				c.reply(t, n)
			}
		})
	}
	return places
}

func (c *crash) reply(t *testing.T, n int) {
	actor := c.sink.actors[n%len(c.sink.actors)]
	note := fmt.Sprintf("%s/notes/%d", actor, n)
	const public = "https://www.w3.org/ns/activitystreams#Public"
	err := c.sink.insist(t.Context(), c.in.baseURL+"/inbox", actor, map[string]any{"@context": "https://www.w3.org/ns/activitystreams",
		"id": note + "/activity", "type": "Create", "actor": actor, "to": public,
		"object": map[string]any{"id": note, "type": "Note", "attributedTo": actor, "to": public, "inReplyTo": c.article,
			"content": fmt.Sprintf("<p>Réponse %d</p>", n), "published": time.Now().UTC().Format(time.RFC3339)}})
	if err != nil {
		t.Errorf("reply %d: %v", n, err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken = append(c.taken, note)
}

// settled waits until nothing is left to send.
func (c *crash) settled(t *testing.T) {
	db := c.in.open(t)
	eventually(t, patience, "every delivery has ended", func() error {
		left := column(t, db, "SELECT COUNT(*) FROM deliveries WHERE state <> 'delivered'")[0]
		if left != "0" {
			return fmt.Errorf("%s deliveries are not delivered", left)
		}
		return nil
	})
}

// compare holds what the inboxes and the senders wrote down against the database.
func (c *crash) compare(t *testing.T) {
	db := c.in.open(t)
	created := column(t, db, "SELECT public_id FROM activities WHERE type = 'Create' ORDER BY id")
	if len(created) != articles+1 {
		t.Errorf("the database has %d Create activities, want one for each of %d articles", len(created), articles+1)
	}
	repeated := 0
	for _, actor := range c.sink.actors {
		for typ, want := range map[string]int{"Create": articles + 1, "Accept": 1} {
			got := c.sink.arrived(actor, typ)
			ids := map[string]string{}
			for _, a := range got {
				if id, seen := ids[a.Object]; seen && id != a.ID {
					t.Errorf("%s: the %s of %s came as %s and as %s", actor, typ, a.Object, id, a.ID)
				}
				ids[a.Object] = a.ID
			}
			if len(ids) != want {
				t.Errorf("%s: %d different %s arrived, want %d", actor, len(ids), typ, want)
			}
			repeated += len(got) - len(ids)
		}
	}
	t.Logf("of %d deliveries %d arrived more than once", len(c.sink.actors)*(articles+2), repeated)
	stored := column(t, db, "SELECT uri FROM posts WHERE kind = 'reply' ORDER BY uri")
	slices.Sort(c.taken)
	if !slices.Equal(stored, c.taken) {
		t.Errorf("%d replies are stored, %d were answered 202; or they aren't the same", len(stored), len(c.taken))
	}
	if got := column(t, db, "PRAGMA integrity_check"); !slices.Equal(got, []string{"ok"}) {
		t.Errorf("integrity_check: %q", got)
	}
	if got := column(t, db, "SELECT \"table\" FROM pragma_foreign_key_check"); len(got) > 0 {
		t.Errorf("rows of %q point nowhere", got)
	}
}
