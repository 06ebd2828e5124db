"""A mail server of the tests: `server.py FOLDER plain|starttls|tls PORT`.

Prints its port, a free one for 0, keeps what it takes as files in FOLDER, and behaves as FOLDER/mood says at each command. With TLS it
shows FOLDER/cert.pem and wants a name and a password."""

import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, door, port = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])


class Mailboxes:
    def __init__(self):
        self.taken = len(list(folder.glob("*.eml")))

    async def handle_RCPT(self, server, session, envelope, address, options):
        mood = (folder / "mood").read_text()
        if mood == "refuses-the-recipient":
            return "550 no such mailbox"
        if mood == "is-full":
            return "451 come again later"
        envelope.rcpt_tos.append(address)
        return "250 well"

    async def handle_DATA(self, server, session, envelope):
        mood = (folder / "mood").read_text()
        if mood == "breaks-off":
            server.transport.abort()
            return "451 gone"
        if mood == "is-slow":
            await asyncio.sleep(60)
        self.taken += 1
        # Whole or not at all: the tests look for it by this name.
        part = folder / "part"
        part.write_bytes(envelope.content)
        part.rename(folder / f"{self.taken:04}.eml")
        return "250 taken"


def known(server, session, envelope, mechanism, data):
    is_ours = (data.login, data.password) == (b"liannong", b"a secret word")
    return AuthResult(success=is_ours, handled=False)


async def main():
    context, wants = None, {}
    if door != "plain":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        wants = {"authenticator": known, "auth_required": True, "auth_require_tls": door == "starttls"}
    if door == "starttls":
        wants |= {"tls_context": context, "require_starttls": True}
    boxes = Mailboxes()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(boxes, hostname="post.example", **wants), "127.0.0.1", port, ssl=context if door == "tls" else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
