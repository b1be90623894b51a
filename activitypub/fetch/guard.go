package fetch

import (
	"fmt"
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"
)

// guard decides which addresses may be connected to.
type guard struct {
	allowed []netip.Prefix
	public  *ssrf.Guardian
}

func newGuard(allowed []netip.Prefix) *guard {
	return &guard{allowed: allowed, public: ssrf.New(ssrf.WithAnyPort())}
}

// control is a net.Dialer.Control: it sees each address just before connect(2).
func (g *guard) control(network, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: address %q", ErrRefused, address)
	}
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%w: network %q", ErrRefused, network)
	}
	return g.check(target)
}

// check refuses every address that IANA sets aside for something else than the
// public internet; of IPv6 that leaves 2000::/3 without its special ranges.
// netip's own predicates don't do: they take 100.64.0.1, ::127.0.0.1 and
// 64:ff9b::7f00:1 for global unicast.
func (g *guard) check(target netip.AddrPort) error {
	addr := target.Addr()
	within := func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) }
	if slices.ContainsFunc(g.allowed, within) {
		return nil
	}
	if err := g.public.SafeAddr(addr); err != nil {
		return fmt.Errorf("%w: %s is not a public address", ErrRefused, addr)
	}
	// Some instances live on odd ports, but none below 1024: those are mail,
	// ssh and the like.
	if port := target.Port(); port != 80 && port != 443 && port < 1024 {
		return fmt.Errorf("%w: port %d", ErrRefused, port)
	}
	return nil
}
