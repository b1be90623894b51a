package models

import (
	"bytes"
	"context"
	"runtime"
	"strconv"
	"sync/atomic"

	"gorm.io/gorm"
)

// writer is the one connection that writes. Whoever holds its turn has the
// transaction; the others wait in Go, where waiting can be cancelled, instead of
// in SQLite's busy loop.
type writer struct {
	db     *gorm.DB
	turn   chan struct{}
	holder atomic.Int64 // goroutine that has the turn, 0 for none
}

// enter waits for the turn. The goroutine that already has it would wait for
// itself for ever, so it gets ErrNestedTx.
func (w *writer) enter(ctx context.Context) (leave func(), err error) {
	me := goroutineID()
	if w.holder.Load() == me {
		return nil, ErrNestedTx
	}
	select {
	case w.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	w.holder.Store(me)
	return func() {
		w.holder.Store(0)
		<-w.turn
	}, nil
}

// goroutineID reads the id from the stack's first line, "goroutine 17 [running]:".
// The runtime offers no other way; it is used for nothing but the check above.
func goroutineID() int64 {
	buf := make([]byte, 64)
	buf = bytes.TrimPrefix(buf[:runtime.Stack(buf, false)], []byte("goroutine "))
	id, _, _ := bytes.Cut(buf, []byte(" "))
	n, _ := strconv.ParseInt(string(id), 10, 64)
	return n
}
