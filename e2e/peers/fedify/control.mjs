// The control API: what a test has the peer do. POST bodies and all answers are JSON.
import { generateCryptoKeyPair, signRequest } from "@fedify/fedify";
import * as V from "@fedify/fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { anew, asking, context, decide, followers, following, gets, newId, notes, origin, readBody, received, secure, sent, user } from "./federation.mjs";
import { understand } from "./understand.mjs";

const cavage = "draft-cavage-http-signatures-12";
const accept = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"';

const need = (value, name) => {
  if (value == null) throw Object.assign(new Error(`missing or not found: ${name}`), { status: 404 });
  return value;
};
const me = (ctx) => ctx.getActorUri(user);
const loader = (ctx) => ctx.getDocumentLoader({ identifier: user });

async function send(ctx, to, activity, options = {}) {
  sent.set(activity.id.href, activity);
  await ctx.sendActivity({ identifier: user }, to, activity, { immediate: true, ...options });
  return { activity: activity.id.href };
}

// remote finds an actor or object by URL or, over https, by handle.
const remote = async (ctx, name) =>
  need(await ctx.lookupObject(String(need(name, "object")), { documentLoader: await loader(ctx) }), name);

async function authorOf(ctx, object) {
  if (V.isActor(object)) return object;
  return need(await object.getAttribution({ documentLoader: await loader(ctx), contextLoader: ctx.contextLoader }), "attributedTo");
}

async function follow(ctx, { actor }) {
  const who = await remote(ctx, actor);
  following.set(who.id.href, "pending");
  const activity = new V.Follow({ id: newId("follows"), actor: me(ctx), object: who.id, to: who.id });
  return { ...(await send(ctx, who, activity)), actor: who.id.href };
}

async function react(ctx, Activity, kind, { object }, extra = {}) {
  const target = await remote(ctx, object), to = await authorOf(ctx, target);
  return send(ctx, to, new Activity({ id: newId(kind), actor: me(ctx), object: target.id, to: to.id, ...extra }));
}

// publish sends a note, or something else, for everyone to those whom it mentions, or to others.
async function publish(ctx, all, said, { to = all, Kind = V.Note, tags = [], sending } = {}) {
  const id = crypto.randomUUID();
  const note = new Kind({
    id: ctx.getObjectUri(V.Note, { id }), attribution: me(ctx), ...said,
    published: Temporal.Now.instant(), url: new URL(`/@${user}/${id}`, me(ctx)),
    tos: [V.PUBLIC_COLLECTION], ccs: [ctx.getFollowersUri(user), ...all.map((a) => a.id)],
    tags: [...tags, ...all.map((a) => new V.Mention({ href: a.id, name: `@${a.preferredUsername}@${a.id.host}` }))],
  });
  notes.set(id, note);
  const create = new V.Create({ id: newId("creates"), actor: me(ctx), object: note, tos: note.toIds, ccs: note.ccIds, published: note.published });
  return { ...(await send(ctx, to, create, sending)), object: note.id.href };
}

const named = (ctx, mention) => Promise.all(mention.map((name) => remote(ctx, name)));

// reply answers an object. Those who are mentioned beside its author are sent it, too.
async function reply(ctx, { object, content, summary, mention = [] }) {
  const target = await remote(ctx, object), to = await authorOf(ctx, target);
  return publish(ctx, [to, ...(await named(ctx, mention))], { content, summary, replyTarget: target.id });
}

// post writes a note that answers nothing.
const post = async (ctx, { content, mention }) => publish(ctx, await named(ctx, mention), { content });

// tell writes to those who follow, and says whom it takes for them (FEP-8fcf): a note, an
// article where it has a name, a poll where it has choices. The peer's emoji is :wave:.
function tell(ctx, { content, name, summary, choices = [] }) {
  const exclusiveOptions = choices.map((choice) => new V.Note({ name: choice, replies: new V.Collection({ totalItems: 0 }) }));
  const poll = choices.length ? { exclusiveOptions, endTime: Temporal.Now.instant().add({ hours: 24 }) } : {};
  const wave = new V.Emoji({ id: new URL("/emoji/wave", origin), name: ":wave:", icon: new V.Image({ mediaType: "image/png", url: new URL("/emoji/wave.png", origin) }) });
  return publish(ctx, [], { content, name, summary, ...poll }, {
    to: "followers", sending: { preferSharedInbox: true, syncCollection: true },
    Kind: choices.length ? V.Question : name ? V.Article : V.Note, tags: content.includes(":wave:") ? [wave] : [],
  });
}

