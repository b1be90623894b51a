// Package arrows has no code, only a test that keeps the house in shape: imports run
// one way, cmd → handlers → activitypub → internal services → models, leaves below
// all, and what must stay in one place (gorm, the sanitizer, template.HTML) does. The
// compiler only refuses circles; a shortcut it takes gladly.
package arrows
