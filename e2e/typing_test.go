package e2e

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// byKey is how much of a long text is typed at its start and at its end, in characters. What
// is between is put in as dictation does: keys take a browser that shares its processor minutes.
const byKey = 2000

// typeInto types a text into a field by key events, character by character, as fast
// as the browser takes them: each key goes down once the one before it has had its
// effect, and comes up while the next goes down, as with a person who types fast.
func (b *browser) typeInto(t testing.TB, selector, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 3*time.Minute)
	defer cancel()
	runes := []rune(text)
	start, between, end := runes, []rune(nil), []rune(nil)
	if len(runes) > 2*byKey {
		start, between, end = runes[:byKey], runes[byKey:len(runes)-byKey], runes[len(runes)-byKey:]
	}
	err := chromedp.Run(ctx, chromedp.Focus(selector, chromedp.ByQuery), chromedp.ActionFunc(func(ctx context.Context) error {
		if err := typeKeys(ctx, start); err != nil || between == nil {
			return err
		}
		return errors.Join(input.InsertText(string(between)).Do(ctx), typeKeys(ctx, end))
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

func typeKeys(ctx context.Context, text []rune) error {
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