// quote writes a note that quotes an object, and asks its author whether it may (FEP-044f).
async function quote(ctx, { object, content }) {
  const target = await remote(ctx, object), to = await authorOf(ctx, target);
  const written = await publish(ctx, [to], { content, quote: target.id, quoteUrl: target.id }, { to: [] });
  const request = new V.QuoteRequest({ id: newId("quotes"), actor: me(ctx), object: target.id, instrument: notes.get(written.object.split("/").pop()), to: to.id });
  return { ...(await send(ctx, to, request)), object: written.object };
}

// report says what is wrong with somebody's object.
async function report(ctx, { object, content }) {
  const target = await remote(ctx, object), to = await authorOf(ctx, target);
  return send(ctx, to, new V.Flag({ id: newId("flags"), actor: me(ctx), objects: [to.id, target.id], content }));
}

async function block(ctx, { actor }) {
  const who = await remote(ctx, actor);
  followers.delete(who.id.href);
  following.delete(who.id.href);
  return send(ctx, who, new V.Block({ id: newId("blocks"), actor: me(ctx), object: who.id, to: who.id }));
}

// move tells the followers that the user has another account from now on.
const move = (ctx) =>
  send(ctx, "followers", new V.Move({ id: newId("moves"), actor: me(ctx), object: me(ctx), target: ctx.getActorUri(anew), to: ctx.getFollowersUri(user) }));

async function answerFollow(ctx, { actor, accept }) {
  need(asking.get(actor), actor);
  return { activity: (await decide(ctx, actor, accept ? V.Accept : V.Reject)).id.href };
}

// forget is what a server does that lost a follower: it says nothing.
const forget = (_ctx, { actor }) => ({ actor: need(followers.delete(actor) ? actor : null, actor) });

// wave has so many accounts answer, each with a link and a mention.
async function wave(ctx, { object, count, content }) {
  const target = await remote(ctx, object), to = await authorOf(ctx, target);
  const one = async (n) => {
    const identifier = `wave${n}`, actor = ctx.getActorUri(identifier), id = crypto.randomUUID();
    const note = new V.Note({
      id: ctx.getObjectUri(V.Note, { id }), attribution: actor, content: `${content} ${n}`, replyTarget: target.id, published: Temporal.Now.instant(),
      tos: [V.PUBLIC_COLLECTION], ccs: [to.id], tags: [new V.Mention({ href: to.id, name: `@${to.preferredUsername}@${to.id.host}` })],
    });
    notes.set(id, note);
    const create = new V.Create({ id: newId("creates"), actor, object: note, tos: note.toIds, ccs: note.ccIds });
    await ctx.sendActivity({ identifier }, to, create, { immediate: true });
  };
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const oneAfterOther = async () => {
    for (let n; (n = numbers.shift()); ) await one(n);
  };
  await Promise.all(Array.from({ length: 8 }, oneAfterOther));
  return { activity: "", object: target.id.href };
}

async function edit(ctx, { object, content, to }) {
  const id = object.split("/").pop(), note = need(notes.get(id), object).clone({ content, updated: Temporal.Now.instant() });
  notes.set(id, note);
  const update = new V.Update({ id: newId("updates"), actor: me(ctx), object: note, tos: note.toIds, ccs: note.ccIds });
  return send(ctx, await remote(ctx, to), update);
}

async function remove(ctx, { object, to }) {
  const id = object.split("/").pop(), note = need(notes.get(id), object);
  notes.delete(id);
  const tombstone = new V.Tombstone({ id: note.id });
  return send(ctx, await remote(ctx, to), new V.Delete({ id: newId("deletes"), actor: me(ctx), object: tombstone, to: V.PUBLIC_COLLECTION }));
}

async function undo(ctx, { activity }) {
  const undone = need(sent.get(activity), activity), to = await authorOf(ctx, await remote(ctx, undone.objectId.href));
  if (undone instanceof V.Follow) following.delete(undone.objectId.href);
  return send(ctx, to, new V.Undo({ id: newId("undos"), actor: undone.actorId, object: undone, to: to.id }));
}

