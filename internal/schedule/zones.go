package schedule

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// windowsZones has a line for each zone that Windows and its calendars name in their own
// way: that name, "=", the IANA zone of its main territory (Unicode CLDR, windowsZones).
//
//go:embed windowszones.txt
var windowsZones string

var windowsZone = sync.OnceValue(func() map[string]string {
	zones := map[string]string{}
	for line := range strings.Lines(windowsZones) {
		windows, iana, _ := strings.Cut(strings.TrimSpace(line), "=")
		zones[strings.ToLower(windows)] = iana
	}
	return zones
})

// Zones are the IANA names of the world's main zones, for somebody to choose from; there
// are more.
func Zones() []string {
	list := []string{"UTC"}
	for _, zone := range windowsZone() {
		if strings.Contains(zone, "/") && !strings.HasPrefix(zone, "Etc/") {
			list = append(list, zone)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// zoneNamed finds a zone by its IANA name, by Windows' name, or by a path that ends in
// one, as some calendars write: "/freeassociation.sourceforge.net/Europe/Paris".
func zoneNamed(name string) (*time.Location, error) {
	name = strings.Trim(strings.TrimSpace(name), `"`)
	unknown := fmt.Errorf("%q is no time zone that is known here: %w", name, ErrNoZone)
	if len(name) > 100 || name == "" || strings.EqualFold(name, "local") {
		return nil, unknown
	}
	if iana, ok := windowsZone()[strings.ToLower(name)]; ok {
		return time.LoadLocation(iana)
	}
	if zone, err := time.LoadLocation(name); err == nil {
		return zone, nil
	}
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for n := min(3, len(parts)-1); n >= 2; n-- {
		if zone, err := time.LoadLocation(strings.Join(parts[len(parts)-n:], "/")); err == nil {
			return zone, nil
		}
	}
	return nil, unknown
}

func isUTC(name string) bool {
	switch strings.ToUpper(strings.TrimSpace(name)) {
	case "UTC", "GMT", "Z", "ETC/UTC", "ETC/GMT", "ETC/UCT", "UCT", "ZULU":
		return true
	}
	return false
}
