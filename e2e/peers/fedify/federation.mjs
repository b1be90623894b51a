// The public side: WebFinger, the actors, the inbox, and a log of what came in.
import { createFederation, generateCryptoKeyPair, MemoryKvStore, verifyRequestDetailed } from "@fedify/fedify";
import * as V from "@fedify/fedify/vocab";
import { understand } from "./understand.mjs";

const env = process.env;
export const origin = new URL(env.PEER_ORIGIN ?? "http://localhost:8103");
export const secure = origin.protocol === "https:";
export const user = env.PEER_USER ?? "carol";
const instance = "instance"; // the actor that signs for the server
export const anew = `${user}_anew`; // the account that the user may move to

// What the peer knows. following: actor id → pending or accepted. asking: actor id → the
// Follow that waits for an answer, where followers are approved by hand.
export const notes = new Map(), followers = new Map(), following = new Map(), asking = new Map(), sent = new Map();
export const received = [], gets = [];

export const federation = createFederation({
  kv: new MemoryKvStore(),
  origin: origin.origin,
  allowPrivateAddress: true,
  firstKnock: env.PEER_KNOCK ?? "rfc9421",
  userAgent: { software: "ConfnotesPeer/1.0", url: origin.origin },
});
export const context = () => federation.createContext(origin, undefined);
export const newId = (kind) => new URL(`/${kind}/${crypto.randomUUID()}`, origin);

const keys = new Map(); // of promises, so that two who ask at once get the same pair
// A wave of accounts, wave1 and on, for tests of what many strangers do. They share a
// key: making one takes a while.
const inWave = (id) => /^wave[0-9]+$/.test(id);
const keyPairs = (name) => {
  const id = inWave(name) ? "wave" : name;
  const kinds = ["RSASSA-PKCS1-v1_5", ...(env.PEER_PLAIN ? [] : ["Ed25519"])];
  if (!keys.has(id)) keys.set(id, Promise.all(kinds.map((a) => generateCryptoKeyPair(a))));
  return keys.get(id);
};
const known = (id) => [user, anew, instance].includes(id) || inWave(id);

// In secure mode a GET must be signed by somebody whose key can be fetched.
const signed = async (ctx) => {
  if (!env.PEER_AUTHFETCH) return true;
  const documentLoader = await ctx.getDocumentLoader({ identifier: instance });
  return (await ctx.getSignedKeyOwner({ documentLoader })) != null;
};

federation.setActorDispatcher("/users/{identifier}", async (ctx, id) => {
  if (!known(id)) return null;
  const pairs = await ctx.getActorKeyPairs(id);
  const Actor = id === instance ? V.Application : V.Person;
  return new Actor({
    id: ctx.getActorUri(id),
    preferredUsername: id,
    name: `${id} at ${origin.host}`,
    url: new URL(`/@${id}`, origin),
    inbox: ctx.getInboxUri(id),
    outbox: ctx.getOutboxUri(id),
    followers: ctx.getFollowersUri(id),
    following: ctx.getFollowingUri(id),
    endpoints: new V.Endpoints({ sharedInbox: ctx.getInboxUri() }),
    publicKey: pairs[0].cryptographicKey,
    assertionMethods: env.PEER_PLAIN ? [] : pairs.map((p) => p.multikey),
    manuallyApprovesFollowers: id === user && Boolean(env.PEER_APPROVES),
    aliases: id === anew ? [ctx.getActorUri(user)] : [],
  });
}).setKeyPairsDispatcher((_ctx, id) => (known(id) ? keyPairs(id) : []))
  .authorize(async (ctx, id) => id === instance || (await signed(ctx)));
federation.setObjectDispatcher(V.Note, "/notes/{id}", (_ctx, { id }) => notes.get(id) ?? null).authorize(signed);

const ofUser = (list) => (_ctx, id, _cursor, server) => (known(id) ? { items: id === user ? list(server) : [] } : null);
federation.setFollowersDispatcher("/users/{identifier}/followers", ofUser((server) => [...followers.values()].filter((f) => !server || f.id.origin === server.origin)));
federation.setFollowingDispatcher("/users/{identifier}/following", ofUser(() => [...following.keys()].map((u) => new URL(u))));
federation.setOutboxDispatcher("/users/{identifier}/outbox", ofUser(() => [...sent.values()].filter((a) => a instanceof V.Create)));

// The Follow inside an Accept is ours: Fedify would refetch it rather than trust the
// copy, so it is matched by its id.
const answered = (activity, state) => {
  const follow = sent.get(activity.objectId?.href);
  if (!(follow instanceof V.Follow) || activity.actorId?.href !== follow.objectId?.href) return;
  if (state) following.set(activity.actorId.href, state);
  else following.delete(activity.actorId.href);
};

