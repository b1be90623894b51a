// An independent ActivityPub server for confnotes' tests, built on Fedify, the library
// behind Ghost's and Hollo's federation. One user, all in memory.
//
// LOOPBACK ONLY. It may reach private addresses, its control API asks for no password,
// and the pinned Fedify predates published security fixes.
//
//   PEER_ORIGIN       its public identity, such as https://peer.test
//   PEER_LISTEN       address to bind (default 127.0.0.1); the port is the origin's
//   PEER_TLS          folder with leaf.pem and leaf.key, for an https origin
//   PEER_USER         its user (default carol)
//   PEER_KNOCK        rfc9421 (default) or draft-cavage-http-signatures-12: the signature it tries first
//   PEER_TAKES        rfc9421 or draft-cavage: answers 401 to signatures of the other form
//   PEER_PLAIN=1      has an RSA key alone, and lists no key by FEP-521a
//   PEER_APPROVES=1   who asks to follow waits until /answer-follow
//   PEER_AUTHFETCH=1  answers GETs of actors and objects only when they are signed ("secure mode")
//
// It prints one line, `ready <origin> control <url>`, and ends when its standard input does.
import http from "node:http";
import https from "node:https";
import { readFileSync } from "node:fs";
import { configure, getConsoleSink } from "@logtape/logtape";
import { control } from "./control.mjs";
import { listen, origin, secure } from "./federation.mjs";

await configure({
  sinks: { console: getConsoleSink() },
  loggers: [
    { category: "fedify", sinks: ["console"], lowestLevel: process.env.PEER_LOG ?? "fatal" },
    { category: ["logtape", "meta"], sinks: [], lowestLevel: "fatal" },
  ],
});

const tls = process.env.PEER_TLS;
const server = secure
  ? https.createServer({ cert: readFileSync(`${tls}/leaf.pem`), key: readFileSync(`${tls}/leaf.key`) })
  : http.createServer();
server.on("request", (req, res) =>
  listen(req, res).catch((error) => {
    console.error(error);
    res.writeHead(500).end();
  }));

const controlServer = http.createServer(control);
await new Promise((done) => controlServer.listen(0, "127.0.0.1", done));
const port = Number(origin.port || (secure ? 443 : 80));
server.listen(port, process.env.PEER_LISTEN ?? "127.0.0.1", () =>
  console.log(`ready ${origin.origin} control http://127.0.0.1:${controlServer.address().port}`));
process.stdin.resume().on("end", () => process.exit(0));
