package account

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// tries counts how many of n tries pass.
func tries(th *throttle, n int, handle, address string, at time.Time) (passed int) {
	for range n {
		if _, wait := th.enter(handle, address, at); wait == 0 {
			passed++
		}
	}
	return passed
}

func TestAHandleMayFailFiveTimesThenOnceAMinute(t *testing.T) {
	t.Parallel()
	th := newThrottle()
	if got := tries(th, 10, "gwen", home, noon); got != handleBurst {
		t.Errorf("%d tries passed at once, want %d", got, handleBurst)
	}
	_, wait := th.enter("GWEN", "203.0.113.9", noon)
	if wait <= 0 || wait > handleEvery {
		t.Errorf("from elsewhere, in capitals: wait %v, want up to %v", wait, handleEvery)
	}
	if got := tries(th, 5, "gwen", home, noon.Add(wait)); got != 1 {
		t.Errorf("%d tries passed after the wait, want one", got)
	}
	if got := tries(th, 5, "alix", home, noon); got != 5 {
		t.Errorf("another handle passed %d times, want 5", got)
	}
}

func TestAnAddressMayFailMoreOftenThanAHandle(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		place func(i int) string
		want  int
	}{
		{"one IPv4 address", func(int) string { return home }, addressBurst},
		{"one IPv4 address written as IPv6", func(int) string { return "::ffff:" + home }, addressBurst},
		{"one IPv6 customer", func(i int) string { return fmt.Sprintf("2001:db8:1:2::%x", i) }, addressBurst},
		{"many IPv6 customers", func(i int) string { return fmt.Sprintf("2001:db8:1:%x::1", i) }, 40},
		{"many IPv4 addresses", func(i int) string { return fmt.Sprintf("198.51.100.%d", i) }, 40},
		{"no address at all", func(int) string { return "@" }, addressBurst},
	}
	for _, tt := range tests {
		th, got := newThrottle(), 0
		for i := range 40 {
			got += tries(th, 1, fmt.Sprintf("handle%d", i), tt.place(i), noon)
		}
		if got != tt.want {
			t.Errorf("%s: %d tries passed, want %d", tt.name, got, tt.want)
		}
	}
}

func TestARefusedTryCostsNothing(t *testing.T) {
	t.Parallel()
	th := newThrottle()
	tries(th, 1000, "gwen", home, noon)
	if got := tries(th, 1, "gwen", home, noon.Add(handleEvery)); got != 1 {
		t.Error("knocking at a closed door made the wait longer")
	}
	if got := tries(th, addressBurst, "alix", home, noon); got != handleBurst {
		t.Errorf("alix passed %d times, want %d: refused tries don't count for the address", got, handleBurst)
	}
}

func TestASuccessStartsTheHandleAnewAndGivesTheAddressItsTryBack(t *testing.T) {
	t.Parallel()
	th := newThrottle()
	tries(th, handleBurst-1, "gwen", home, noon)
	release, wait := th.enter("gwen", home, noon)
	if wait != 0 {
		t.Fatal("the fifth try was refused")
	}
	release()
	if got := tries(th, 10, "gwen", home, noon); got != handleBurst {
		t.Errorf("after a success %d tries passed, want %d", got, handleBurst)
	}
	// Whoever has an account of their own can't guess on with its successes.
	passed := 0
	for i := range 100 {
		passed += tries(th, 1, fmt.Sprintf("victim%d", i), "203.0.113.9", noon)
		if release, wait := th.enter("mallory", "203.0.113.9", noon); wait == 0 {
			release()
		}
	}
	if passed > addressBurst {
		t.Errorf("%d guesses passed between successes, want %d at most", passed, addressBurst)
	}
}

func TestTheThrottleForgets(t *testing.T) {
	t.Parallel()
	th := newThrottle()
	huge := strings.Repeat("x", 1<<10)
	for i := range 3 * maxTracked {
		th.enter(fmt.Sprintf("%d%s", i, huge[:i%2*len(huge)]), fmt.Sprintf("2001:db8:%x:%x::", i>>16, i&0xffff), noon)
	}
	if len(th.limiters) > maxTracked+2 {
		t.Errorf("%d limiters are kept, want %d at most", len(th.limiters), maxTracked+2)
	}
	for key := range th.limiters {
		if len(key) > maxKey+2 {
			t.Fatalf("a key of %d bytes is kept", len(key))
		}
	}
	// What is full again goes first: a handle under attack stays slow.
	th = newThrottle()
	tries(th, handleBurst, "gwen", home, noon)
	for i := range maxTracked {
		th.limiters[fmt.Sprintf("h idle%d", i)] = th.limiter("h idle", handleEvery, handleBurst)
	}
	if got := tries(th, 1, "gwen", home, noon); got != 0 || len(th.limiters) > maxTracked {
		t.Errorf("%d tries passed with %d limiters: an attacker can make room", got, len(th.limiters))
	}
}
