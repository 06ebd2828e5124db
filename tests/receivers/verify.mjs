// Checks a webhook of Liannong: the body on standard input, the three headers and the secret in the environment.
//
// WEBHOOK_SECRET=whsec_… WEBHOOK_ID=… WEBHOOK_TIMESTAMP=… WEBHOOK_SIGNATURE=… node verify.mjs < body
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";

const TOLERANCE = 5 * 60; // seconds

/** The event; throws when it is not from who holds the secret, or is old. */
export function verify(secret, headers, body, now) {
  const sent = Number(headers["webhook-timestamp"]);
  if (!(Math.abs(now - sent) <= TOLERANCE)) throw new Error("too old, or from the future");
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${headers["webhook-id"]}.${sent}.`).update(body).digest();
  // While a secret is changed there are two signatures; one that fits is enough.
  const fits = headers["webhook-signature"].split(" ").some((signature) => {
    const [version, value] = signature.split(",", 2);
    const given = Buffer.from(value ?? "", "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!fits) throw new Error("no signature fits");
  return JSON.parse(body.toString("utf8"));
}

const env = process.env;
const headers = {
  "webhook-id": env.WEBHOOK_ID,
  "webhook-timestamp": env.WEBHOOK_TIMESTAMP,
  "webhook-signature": env.WEBHOOK_SIGNATURE,
};
try {
  const now = Number(env.WEBHOOK_NOW ?? Date.now() / 1000);
  console.log(verify(env.WEBHOOK_SECRET, headers, readFileSync(0), now).type);
} catch (fault) {
  console.error(`refused: ${fault.message}`);
  process.exitCode = 1;
}
