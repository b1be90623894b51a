package recent

import (
	"fmt"
	"testing"
	"time"
)

func TestAMemoryFades(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 11, 9, 0, 0, 0, time.UTC)
	m := New[int](time.Hour)
	m.Put("a", 1, now)
	if v, ok := m.Get("a", now.Add(59*time.Minute)); !ok || v != 1 {
		t.Errorf("within the hour it is %d, %v", v, ok)
	}
	if v, ok := m.Get("a", now.Add(time.Hour)); ok || v != 0 {
		t.Errorf("after an hour it is still %d", v)
	}
	m.Put("a", 2, now.Add(30*time.Minute))
	if v, ok := m.Get("a", now.Add(time.Hour)); !ok || v != 2 {
		t.Errorf("put again it is %d, %v", v, ok)
	}
	m.Forget("a")
	if _, ok := m.Get("a", now); ok {
		t.Error("it remembers what was to be forgotten")
	}
}

func TestAMemoryIsBounded(t *testing.T) {
	t.Parallel()
	m, now := New[int](time.Hour), time.Now()
	for i := range 3 * most {
		m.Put(fmt.Sprint(i), i, now)
	}
	if len(m.values) > most {
		t.Errorf("it keeps %d values", len(m.values))
	}
	if _, ok := m.Get(fmt.Sprint(3*most-1), now); !ok {
		t.Error("the last one is forgotten")
	}
}
