package main

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"confnotes/activitypub"
	"confnotes/activitypub/doctor"
	"confnotes/activitypub/fetch"
	"confnotes/activitypub/signature"
	"confnotes/internal/account"
	"confnotes/internal/config"
	"confnotes/internal/draft"
	"confnotes/internal/media"
	"confnotes/internal/picture"
	"confnotes/internal/programme"
	"confnotes/internal/replica"
	"confnotes/models"
)

// app is the program's parts below HTTP, wired.
type app struct {
	store      *models.Store
	iris       *activitypub.IRIs
	client     *fetch.Client
	accounts   *account.Service
	drafts     *draft.Service
	resolver   *activitypub.Resolver
	outbox     *activitypub.Outbox
	pictures   *picture.Service
	copies     *replica.Service
	programmes *programme.Service
	courier    *activitypub.Courier
	doctor     *doctor.Doctor
	around
}

// around is what an app has from outside.
type around struct {
	log *slog.Logger
	now func() time.Time
	// peers are the only servers that are spoken to, by host and port; nil is all.
	peers []string
}

// wire makes the parts that work on a data folder.
func wire(store *models.Store, data string, f config.Federation, env around) (*app, error) {
	iris, err := activitypub.NewIRIs(f.BaseURL, f.AccountDomain)
	if err != nil {
		return nil, err
	}
	_, off := f.Off()
	client := fetch.New(fetch.Options{
		UserAgent: "confnotes/" + version + " (+" + iris.Base() + "/)", AllowNetworks: f.AllowNetwork, Only: env.peers,
		AllowHTTP: !iris.Secure(), Off: off, SignAs: activitypub.InstanceKeys(store, iris), Now: env.now,
	})
	a := &app{store: store, iris: iris, client: client, around: env, drafts: draft.NewService(env.now),
		accounts: account.NewService(store, makeKeys, env.now), resolver: activitypub.NewResolver(store, iris, client, env.now),
		courier: activitypub.NewCourier(store, iris, client, env.log, env.now), programmes: programme.NewService(store, makeKeys, client, env.log, env.now)}
	folder, err := media.OpenFolder(filepath.Join(data, "media", "pictures"))
	if err != nil {
		return nil, err
	}
	a.pictures = picture.NewService(store, folder, env.log, env.now)
	if folder, err = media.OpenFolder(filepath.Join(data, "media", "copies")); err != nil {
		return nil, err
	}
	a.copies = replica.NewService(store, a.pictures.Processor(), folder, replica.DefaultLimits, env.log, env.now)
	a.doctor = doctor.New(store, iris, client, a.resolver, data, env.now)
	a.outbox = activitypub.NewOutbox(store, iris, a.resolver, a.drafts, env.log, env.now, a.courier.Wake)
	return a, nil
}

// makeKeys makes the keys of an actor of ours.
func makeKeys() ([]*models.ActorKey, error) {
	key, err := signature.GenerateKey()
	if err != nil {
		return nil, err
	}
	rsa, err := keyRow(models.KeyRSA, key)
	if err != nil {
		return nil, err
	}
	ed25519, err := makeEd25519()
	return []*models.ActorKey{rsa, ed25519}, err
}

func makeEd25519() (*models.ActorKey, error) {
	key, err := signature.GenerateEd25519()
	if err != nil {
		return nil, err
	}
	return keyRow(models.KeyEd25519, key)
}

func keyRow(algorithm string, key crypto.Signer) (*models.ActorKey, error) {
	private, err := signature.EncodePrivateKey(key)
	if err != nil {
		return nil, err
	}
	public, err := signature.EncodePublicKey(key.Public())
	return &models.ActorKey{Algorithm: algorithm, PublicPEM: public, PrivatePEM: private}, err
}

// beside opens a data folder for a command that may run beside the server: it makes
// no files as another user, and works on its own version of the schema only.
func beside(ctx context.Context, dir string) (*models.Store, error) {
	if err := config.CheckOwner(dir); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, models.DatabaseFile)); errors.Is(err, fs.ErrNotExist) {
		return create(ctx, dir)
	}
	store, err := models.Open(dir, false)
	if err != nil {
		return nil, err
	}
	if err := store.CheckSchema(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// create makes the database of a new instance: the first command may be
// `account add`, before the server ever ran.
func create(ctx context.Context, dir string) (*models.Store, error) {
	release, err := config.Lock(dir)
	if err != nil {
		return nil, err
	}
	defer release()
	store, err := models.Open(dir, true)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, dir); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// identity returns the base URL and account domain that a running or past server
// recorded, for a command that was given none.
func identity(ctx context.Context, store *models.Store, f *config.Federation) error {
	all, err := store.Settings.All(ctx)
	if err != nil {
		return err
	}
	if recorded := all[models.SettingBaseURL]; recorded != "" {
		if f.BaseURL == defaultBaseURL {
			f.BaseURL = recorded
		}
		if f.AccountDomain == "" {
			f.AccountDomain = all[models.SettingAccountDomain]
		}
	}
	return keepIdentity(ctx, store, *f)
}

const defaultBaseURL = "http://localhost:8080"

// keepIdentity records base URL and account domain, and refuses others once another
// server has learned of us: every id would change.
func keepIdentity(ctx context.Context, store *models.Store, f config.Federation) error {
	iris, err := activitypub.NewIRIs(f.BaseURL, f.AccountDomain)
	if err != nil {
		return err
	}
	all, err := store.Settings.All(ctx)
	if err != nil {
		return err
	}
	base, domain := all[models.SettingBaseURL], all[models.SettingAccountDomain]
	if base == iris.Base() && domain == iris.Domain() {
		return nil
	}
	if all[models.SettingFederatedAt] != "" {
		return fmt.Errorf("this data folder is %s with handles @…@%s, and other servers know it by that since %s: start with --base-url %s --account-domain %s",
			base, domain, all[models.SettingFederatedAt], base, domain)
	}
	return store.InTx(ctx, func(tx *models.Store) error {
		if err := tx.Settings.Set(ctx, models.SettingBaseURL, iris.Base()); err != nil {
			return err
		}
		return tx.Settings.Set(ctx, models.SettingAccountDomain, iris.Domain())
	})
}

func newLogger(out *output, level string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // kong's enum lets only levels through
	return slog.New(slog.NewTextHandler(out.stderr, &slog.HandlerOptions{Level: l}))
}
