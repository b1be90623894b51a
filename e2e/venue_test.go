package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"confnotes/models"
)

// venue is an instance in one language with everything on it that a page can show,
// and one that nobody has set up. Both are at real-looking https addresses, which the
// browser and the client look for on loopback.
type venue struct {
	language        string
	host, freshHost string
	full, empty     *instance
	store           *models.Store
	cookies         map[string]*http.Cookie // of who is signed in

	recap, limits, plain, gone string // paths of articles
	edit, editPlain            string // of the recap and of the plain article
	setup, own                 string // of the one-time link; of an answer of the author's
	plan                       string // of a schedule that isn't imported yet
	elsewhere                  string // a reader's server
	note                       string // path of the editor of a talk note
	hosted                     *hosted
	recapText                  url.Values
	post, private, theirs      *models.Post
	event                      conferencePages
}

// newVenue starts the two servers and fills one.
func newVenue(t testing.TB, ca *authority, language string) *venue {
	t.Helper()
	v := &venue{language: language, host: map[string]string{"en": "notes.example", "fr": "carnets.example"}[language], cookies: map[string]*http.Cookie{}}
	v.freshHost = "new." + v.host
	v.elsewhere = readersServer(t, ca)
	v.full, v.empty = v.instance(t, ca, v.host), v.instance(t, ca, v.freshHost)
	v.full.addAuthor(t)
	for handle, name := range map[string]string{newcomer: "Erell", gone: "Tadhg", longest: "Konstantinopolitanischerdudelsackpfeifenmachergeselle"} {
		v.full.must(t, password+"\n", "account", "add", handle, "--role", "author", "--name", name, "--password-stdin")
	}
	for _, in := range []*instance{v.full, v.empty} {
		in.start(t)
		store := openStore(t, in)
		write(t, store, func(ctx context.Context, tx *models.Store) error {
			return tx.Settings.Set(ctx, models.SettingSiteLanguage, language)
		})
		if in == v.full {
			v.store = store
		}
	}
	v.setup = strings.TrimPrefix(v.empty.setupURL(t), v.empty.baseURL)
	v.fill(t)
	v.hold(t)
	return v
}

func (v *venue) instance(t testing.TB, ca *authority, host string) *instance {
	t.Helper()
	address := freeAddress(t)
	in := newInstance(t, "https://"+host, address)
	in.program = swiftConfnotes
	in.args = append(in.args, "--tls-cert", ca.file("leaf.pem"), "--tls-key", ca.file("leaf.key"), "--allow-network", "127.0.0.0/8")
	in.env = append(in.env, "SSL_CERT_FILE="+ca.file("ca.pem"))
	in.client = ca.client()
	in.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.pool, ServerName: "localhost"},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		}}
	return in
}

// readersServer is a server that says where its users go to follow. It answers the
// browser that comes with nothing, so that the page that sent it stays.
func readersServer(t testing.TB, ca *authority) (host string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/webfinger", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/jrd+json")
		_, _ = fmt.Fprintf(w, `{"subject":%q,"links":[{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://%s/go?uri={uri}"}]}`, r.URL.Query().Get("resource"), r.Host)
	})
	mux.HandleFunc("GET /go", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return serveSecure(t, ca, mux)
}

// at is the instance of an exhibit.
func (v *venue) at(e exhibit) *instance {
	if e.fresh {
		return v.empty
	}
	return v.full
}

// rules has the browser find the instances on loopback.
func (v *venue) rules() []string {
	return []string{"MAP " + v.host + ":443 " + v.full.address, "MAP " + v.freshHost + ":443 " + v.empty.address}
}

// signIn keeps a session of somebody.
func (v *venue) signIn(t testing.TB, handle string) {
	t.Helper()
	res, body := v.send(t, v.full, nobody, "/sign-in", url.Values{"handle": {handle}, "password": {password}})
	if len(res.Cookies()) != 1 {
		t.Fatalf("sign in as %s: %s %s", handle, res.Status, body)
	}
	v.cookies[handle] = res.Cookies()[0]
}

// send posts a form, or opens the path if there is none, and returns the answer.
func (v *venue) send(t testing.TB, in *instance, as, path string, form url.Values) (*http.Response, string) {
	t.Helper()
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(t.Context(), method, in.baseURL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c := v.cookies[as]; c != nil {
		req.AddCookie(c)
	}
	res, err := in.client.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return res, string(page)
}

// does posts a form that must be taken, and returns the path that it leads to.
func (v *venue) does(t testing.TB, as, path string, form url.Values) string {
	t.Helper()
	res, body := v.send(t, v.full, as, path, form)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("POST %s answers %s:\n%s", path, res.Status, body)
	}
	to, _, _ := strings.Cut(res.Header.Get("Location"), "?")
	return to
}

func openStore(t testing.TB, in *instance) *models.Store {
	t.Helper()
	store, err := models.Open(in.data, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func write(t testing.TB, store *models.Store, f func(ctx context.Context, tx *models.Store) error) {
	t.Helper()
	if err := store.InTx(t.Context(), func(tx *models.Store) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// seascape is a picture of waves: bands of blue that get darker towards the viewer.
func seascape(t testing.TB, width, height int, horizon int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			img.Set(x, y, color.RGBA{246, 226, 196, 255})
		}
		for wave := range 6 {
			top := horizon + wave*height/12 + int(float64(12+6*wave)*math.Sin(float64(x)/float64(60+25*wave)+float64(wave)))
			for y := max(top, 0); y < height; y++ {
				img.Set(x, y, color.RGBA{uint8(120 - 18*wave), uint8(168 - 20*wave), uint8(190 - 16*wave), 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// publish publishes a file of the gallery with its pictures, and returns its path.
func (v *venue) publish(t testing.TB, name, as string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/gallery/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return v.publishText(t, string(text), as)
}

func (v *venue) publishText(t testing.TB, text, as string) string {
	t.Helper()
	folder := t.TempDir()
	files := map[string][]byte{"article.md": []byte(text)}
	if strings.Contains(text, "cover.png") {
		files["cover.png"], files["tides.png"] = seascape(t, 1600, 900, 420), seascape(t, 1200, 600, 90)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return strings.TrimPrefix(v.full.must(t, "", "publish", filepath.Join(folder, "article.md"), "--as", as), v.full.baseURL)
}
