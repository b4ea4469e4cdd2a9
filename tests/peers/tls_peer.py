"""An SMTP server behind a certificate of its own authority, for the tests of TLS, STARTTLS and authentication.

usage: tls_peer.py starttls|implicit FOLDER

Writes the authority to FOLDER/ca.pem, prints its port, and keeps each message as FOLDER/mail/<n>.eml. With `starttls` it takes
mail only after STARTTLS and AUTH (user `office`, password `geheim`).
"""

import pathlib
import ssl
import sys
import time

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

mode, folder = sys.argv[1], pathlib.Path(sys.argv[2])
mails = folder / "mail"
mails.mkdir(parents=True)
authority = trustme.CA()
authority.cert_pem.write_to_path(folder / "ca.pem")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
authority.issue_cert("localhost").configure_cert(context)


class Keep:
    """Keeps what arrives."""

    async def handle_DATA(self, server, session, envelope):
        (mails / f"{len(list(mails.iterdir()))}.eml").write_bytes(envelope.content)
        return "250 kept"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"office", b"geheim"))


if mode == "starttls":
    options = {"tls_context": context, "require_starttls": True, "authenticator": authenticate, "auth_required": True}
else:
    options = {"ssl_context": context}


class AnyPort(Controller):
    """Takes a free port; the connection that tries the server out must use it too."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


controller = AnyPort(Keep(), hostname="127.0.0.1", port=0, **options)
controller.start()
print(controller.port, flush=True)
while True:
    time.sleep(60)
