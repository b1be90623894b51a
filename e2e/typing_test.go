package e2e

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// typeInto types a text into a field by key events, character by character, as fast
// as the browser takes them: each key goes down once the one before it has had its
// effect, and comes up while the next goes down, as with a person who types fast.
func (b *browser) typeInto(t testing.TB, selector, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 3*time.Minute)
	defer cancel()
	err := chromedp.Run(ctx, chromedp.Focus(selector, chromedp.ByQuery), chromedp.ActionFunc(func(ctx context.Context) error {
		return typeKeys(ctx, text)
	}))
	if err != nil {
		t.Fatalf("type into %s: %v", selector, err)
	}
}

// pasteInto puts a text into a field at once, as from the clipboard.
func (b *browser) pasteInto(t testing.TB, selector, text string) {
	t.Helper()
	b.do(t, "paste into "+selector, chromedp.Focus(selector, chromedp.ByQuery), input.InsertText(text))
}

func typeKeys(ctx context.Context, text string) error {
	var lifting sync.WaitGroup
	defer lifting.Wait()
	for i, r := range text {
		key, keyText, code := string(r), string(r), int64(0)
		if r == '\n' {
			key, keyText, code = "Enter", "\r", 13
		}
		down := input.DispatchKeyEvent(input.KeyDown).WithKey(key).WithText(keyText).WithUnmodifiedText(keyText).WithWindowsVirtualKeyCode(code)
		if err := down.Do(ctx); err != nil {
			return fmt.Errorf("key %q at %d: %w", r, i, err)
		}
		lifting.Go(func() { _ = input.DispatchKeyEvent(input.KeyUp).WithKey(key).WithWindowsVirtualKeyCode(code).Do(ctx) })
	}
	return nil
}
