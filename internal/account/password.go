package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// todaysCost is OWASP's first choice for argon2id: hashing one password takes about
// 25 ms and 19 MiB, so only a few are hashed at once.
var todaysCost = cost{memory: 19 * 1024, time: 2, threads: 1}

const (
	hashesAtOnce = 4
	argonKey     = 32 // bytes
	argonSalt    = 16
)

// hash makes a PHC string of a password and a new salt.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	c := s.cost
	key, err := s.derive(ctx, password, salt, c)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// cost is what a hash was made with. It stands in the hash, so that tomorrow's
// parameters don't lock out today's passwords.
type cost struct {
	memory, time uint32 // KiB, passes
	threads      uint8
}

// matches compares a password with a stored hash in constant time.
func (s *Service) matches(ctx context.Context, hash, password string) (bool, error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, nil
	}
	var c cost
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil || c.time == 0 || c.threads == 0 {
		return false, nil
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return false, nil
	}
	got, err := s.derive(ctx, password, salt, c)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

func (s *Service) derive(ctx context.Context, password string, salt []byte, c cost) ([]byte, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, argonKey), nil
}
