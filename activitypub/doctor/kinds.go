package doctor

// kind is something that can be found: how bad it is, and what is said of it.
type kind struct {
	level    Level
	seen, do string
}

// What can be found, by the check that finds it.
var (
	federationOff = kind{Problem, "health.off", "health.off_do"}
	notStarted    = kind{Problem, "health.not_started", "health.not_started_do"}

	databaseWorks   = kind{OK, "health.database", ""}
	databaseFails   = kind{Problem, "health.database_fails", "health.database_fails_do"}
	diskWorks       = kind{OK, "health.disk", ""}
	diskFails       = kind{Problem, "health.disk_fails", "health.disk_fails_do"}
	diskFull        = kind{Problem, "health.disk_full", "health.disk_full_do"}
	diskAlmostFull  = kind{Warning, "health.disk_full", "health.disk_full_do"}
	queueWorks      = kind{OK, "health.queue", ""}
	queueStands     = kind{Problem, "health.queue_stands", "health.queue_stands_do"}
	serversFail     = kind{Warning, "health.failing", "health.failing_do"}
	serversAreDead  = kind{Warning, "health.dead", "health.dead_do"}
	reached         = kind{OK, "health.reached", ""}
	nameUnknown     = kind{Problem, "health.name_unknown", "health.name_unknown_do"}
	namePrivate     = kind{Problem, "health.name_private", "health.name_private_do"}
	unreachable     = kind{Problem, "health.unreachable", "health.unreachable_do"}
	somebodyElse    = kind{Problem, "health.somebody_else", "health.somebody_else_do"}
	movedAway       = kind{Problem, "health.moved", "health.moved_do"}
	certified       = kind{OK, "health.certificate", ""}
	certifiedBarely = kind{Warning, "health.certificate_ends", "health.certificate_ends_do"}
	certExpired     = kind{Problem, "health.certificate_expired", "health.certificate_expired_do"}
	certOther       = kind{Problem, "health.certificate_other", "health.certificate_other_do"}
	certUntrusted   = kind{Problem, "health.certificate_untrusted", "health.certificate_untrusted_do"}

	clockRight = kind{OK, "health.clock", ""}
	clockOff   = kind{Warning, "health.clock_off", "health.clock_off_do"}
	clockWrong = kind{Problem, "health.clock_off", "health.clock_off_do"}

	fingerWorks       = kind{OK, "health.webfinger", ""}
	fingerFails       = kind{Problem, "health.webfinger_fails", "health.webfinger_fails_do"}
	fingerOther       = kind{Problem, "health.webfinger_other", "health.webfinger_other_do"}
	domainFingerFails = kind{Problem, "health.webfinger_fails", "health.domain_do"}
	domainFingerOther = kind{Problem, "health.webfinger_other", "health.domain_do"}

	actorWorks = kind{OK, "health.actor", ""}
	actorFails = kind{Problem, "health.actor_fails", "health.actor_fails_do"}
	actorType  = kind{Problem, "health.actor_type", "health.actor_type_do"}

	deliveryWorks    = kind{OK, "health.delivery", ""}
	hostChanged      = kind{Problem, "health.host_changed", "health.host_changed_do"}
	signatureDropped = kind{Problem, "health.signature_dropped", "health.header_do"}
	digestDropped    = kind{Problem, "health.digest_dropped", "health.header_do"}
	bodyChanged      = kind{Problem, "health.body_changed", "health.body_changed_do"}
	requestChanged   = kind{Problem, "health.request_changed", "health.request_changed_do"}
	serverClockOff   = kind{Problem, "health.server_clock", "health.clock_off_do"}
	inboxMoved       = kind{Problem, "health.inbox_moved", "health.inbox_moved_do"}
	deliveryTooLarge = kind{Problem, "health.delivery_large", "health.upload_do"}
	deliveryRefused  = kind{Problem, "health.delivery_refused", "health.delivery_refused_do"}
	proxyUnknown     = kind{Warning, "health.proxy_unknown", "health.proxy_unknown_do"}
	proxySilent      = kind{Warning, "health.proxy_silent", "health.proxy_silent_do"}

	uploadWorks = kind{OK, "health.upload", ""}
	uploadLarge = kind{Problem, "health.upload_large", "health.upload_do"}
	uploadFails = kind{Warning, "health.upload_fails", "health.upload_fails_do"}

	addressOdd     = kind{Problem, "health.their_address", "health.their_address_do"}
	theirFinger    = kind{Problem, "health.their_webfinger", "health.their_webfinger_do"}
	theirActor     = kind{Problem, "health.their_actor", "health.their_actor_do"}
	theirInbox     = kind{Problem, "health.their_inbox", "health.their_inbox_do"}
	theyAnswer     = kind{OK, "health.they_answer", ""}
	theyAreBlocked = kind{Warning, "health.they_are_blocked", "health.they_are_blocked_do"}
)
