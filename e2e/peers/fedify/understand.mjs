// What a real JSON-LD processor makes of a document.
import * as V from "@fedify/fedify/vocab";
import jsonld from "jsonld";

// dropped lists the terms that are lost. The AS2 context has "@vocab": "_:", so a term
// that no context defines silently becomes a blank node's property or type
// ("_:sensitive", "_:Hashtag") instead of an error.
async function dropped(document, contextLoader) {
  const lost = [];
  const walk = (value, path) => {
    if (Array.isArray(value)) return value.forEach((v) => walk(v, path));
    if (value === null || typeof value !== "object") return;
    for (const type of [value["@type"] ?? []].flat()) if (type.startsWith("_:")) lost.push(`${path} type ${type.slice(2)}`);
    const id = value["@id"];
    if (typeof id === "string" && !id.includes(":")) lost.push(`${path} relative id ${id}`);
    for (const [key, v] of Object.entries(value)) {
      if (key.startsWith("_:")) lost.push(`${path}/${key.slice(2)}`);
      if (!key.startsWith("@") || key === "@list") walk(v, `${path}/${key.replace(/^.*[#/]/, "")}`);
    }
  };
  const eventHandler = ({ event }) => lost.push(`${event.code} ${JSON.stringify(event.details)}`);
  walk(await jsonld.expand(document, { documentLoader: contextLoader, eventHandler }), "");
  return lost;
}

// understand parses a document as Fedify does: its class, some of what it says, and
// what was dropped on the way.
export async function understand(document, ctx) {
  const { documentLoader, contextLoader } = ctx;
  const object = await V.Object.fromJsonLd(document, { documentLoader, contextLoader });
  const text = (v) => (v == null ? undefined : String(v));
  const picture = (p) => ({ class: p.constructor.name, url: text(p.url?.href?.href ?? p.url), name: text(p.name), value: text(p.value), mediaType: p.mediaType, width: p.width, height: p.height });
  const attachments = [];
  for await (const a of object.getAttachments({ documentLoader, contextLoader })) attachments.push(picture(a));
  const image = await object.getImage({ documentLoader, contextLoader });
  return {
    id: object.id?.href,
    class: object.constructor.name,
    name: text(object.name),
    summary: text(object.summary),
    content: text(object.content),
    published: text(object.published),
    updated: text(object.updated),
    startTime: text(object.startTime),
    endTime: text(object.endTime),
    url: text(object.url?.href ?? object.url),
    totalItems: object.totalItems ?? undefined,
    image: image ? picture(image) : undefined,
    attachments,
    dropped: await dropped(document, contextLoader),
  };
}