// decide accepts or rejects somebody who asks to follow.
export async function decide(ctx, actor, Answer) {
  const { who, follow } = asking.get(actor);
  asking.delete(actor);
  if (Answer === V.Accept) followers.set(actor, who);
  const answer = new Answer({ id: newId("answers"), actor: follow.objectId, object: follow, to: who.id });
  await ctx.sendActivity({ identifier: user }, who, answer, { immediate: true });
  return answer;
}

let entry; // of the inbox request under way: they are handled one at a time
federation.setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .setSharedKeyDispatcher(() => ({ identifier: instance }))
  .on(V.Accept, (_ctx, activity) => answered(activity, "accepted"))
  .on(V.Reject, (_ctx, activity) => answered(activity, null))
  .on(V.Follow, async (ctx, follow) => {
    const documentLoader = await ctx.getDocumentLoader({ identifier: instance });
    const who = await follow.getActor({ documentLoader, contextLoader: ctx.contextLoader });
    if (!who?.inboxId || follow.objectId?.href !== ctx.getActorUri(user).href) return;
    asking.set(who.id.href, { who, follow });
    if (!env.PEER_APPROVES) await decide(ctx, who.id.href, V.Accept);
  })
  .on(V.Activity, () => {})
  .onError((_ctx, error) => void (entry && (entry.errors ??= []).push(String(error))));

const form = (headers) =>
  headers.has("signature-input") ? "rfc9421" : headers.has("signature") ? "draft-cavage" : "none";

// Some servers take one form alone.
const strange = (headers) => env.PEER_TAKES && !["none", env.PEER_TAKES].includes(form(headers));

// What Fedify says of a request's signature.
async function verdict(request, ctx) {
  const signature = form(request.headers);
  if (signature === "none") return { signature, verified: false };
  const documentLoader = await ctx.getDocumentLoader({ identifier: instance });
  const result = await verifyRequestDetailed(request, { documentLoader, contextLoader: ctx.contextLoader })
    .catch((error) => ({ verified: false, reason: { type: String(error) } }));
  return { signature, verified: result.verified, keyId: result.key?.id?.href, reason: result.reason?.type };
}

export const readBody = async (req) => Buffer.concat(await Array.fromAsync(req));

function toRequest(req, body) {
  const headers = new Headers();
  for (let i = 0; i < req.rawHeaders.length; i += 2) headers.append(req.rawHeaders[i], req.rawHeaders[i + 1]);
  const hasBody = req.method !== "GET" && req.method !== "HEAD";
  return new Request(origin.origin + req.url, { method: req.method, headers, body: hasBody ? body : undefined });
}

let turn = Promise.resolve();
async function receive(request, body, ctx) {
  const mine = { path: new URL(request.url).pathname, ...(await verdict(request.clone(), ctx)) };
  try {
    mine.activity = JSON.parse(body.toString());
    mine.understood = await understand(mine.activity, ctx);
  } catch (error) {
    mine.parseError = String(error);
  }
  const handled = turn.then(async () => {
    entry = mine;
    return federation.fetch(request, { contextData: undefined });
  });
  turn = handled.catch(() => {});
  const response = await handled.catch((error) => new Response(String(error), { status: 500 }));
  received.push({ ...mine, status: response.status });
  return response;
}

// Where the peer's people act on what they saw elsewhere, as Mastodon says it.
async function withTemplate(response) {
  const jrd = await response.json();
  jrd.links.push({ rel: "http://ostatus.org/schema/1.0/subscribe", template: `${origin.origin}/authorize_interaction?uri={uri}` });
  return new Response(JSON.stringify(jrd), { headers: response.headers });
}

// The emoji of the peer: one pixel.
const emoji = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

// listen answers one request from outside.
export async function listen(req, res) {
  const body = await readBody(req), request = toRequest(req, body), ctx = context();
  let response;
  if (strange(request.headers)) {
    response = new Response("another form of signature, please", { status: 401 });
  } else if (req.method === "POST" && req.url.endsWith("/inbox")) {
    response = await receive(request, body, ctx);
  } else {
    const actorOfServer = req.url.startsWith(`/users/${instance}`); // checking its readers would ask for itself
    gets.push({ path: req.url, userAgent: req.headers["user-agent"],
      ...(actorOfServer ? { signature: form(request.headers) } : await verdict(request.clone(), ctx)) });
    response = await federation.fetch(request, { contextData: undefined });
    if (req.url.startsWith("/.well-known/webfinger") && response.ok) response = await withTemplate(response);
    if (req.url === "/emoji/wave.png") response = new Response(emoji, { headers: { "content-type": "image/png" } });
    if (req.url.startsWith("/authorize_interaction")) response = new Response(`<h1>${user} acts</h1>`, { headers: { "content-type": "text/html" } });
  }
  res.writeHead(response.status, Object.fromEntries(response.headers));
  res.end(Buffer.from(await response.arrayBuffer()));
}
