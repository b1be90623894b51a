// Package config reads what the host decides: flags, environment, one TOML file,
// in that order of weight. Only cmd imports it.
package config

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// Common is what every command takes.
type Common struct {
	Data string `help:"Data folder." default:"./data" env:"CONFNOTES_DATA" type:"path"`
}

// Federation is what every command takes that may speak to other servers.
type Federation struct {
	BaseURL       string         `name:"base-url" help:"Where the site is reached: scheme and host. It becomes part of every id." default:"http://localhost:8080" env:"CONFNOTES_BASE_URL"`
	AccountDomain string         `help:"Domain in handles, where it isn't the base URL's host." env:"CONFNOTES_ACCOUNT_DOMAIN" placeholder:"DOMAIN"`
	AllowNetwork  []netip.Prefix `help:"Network that federation may reach although it isn't public: for tests and labs. Repeatable." env:"CONFNOTES_ALLOW_NETWORKS" placeholder:"CIDR"`
}

// Serve is what the server takes besides.
type Serve struct {
	Listen         string         `help:"Address to listen on." default:"localhost:8080" env:"CONFNOTES_LISTEN"`
	TrustedProxies []netip.Prefix `help:"Proxies whose X-Forwarded-For is believed." env:"CONFNOTES_TRUSTED_PROXIES" placeholder:"CIDR"`
	SecureMode     bool           `help:"Answer other servers' questions for actors, articles and collections only if they are signed by somebody who isn't blocked. Pages stay public." env:"CONFNOTES_SECURE_MODE"`
	TLSCert        string         `name:"tls-cert" help:"Certificate file (PEM), to serve https without a proxy." env:"CONFNOTES_TLS_CERT" type:"path" placeholder:"FILE"`
	TLSKey         string         `name:"tls-key" help:"Key file (PEM) of the certificate." env:"CONFNOTES_TLS_KEY" type:"path" placeholder:"FILE"`
	LogLevel       string         `help:"How much to log: ${enum}." enum:"debug,info,warn,error" default:"info" env:"CONFNOTES_LOG_LEVEL"`
}

// Off says whether federation is off, and why: ids under http://localhost mean
// nothing to anybody else.
func (f Federation) Off() (reason string, off bool) {
	u, err := url.Parse(f.BaseURL)
	if err != nil || u.Scheme != "http" || len(f.AllowNetwork) > 0 {
		return "", false
	}
	ip := net.ParseIP(u.Hostname())
	if u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost") || ip != nil && ip.IsLoopback() {
		return "federation is off: " + f.BaseURL + " means nothing to other servers. Give --base-url https://your.domain, or, for a lab, --allow-network 127.0.0.0/8", true
	}
	return "", false
}

// TOML is kong's reader of the one configuration file: keys are flag names,
// `base-url = "https://notes.example"`.
func TOML(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if _, err := toml.NewDecoder(r).Decode(&values); err != nil {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	return tomlResolver(values), nil
}

type tomlResolver map[string]any

// Validate refuses a key that no flag has: a misspelt one would be silently lost.
func (t tomlResolver) Validate(app *kong.Application) error {
	known := map[string]bool{}
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	for key := range t {
		if !known[key] {
			return fmt.Errorf("configuration file: there is no setting %q", key)
		}
	}
	return nil
}

// Resolve gives a flag its value from the file; the environment weighs more.
func (t tomlResolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, ok := os.LookupEnv(env); ok {
			return nil, nil
		}
	}
	return t[flag.Name], nil
}
