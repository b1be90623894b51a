package models

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Block keeps an actor, or a server with its subdomains, away from an account's
// articles, or from the whole instance (AccountID 0).
type Block struct {
	ID        int64
	AccountID int64
	ActorID   int64
	Domain    string
	CreatedAt time.Time
}

// Blocks queries who is kept out.
type Blocks struct{ db *gorm.DB }

// Add stores a block; one that stands already is no error.
func (q Blocks) Add(ctx context.Context, b *Block) error {
	b.Domain = hostname(b.Domain)
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(b).Error)
}

// ByID returns a block.
func (q Blocks) ByID(ctx context.Context, id int64) (*Block, error) {
	return one[Block](q.db.WithContext(ctx).Where("id = ?", id))
}

// Remove lifts a block.
func (q Blocks) Remove(ctx context.Context, id int64) error {
	return changed(q.db.WithContext(ctx).Where("id = ?", id).Delete(&Block{}))
}

// List returns an account's blocks, with those of the instance if asked, newest first.
func (q Blocks) List(ctx context.Context, accountID int64, instance bool) ([]*Block, error) {
	db := q.db.WithContext(ctx).Where("account_id = ?", accountID)
	if instance {
		db = db.Or("account_id = 0")
	}
	var rows []*Block
	err := db.Order("id DESC").Find(&rows).Error
	return rows, translate(err)
}

// Blocked says whether an actor, or any of the hosts, is blocked by the instance
// or, where accountID is not 0, by that account. A block of a domain covers its
// subdomains.
func (q Blocks) Blocked(ctx context.Context, accountID, actorID int64, hosts ...string) (bool, error) {
	var domains []string
	for _, h := range hosts {
		domains = append(domains, domainAndParents(h)...)
	}
	db := q.db.WithContext(ctx)
	match := db.Where("domain <> '' AND domain IN ?", domains)
	if actorID != 0 {
		match = match.Or("actor_id <> 0 AND actor_id = ?", actorID)
	}
	var n int64
	err := db.Model(&Block{}).Where("account_id IN ?", []int64{0, accountID}).Where(match).Count(&n).Error
	return n > 0, translate(err)
}

// hostname is how a host is compared: lower case, without a port, an IPv6 address
// without its brackets, a name without the root's dot.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.Trim(strings.ToLower(host), "[]"), ".")
}

// domainAndParents lists a host without its port and every domain above it. An
// address has none above it.
func domainAndParents(host string) []string {
	host = hostname(host)
	domains := []string{host}
	if _, err := netip.ParseAddr(host); err == nil {
		return domains
	}
	for {
		_, parent, ok := strings.Cut(host, ".")
		if !ok {
			return domains
		}
		domains, host = append(domains, parent), parent
	}
}

// hostOf is the host that an actor's id is on, as blocks compare it.
func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return hostname(u.Host)
}

// fromDomain keeps the remote actors that a block of a domain covers: those whose
// id, or whose handle, is under it. The two differ where a server's handles name
// another domain than its own.
const fromDomain = `NOT local AND (host = @domain OR host LIKE @under ESCAPE '\' OR domain = @domain OR domain LIKE @under ESCAPE '\')`

func underDomain(domain string) map[string]any {
	domain = hostname(domain)
	return map[string]any{"domain": domain, "under": "%." + escapeLike(domain)}
}

// blockNames says whether a block names an actor, in a query that has both.
const blockNames = `(blocks.actor_id = actors.id OR blocks.domain IN (actors.host, actors.domain) AND blocks.domain <> ''
	OR blocks.domain <> '' AND '.' || blocks.domain IN (substr(actors.host, -length(blocks.domain) - 1), substr(actors.domain, -length(blocks.domain) - 1)))`

// named keeps the rows whose column, the id of an actor, is or comes from what a block
// names. The column is ours, never a value from outside.
func named(db *gorm.DB, column string, b *Block) *gorm.DB {
	if b.ActorID != 0 {
		return db.Where(column+" = ?", b.ActorID)
	}
	return db.Where(column+" IN (SELECT id FROM actors WHERE "+fromDomain+")", underDomain(b.Domain))
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}
