#!/usr/bin/env python3
"""Checks a webhook of Liannong: the body on standard input, the three headers and the secret in the environment.

WEBHOOK_SECRET=whsec_… WEBHOOK_ID=… WEBHOOK_TIMESTAMP=… WEBHOOK_SIGNATURE=… python3 verify.py < body
"""
import base64, hashlib, hmac, json, os, sys, time

TOLERANCE = 5 * 60  # seconds


def verify(secret: str, headers: dict, body: bytes, now: float) -> dict:
    """The event, or ValueError when it is not from who holds the secret, or is old."""
    sent = int(headers["webhook-timestamp"])
    if abs(now - sent) > TOLERANCE:
        raise ValueError("too old, or from the future")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{sent}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # While a secret is changed there are two signatures; one that fits is enough.
    for signature in headers["webhook-signature"].split():
        version, _, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(value, expected):
            return json.loads(body)
    raise ValueError("no signature fits")


if __name__ == "__main__":
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = {name: os.environ[name.upper().replace("-", "_")] for name in names}
    now = float(os.environ.get("WEBHOOK_NOW", time.time()))
    try:
        event = verify(os.environ["WEBHOOK_SECRET"], headers, sys.stdin.buffer.read(), now)
    except ValueError as fault:
        sys.exit(f"refused: {fault}")
    print(event["type"])
