package activitypub

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// verification is what one bare RSA verification takes here and now: what an inbox
// can't do without.
func verification(b *testing.B) time.Duration {
	b.Helper()
	key, sum := testKeys()[1].private, sha256.Sum256([]byte("x"))
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	const rounds = 2000
	started := time.Now()
	for range rounds {
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], sig); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(started) / rounds
}

// BenchmarkReceive takes signed requests, from the first byte to the commit.
func BenchmarkReceive(b *testing.B) {
	for name, activity := range map[string]func(k *talk) map[string]any{
		"Like": func(k *talk) map[string]any { return k.alice.does("Like", k.article(k.post)) },
		"Create": func(k *talk) map[string]any {
			return k.alice.does("Create", k.alice.note(k.article(k.post), "<p>hi</p>"))
		},
		"what is known": func(k *talk) map[string]any {
			return with(k.alice.does("Like", k.article(k.post)), "id", k.alice.id+"#like")
		},
		"unknown types": func(k *talk) map[string]any { return k.alice.does("View", k.article(k.post)) },
	} {
		b.Run(name, func(b *testing.B) {
			k := newTalk(b)
			bare := verification(b)
			requests := make([]*http.Request, b.N)
			for i := range requests {
				requests[i] = k.request(k.alice, toJSON(activity(k)), k.clock.now())
			}
			for b.ResetTimer(); b.N > 0 && len(requests) > 0; requests = requests[1:] {
				if status, refusal := k.receive(requests[0]); status != http.StatusAccepted {
					b.Fatal(status, refusal)
				}
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(bare), "verifications/op")
		})
	}
}

// BenchmarkRefuse is what a flood of bad signatures costs.
func BenchmarkRefuse(b *testing.B) {
	k := newTalk(b)
	bare := verification(b)
	body := toJSON(k.alice.does("Like", k.article(k.post)))
	refuted, err := k.resolver.keyHolder(k.ctx(), k.alice.keyID)
	k.must(err)
	k.inbox.refuted.Put(k.alice.keyID, refuted, k.clock.now())
	forger := *k.alice
	forger.key = testKeys()[2]
	req := k.request(&forger, body, k.clock.now())
	for b.Loop() {
		req.Body = bodyOf(body)
		if status, _ := k.receive(req); status != http.StatusUnauthorized {
			b.Fatal(status)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(bare), "verifications/op")
}

// BenchmarkPublish publishes to followers on as many servers.
func BenchmarkPublish(b *testing.B) {
	for _, followers := range []int{0, 10, 1000} {
		b.Run(fmt.Sprint(followers, " servers"), func(b *testing.B) {
			s, gwen := author(b)
			s.followers(gwen, followers)
			n := 0
			for b.Loop() {
				n++
				s.publish(gwen, text(fmt.Sprint("Day ", n), "Words, #words and *more*."))
			}
			if followers > 0 {
				b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(followers), "ns/server")
			}
		})
	}
}

// followers stores followers of somebody, each on a server of its own.
func (s *site) followers(of *models.Account, n int) {
	s.t.Helper()
	s.inTx(func(tx *models.Store) error {
		for i := range n {
			base := fmt.Sprintf("https://server%d.example", i)
			r, now := newRemote(base, "reader"), s.clock.now()
			a := &models.Actor{URI: &r.id, Kind: "Person", Handle: "reader", Domain: vocab.Host(base), Inbox: r.id + "/inbox", SharedInbox: base + "/inbox", CreatedAt: now, FetchedAt: &now}
			if err := tx.Actors.SaveRemote(s.ctx(), a); err != nil {
				return err
			}
			f := &models.Follow{URI: r.id + "#f", FollowerID: a.ID, TargetID: of.ActorID, State: models.FollowAccepted, CreatedAt: now}
			if err := tx.Follows.Put(s.ctx(), f); err != nil {
				return err
			}
		}
		return nil
	})
}

// BenchmarkClaim leases lanes, takes their rows and stores how they went, without
// the network between: what the queue itself can do.
func BenchmarkClaim(b *testing.B) {
	s, gwen := author(b)
	const hosts, articles = 100, 20
	s.followers(gwen, hosts)
	rows := 0
	for b.Loop() {
		lanes, err := s.courier.lease(s.ctx(), lanesAtOnce)
		s.must(err)
		if len(lanes) == 0 {
			b.StopTimer()
			for i := range articles {
				s.publish(gwen, text(fmt.Sprint("Day ", rows, i), "Words."))
			}
			b.StartTimer()
			continue
		}
		for _, l := range lanes {
			due, err := s.store.Deliveries.Due(s.ctx(), l.Host, s.clock.now(), rowsAtOnce)
			s.must(err)
			s.inTx(func(tx *models.Store) error {
				for _, d := range due {
					after := afterAttempt(*d, answer{status: http.StatusAccepted}, s.clock.now(), 0.5)
					if err := tx.Deliveries.Finish(s.ctx(), &after); err != nil {
						return err
					}
				}
				return tx.Deliveries.ReleaseLane(s.ctx(), l)
			})
			rows += len(due)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkSend signs and posts to a server that only answers.
func BenchmarkSend(b *testing.B) {
	s, gwen := author(b)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	b.Cleanup(server.Close)
	keys, err := s.courier.keys.of(s.ctx(), gwen.ActorID)
	s.must(err)
	body := bytes.Repeat([]byte("x"), 4<<10)
	bare := signing(b, keys[gwen.ActorID].RSA)
	for b.Loop() {
		if _, err := s.client.Post(s.ctx(), fetch.Delivery{Inbox: server.URL + "/inbox", Body: body, Keys: keys[gwen.ActorID]}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(bare), "signatures/op")
}

// signing is what one bare RSA signature takes.
func signing(b *testing.B, key signature.Key) time.Duration {
	b.Helper()
	sum := sha256.Sum256([]byte("x"))
	const rounds = 100
	started := time.Now()
	for range rounds {
		if _, err := rsa.SignPKCS1v15(nil, key.Private.(*rsa.PrivateKey), crypto.SHA256, sum[:]); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(started) / rounds
}