// raw posts any body, signed well or badly. A string goes as it is.
async function raw(ctx, { inbox, body, mode = "good", spec = cavage, contentType = "application/activity+json" }) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  let request = new Request(inbox, { method: "POST", headers: { "content-type": contentType }, body: text });
  if (mode !== "unsigned") {
    const pair = (await ctx.getActorKeyPairs(user))[0];
    const key = mode === "wrong-key" ? (await generateCryptoKeyPair("RSASSA-PKCS1-v1_5")).privateKey : pair.privateKey;
    const currentTime = mode === "old-date" ? Temporal.Now.instant().subtract({ hours: 48 }) : undefined;
    request = await signRequest(request, key, pair.keyId, { spec, currentTime });
  }
  const headers = new Headers(request.headers);
  if (mode === "bad-signature") {
    const other = (_match, before, first) => before + (first === "A" ? "B" : "A");
    headers.set("signature", headers.get("signature").replace(/(signature="|sig1=:)(.)/, other));
  }
  const sentBody = mode === "bad-digest" ? text.replace(/\}\s*$/, ',"x":1}') : text;
  const response = await fetch(inbox, { method: "POST", headers, body: sentBody, redirect: "manual" });
  return { status: response.status, body: (await response.text()).slice(0, 1000) };
}

// get fetches a document with the user's signature and says what is lost in it.
async function get(ctx, { url }) {
  const pair = (await ctx.getActorKeyPairs(user))[0];
  const request = await signRequest(new Request(url, { headers: { accept } }), pair.privateKey, pair.keyId, { spec: cavage });
  const response = await fetch(request, { redirect: "manual" }), text = await response.text();
  const answer = { status: response.status, contentType: response.headers.get("content-type") };
  try {
    answer.document = JSON.parse(text);
    answer.understood = await understand(answer.document, ctx);
  } catch (error) {
    answer.parseError = `${error}: ${text.slice(0, 500)}`;
  }
  return answer;
}

// file fetches what an object shows, as any server does: without a signature.
async function file(_ctx, { url }) {
  const response = await fetch(url, { redirect: "manual" }), bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, contentType: response.headers.get("content-type"), length: bytes.length, start: bytes.subarray(0, 4).toString("latin1") };
}

async function collection(ctx, { url }) {
  const found = await remote(ctx, url), items = [];
  for await (const item of ctx.traverseCollection(found, { documentLoader: await loader(ctx) })) items.push(item.id?.href);
  return { class: found.constructor.name, totalItems: found.totalItems, items };
}

const routes = {
  "/webfinger": (ctx, { resource }) => ctx.lookupWebFinger(resource),
  "/lookup": async (ctx, { name }) => {
    const found = await remote(ctx, name);
    return understand(await found.toJsonLd({ contextLoader: ctx.contextLoader }), ctx);
  },
  "/get": get,
  "/file": file,
  "/collection": collection,
  "/follow": follow,
  "/like": (ctx, body) => react(ctx, V.Like, "likes", body),
  "/announce": (ctx, body) => react(ctx, V.Announce, "announces", body, { to: V.PUBLIC_COLLECTION, published: Temporal.Now.instant() }),
  "/reply": reply,
  "/post": post,
  "/tell": tell,
  "/quote": quote,
  "/report": report,
  "/block": block,
  "/move": move,
  "/answer-follow": answerFollow,
  "/forget": forget,
  "/wave": wave,
  "/edit": edit,
  "/delete": remove,
  "/undo": undo,
  "/raw": raw,
  "/received": (_ctx, { type }) => received.filter((e) => !type || e.activity?.type === type),
  "/gets": () => gets,
  "/state": (ctx) => ({ actor: me(ctx).href, secure, followers: [...followers.keys()], asking: [...asking.keys()], following: Object.fromEntries(following) }),
};

// control answers one request of the control API.
export async function control(req, res) {
  let status = 200, answer;
  try {
    const route = need(routes[req.url], req.url), body = await readBody(req);
    answer = await route(context(), body.length ? JSON.parse(body) : {});
  } catch (error) {
    status = error.status ?? 502;
    answer = { error: String(error), cause: error.cause && String(error.cause), stack: String(error.stack).split("\n").slice(1, 4) };
  }
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer ?? null));
}
