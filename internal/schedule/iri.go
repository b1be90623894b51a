package schedule

import (
	"net/url"
	"regexp"
	"strings"
)

// ID is one of the names that a schedule has for a talk: its scheme is "guid", "code",
// "uid", "id" or "url".
type ID struct{ Scheme, Value string }

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

const urnUUID = "urn:uuid:" // RFC 9562, section 4

// IRIs are what a talk is called everywhere, whoever imported its schedule, from whatever
// of its files: its GUID, where that is a UUID, and the address of its page, which the
// iCalendar form has, too. Of a talk that has neither, the strongest of its other names
// counts at the conference's own site, as nothing else says whose number it is. A talk that
// was added by hand has none, and so has one that we named ourselves.
func IRIs(ids []ID, site string) (iris []string) {
	of := map[string]string{}
	for _, id := range ids {
		of[id.Scheme] = id.Value
	}
	if uuid.MatchString(of["guid"]) {
		iris = append(iris, urnUUID+strings.ToLower(of["guid"]))
	}
	if page := secure(of["url"]); page != "" {
		iris = append(iris, page)
	}
	host := hostOf(site)
	if len(iris) > 0 || host == "" {
		return iris
	}
	for _, scheme := range []string{"guid", "code", "uid", "id"} {
		if value := of[scheme]; value != "" && !strings.HasPrefix(value, "-") {
			return []string{"https://" + host + "/#" + scheme + "=" + url.QueryEscape(value)}
		}
	}
	return nil
}

// Named is the inverse of IRIs: what a talk that is called so may be named in a stored
// schedule, and at which conference's site, "" where that doesn't matter.
func Named(iri string) (ids []ID, site string) {
	if guid, ok := strings.CutPrefix(iri, urnUUID); ok {
		if !uuid.MatchString(guid) {
			return nil, ""
		}
		return []ID{{"guid", strings.ToLower(guid)}, {"guid", strings.ToUpper(guid)}}, ""
	}
	page := secure(iri)
	if page == "" {
		return nil, ""
	}
	u, err := url.Parse(page)
	if err != nil {
		return nil, ""
	}
	if scheme, value, ok := strings.Cut(u.EscapedFragment(), "="); ok && u.Path == "/" && u.RawQuery == "" {
		if value, err := url.QueryUnescape(value); err == nil && value != "" {
			return []ID{{scheme, value}}, u.Host
		}
		return nil, ""
	}
	for _, page := range []string{page, "http" + strings.TrimPrefix(page, "https")} {
		ids = append(ids, ID{"url", page}, ID{"url", strings.TrimSuffix(page, "/")}, ID{"url", strings.TrimSuffix(page, "/") + "/"})
	}
	return ids, ""
}

// secure is the one spelling of a page's address: on https, its host in lower case.
func secure(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	u.Scheme, u.Host = "https", hostOf(address)
	return u.String()
}

// hostOf is the host of an address as hosts are compared, without the schemes' own ports.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(u.Host), ":443"), ":80")
}

// AtSite says whether a conference with a web address is the one of a host, as Named gives.
func AtSite(address, host string) bool { return host != "" && hostOf(address) == host }
