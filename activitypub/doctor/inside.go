package doctor

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"confnotes/models"
)

const (
	// patience is how long something due may wait before nobody seems to deliver.
	patience = 10 * time.Minute
	// named is how many servers a finding names, looked how many are looked at.
	named, looked = 5, 500
	megabyte      = 1 << 20
	roomNeeded    = 100 // MB
	roomWanted    = 1024
)

// database writes nothing, in a transaction that could.
func (d *Doctor) database(ctx context.Context) Finding {
	if err := d.store.InTx(ctx, func(*models.Store) error { return nil }); err != nil {
		return databaseFails.finding("Reason", why(err))
	}
	return databaseWorks.finding()
}

// disk writes a file where pictures go, and looks how much room there is.
func (d *Doctor) disk() Finding {
	const media = "media"
	folder := filepath.Join(d.data, media)
	f, err := os.CreateTemp(folder, ".doctor-*")
	if err != nil {
		return diskFails.finding("Folder", media, "Reason", why(err))
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	var room syscall.Statfs_t
	if err := syscall.Statfs(folder, &room); err != nil {
		return diskFails.finding("Folder", media, "Reason", why(err))
	}
	return roomLeft(media, int(room.Bavail*uint64(room.Bsize)/megabyte))
}

func roomLeft(folder string, megabytes int) Finding {
	args := []any{"Folder", folder, "Room", megabytes}
	switch {
	case megabytes < roomNeeded:
		return diskFull.finding(args...)
	case megabytes < roomWanted:
		return diskAlmostFull.finding(args...)
	}
	return diskWorks.finding(args...)
}

// queue looks for servers that wait although nothing keeps them, that keep failing, and
// that were given up.
func (d *Doctor) queue(ctx context.Context) []Finding {
	lanes, err := d.store.Deliveries.Troubled(ctx, d.now().Add(-patience), looked)
	if err != nil {
		return list(databaseFails.finding("Reason", why(err)))
	}
	hosts := map[kind][]string{}
	for _, l := range lanes {
		k := queueStands
		switch {
		case l.DeadAt != nil:
			k = serversAreDead
		case l.PausedUntil != nil:
			k = serversFail
		}
		hosts[k] = append(hosts[k], l.Host)
	}
	var found []Finding
	for _, k := range []kind{queueStands, serversFail, serversAreDead} {
		if len(hosts[k]) > 0 {
			found = append(found, k.finding("Hosts", some(hosts[k])))
		}
	}
	if found == nil {
		return list(queueWorks.finding())
	}
	return found
}

// some names the first of many.
func some(hosts []string) string {
	if len(hosts) <= named {
		return strings.Join(hosts, ", ")
	}
	return strings.Join(hosts[:named], ", ") + ", …"
}
