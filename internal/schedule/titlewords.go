package schedule

import "strings"

// The words by which ParseTitleLine tells a role from a company, and a name from the
// end of a title. Each list stands in lower case.

func words(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

var roleWords = words(`engineer engineering developer dev director directora directeur directrice manager management lead leader head chief
	ceo cto cio ciso coo cfo cmo cpo cso vp svp evp avp president président présidente founder co-founder cofounder fondateur fondatrice
	cofondateur cofondatrice co-fondateur co-fondatrice architect architecte arquitecte arquitecta arquitecto ingénieur ingénieure ingeniero
	ingeniera scientist researcher chercheur chercheuse professor professeur professeure lecturer student étudiant étudiante doctorant
	doctorante phd postdoc maintainer mainteneur mainteneuse contributor contributeur contributrice committer advocate advocacy evangelist
	évangéliste consultant consultante analyst analyste designer designeuse owner sre administrator administrateur administratrice sysadmin
	responsable chef cheffe fellow principal staff senior junior chair co-chair chairman chairwoman chairperson specialist spécialiste
	expert experte officer coordinator coordinateur coordinatrice organizer organiser organisateur organisatrice journalist journaliste
	author auteur autrice développeur développeuse entwickler entwicklerin leiter leiterin geschäftsführer geschäftsführerin
	programmer technologist strategist technician member membre intern stagiaire mentor trainer formateur formatrice devrel
	advisor investor ambassador ambassadeur ambassadrice secretary secrétaire minister ministre mayor maire teacher editor writer
	délégué déléguée chargé chargée associate executive practitioner operator`)

// companyWords never stand in a person's name; those after a company's own name, the
// forms of companies, are joined to what stands before a comma: "Foo, Inc.".
var companyWords = words(`labs lab systems software technologies technology tech solutions group groupe foundation fondation fundación
	university université universität universidad universitat institute institut instituto college école ecole school bank banque banco
	mairie ville city ministère ministry région conseil ateliers atelier projet project data cloud networks network digital consulting
	services media studio studios research security health energy télécom telecom telekom airlines corporation company partners ventures
	capital association collectif collective cooperative coopérative freelance independent indépendant indépendante inria cnrs cern
	agence agency centre center commission department département laboratoire library bibliothèque hospital hôpital team équipe community
	communauté industries insurance assurances press bros brothers worldwide international global europe france xarxa open source linux red`)

var companyForms = words(`inc inc. llc llc. ltd ltd. gmbh ag sa s.a. sas s.a.s. sarl s.p.a. spa srl s.r.l. bv b.v. nv as a/s ab oy oyj plc
	corp corp. co co. kg se e.v. ev pty kk k.k. sl s.l. lp llp pbc`)

var nameSuffixes = words(`jr jr. sr sr. phd ph.d. md m.d. esq. ii iii iv`)

// nameParticles stand in names in lower case.
var nameParticles = words(`de la le du des d' von van der den ter ten zu zum af av bin ibn al el i y e da das do dos di del della dal
	los las els il degli lo ben abu san of o' mc st st. af' t'`)

// notNames begin titles and parts of titles in capitals, never a person's name.
var notNames = words(`the a an how why what when where who which is are can do does will should your my our their its from for with without
	and or to in on of at by as not no yes this that these into beyond behind inside under over after before towards toward using building
	making running scaling getting going moving lessons learned introduction intro opening closing remarks welcome session sessions keynote
	panel workshop tutorial talk talks lightning part day days edition break lunch coffee q&a qa questions answers deep dive case study story
	update updates overview demo demos state future live recap summit track room stage level beginner intermediate advanced all any
	les des un une pour comment pourquoi dans avec sans sur sous par vers chez et ou où qui que quoi est sont nos vos notre votre mon ma
	mes son sa ses leur leurs ce cette ces retour partie jour ouverture clôture accueil discussion débat atelier table la le
	tba tbd tbc announced speaker speakers various
	der die das ein eine und mit für wie warum`)

// wellKnown are companies whose names look like a person's.
var wellKnown = words(`red-hat goldman-sachs morgan-stanley capital-one wells-fargo hugging-face palo-alto-networks hewlett-packard
	hewlett-packard-enterprise deutsche-bank deutsche-telekom crédit-agricole crédit-mutuel société-générale la-poste le-monde
	american-express home-depot best-buy general-electric general-motors new-relic elastic-search docker-inc mercedes-benz
	mercedes-benz-tech-innovation booking-holdings lockheed-martin rolls-royce trend-micro check-point ernst-young boston-dynamics
	clever-cloud leroy-merlin decathlon-technology michelin-group air-france vmware-tanzu new-york-times blue-origin electronic-arts
	palo-alto volvo-cars jp-morgan jpmorgan-chase baker-hughes honeycomb-io sky-betting charles-schwab edward-jones johnson-controls`)

// prefixWords are those of which "Opening Keynote:" and "Table ronde :" are made.
var prefixWords = words(`keynote keynotes plenary plénière lightning ⚡ éclair quickie ignite flash talk talks panel table ronde round roundtable
	fishbowl débat workshop tutorial atelier hands-on hands on training masterclass lab bof birds birds-of-a-feather of a feather session sessions
	discussion sponsored opening closing break coffee lunch pause café déjeuner community short mini mesa redonda ouverture d'ouverture de
	clôture finale final meetup poster demo`)

// levelWords are what stands in parentheses after a line and tells who a talk is for.
var levelWords = words(`level niveau niveaux beginner intermediate advanced débutant intermédiaire avancé débutants skill`)
