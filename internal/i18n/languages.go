package i18n

// Language is one entry of a list to choose from.
type Language struct {
	Tag  string // BCP 47
	Name string // what its own speakers call it
}

// Languages returns the languages of the interface, the fallback first.
func Languages() []Language {
	return []Language{{"en", "English"}, {"fr", "Français"}}
}

// ArticleLanguages returns the languages offered for an article: those of the
// interface first, the others by their tags. Any other language can be had by
// importing a file that names it.
func ArticleLanguages() []Language {
	return append(Languages(), []Language{
		{"ar", "العربية"}, {"bg", "Български"}, {"br", "Brezhoneg"}, {"ca", "Català"}, {"cs", "Čeština"},
		{"cy", "Cymraeg"}, {"da", "Dansk"}, {"de", "Deutsch"}, {"el", "Ελληνικά"}, {"eo", "Esperanto"},
		{"es", "Español"}, {"et", "Eesti"}, {"eu", "Euskara"}, {"fa", "فارسی"}, {"fi", "Suomi"},
		{"ga", "Gaeilge"}, {"gl", "Galego"}, {"he", "עברית"}, {"hi", "हिन्दी"}, {"hr", "Hrvatski"},
		{"hu", "Magyar"}, {"id", "Bahasa Indonesia"}, {"it", "Italiano"}, {"ja", "日本語"}, {"ko", "한국어"},
		{"lt", "Lietuvių"}, {"lv", "Latviešu"}, {"nb", "Norsk bokmål"}, {"nl", "Nederlands"}, {"nn", "Norsk nynorsk"},
		{"oc", "Occitan"}, {"pl", "Polski"}, {"pt", "Português"}, {"ro", "Română"}, {"ru", "Русский"},
		{"sk", "Slovenčina"}, {"sl", "Slovenščina"}, {"sr", "Српски"}, {"sv", "Svenska"}, {"th", "ไทย"},
		{"tr", "Türkçe"}, {"uk", "Українська"}, {"vi", "Tiếng Việt"}, {"zh-Hans", "简体中文"}, {"zh-Hant", "繁體中文"},
	}...)
}

// NameOf returns what the speakers of a language call it, or the tag itself
// when it isn't one of ArticleLanguages.
func NameOf(tag string) string {
	for _, language := range ArticleLanguages() {
		if language.Tag == tag {
			return language.Name
		}
	}
	return tag
}
