#!/usr/bin/env python3
"""A scriptable SMTP server for tests.

Prints its port as the first line, then serves until it is ended. Received messages go to --out as 0001.eml, 0002.eml ...

Stages: banner, mail, rcpt, data (the reply to DATA), message (the reply after the final dot).
"""
import argparse
import asyncio
import json
import pathlib
import sys

try:
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
except ImportError:
    sys.exit("missing Python package: aiosmtpd (python3 -m pip install aiosmtpd)")

STAGES = ("banner", "mail", "rcpt", "data", "message")
WORDS = {"4": "4.3.0 try again later", "5": "5.7.1 refused by the test"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for received messages")
    parser.add_argument("--envelopes", type=pathlib.Path, help="file for one JSON line a message: from, to, login")
    for stage in STAGES:
        parser.add_argument(f"--{stage}", metavar="CODE", help=f"answer {stage} with this code")
    parser.add_argument("--only", metavar="TEXT", help="answer --rcpt only to recipients that contain TEXT")
    parser.add_argument("--stall", choices=STAGES, help="never answer this stage")
    parser.add_argument("--close", choices=STAGES, help="close the connection instead of answering this stage")
    parser.add_argument("--login", metavar="USER:PASSWORD", help="require authentication")
    return parser.parse_args()


class Peer(SMTP):
    """An SMTP session that misbehaves at one stage."""

    def __init__(self, options, handler):
        super().__init__(
            handler,
            hostname="peer.example.cn",
            auth_required=options.login is not None,
            auth_require_tls=False,
            authenticator=self.authenticate if options.login else None,
        )
        self.options = options
        self.greeted = False

    def authenticate(self, server, session, envelope, mechanism, data):
        user, _, password = self.options.login.partition(":")
        right = isinstance(data, LoginPassword) and data == LoginPassword(user.encode(), password.encode())
        return AuthResult(success=right, handled=False, auth_data=user)

    async def answered(self, stage, about=""):
        """Answers, stalls or closes as told; False: go on as a good server does."""
        if self.options.stall == stage:
            await asyncio.sleep(3600)
        if self.options.close == stage:
            self.transport.close()
            return True
        code = getattr(self.options, stage)
        if code is None or (stage == "rcpt" and self.options.only and self.options.only not in about):
            return False
        await super().push(f"{code} {WORDS.get(code[0], 'as told')} {about}".rstrip())
        return True

    async def push(self, status):
        if not self.greeted:
            self.greeted = True
            if await self.answered("banner"):
                return
        await super().push(status)

    async def smtp_MAIL(self, arg):
        if not await self.answered("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        if not await self.answered("rcpt", arg or ""):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        if not await self.answered("data"):
            await super().smtp_DATA(arg)


class Keep:
    """Writes what arrives, then answers the final dot."""

    def __init__(self, options):
        self.options = options
        self.count = 0

    async def handle_DATA(self, server, session: Session, envelope: Envelope):
        self.count += 1
        self.options.out.mkdir(parents=True, exist_ok=True)
        (self.options.out / f"{self.count:04}.eml").write_bytes(envelope.content)
        if self.options.envelopes:
            line = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "login": session.auth_data}
            with self.options.envelopes.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        if self.options.stall == "message":
            await asyncio.sleep(3600)
        if self.options.close == "message":
            server.transport.abort()
        code = self.options.message
        return f"{code} {WORDS.get(code[0], 'as told')}" if code else "250 2.0.0 OK queued"


async def serve(options):
    keep = Keep(options)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Peer(options, keep), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(serve(arguments()))
    except KeyboardInterrupt:
        pass
