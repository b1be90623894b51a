package signature

import (
	"net/http"
	"slices"
	"strings"

	"github.com/dunglas/httpsfv"
	"golang.org/x/net/http/httpguts"
)

// target is what a request is addressed to, as a signature names it.
type target struct {
	method, scheme, authority string
	host                      string // the Host header
	path                      string // with the query, as it goes over the wire
	header                    http.Header
}

// bases are what the signature may have been made of (RFC 9421 section 2.5): one for
// each of our authorities, because some senders leave out a port that stands in the URL
// they sign. The one that the request itself names comes first.
func (m *message) bases(r *http.Request, p Policy) ([][]byte, error) {
	var names []string
	for _, a := range append([]string{r.Host}, p.Authorities...) {
		if a = authority(p.Scheme, a); a != "" && !slices.Contains(names, a) {
			names = append(names, a)
		}
	}
	var bases [][]byte
	for _, name := range names {
		base, err := signatureBase(m.components, target{r.Method, p.Scheme, name, r.Host, requestTarget(r), r.Header})
		if err != nil {
			return nil, err
		}
		bases = append(bases, base)
	}
	return bases, nil
}

// authority is a host as @authority and @target-uri have it (RFC 9421 section 2.2.3).
func authority(scheme, host string) string {
	return strings.TrimSuffix(strings.ToLower(host), map[string]string{"http": ":80", "https": ":443"}[scheme])
}

// signatureBase writes the lines that are signed.
func signatureBase(components httpsfv.InnerList, t target) ([]byte, error) {
	var base strings.Builder
	seen := map[string]bool{}
	for _, item := range components.Items {
		name, ok := item.Value.(string)
		if !ok || seen[name] {
			return nil, refuse("the signature covers a component twice, or one without a name")
		}
		// sf, key, bs, req and tr change what is read; nobody in the fediverse uses them.
		if len(item.Params.Names()) > 0 {
			return nil, refuse("the signature covers %s with parameters, which are not supported", quote(name))
		}
		seen[name] = true
		value, err := t.value(name)
		if err != nil {
			return nil, err
		}
		base.WriteString(`"` + name + `": ` + value + "\n")
	}
	params, err := httpsfv.Marshal(httpsfv.List{components})
	if err != nil {
		return nil, refuse("the signature's parameters can't be written")
	}
	base.WriteString(`"@signature-params": ` + params)
	return []byte(base.String()), nil
}

// value is a component's value, of sections 2.1 and 2.2.
func (t target) value(name string) (string, error) {
	path, query, _ := strings.Cut(t.path, "?")
	switch name {
	case "@method":
		return t.method, nil
	case "@target-uri":
		return t.scheme + "://" + t.authority + t.path, nil
	case "@authority":
		return t.authority, nil
	case "host": // which net/http keeps apart
		return t.host, nil
	case "@scheme":
		return t.scheme, nil
	case "@request-target":
		return t.path, nil
	case "@path":
		return path, nil
	case "@query":
		return "?" + query, nil
	}
	if name != strings.ToLower(name) || !httpguts.ValidHeaderFieldName(name) || name == "signature" || name == "signature-input" {
		return "", refuse("the signature covers %s, which can't be signed", quote(name))
	}
	values, ok := t.header[http.CanonicalHeaderKey(name)]
	if !ok {
		return "", refuse("the signature covers %s, which the request lacks", quote(name))
	}
	trimmed := make([]string, len(values))
	for i, v := range values {
		// A line break would let one value stand for two lines.
		if strings.ContainsAny(v, "\r\n") {
			return "", refuse("the value of %s has a line break", quote(name))
		}
		trimmed[i] = strings.Trim(v, " \t")
	}
	return strings.Join(trimmed, ", "), nil
}
