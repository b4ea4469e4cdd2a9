#!/usr/bin/env python3
"""An SMTP server that misbehaves at one stage, byte by byte as told. Standard library alone.

usage: stage_peer.py --out FOLDER --at STAGE --do BEHAVIOUR [--times N] [--only TEXT] [--offer WORD]...

Stages: greeting ehlo starttls auth mail rcpt data text (in the midst of the message) dot (after its final dot)

Behaviours:
  451, 554 …     reply with that code           lines:554    the same in three lines
  stall          never reply                    late         reply as a good server, after half a second
  close          close instead of replying      half         close our sending half, go on reading
  reset          RST instead of replying        garbage      a reply that is none
  part           half of the good reply, then nothing more
  part-close     half of the good reply, then close
  dribble        the good reply byte by byte    early        the good reply, and at once one nobody asked for
  gbk            the good reply in GBK          gbk:554      a refusal in GBK
  flood          a line without an end          lines-flood  a reply without a last line

At the stage `dot` a server that replies 4xx or 5xx keeps nothing; in every other case it has kept the message before it
misbehaves, which is the worst for whoever would send it again. Accepted messages go to FOLDER as 0001.eml …, what came over
the wire between DATA and the dot, stuffed as it was, to 0001.wire. The port is printed as the first line.
"""
import argparse
import asyncio
import pathlib
import socket
import struct

STAGES = ("greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "text", "dot")
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--out", type=pathlib.Path, required=True)
parser.add_argument("--at", choices=STAGES)
parser.add_argument("--do", default="451")
parser.add_argument("--times", type=int, default=1 << 30, help="misbehave so often, then be a good server")
parser.add_argument("--only", default="", help="misbehave only to commands that contain this text")
parser.add_argument("--offer", action="append", default=[], help="a word of the EHLO reply: STARTTLS, AUTH PLAIN")
options = parser.parse_args()
options.out.mkdir(parents=True, exist_ok=True)
state = {"left": options.times, "kept": 0}


class Gone(Exception):
    """The conversation is over."""


class Conversation:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def say(self, text):
        self.writer.write(text)
        await self.writer.drain()

    def reset(self):
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def answer(self, stage, good, about=""):
        """Replies `good`, or misbehaves. False where the command was refused."""
        if stage != options.at or state["left"] <= 0 or options.only not in about:
            await self.say(good)
            return True
        state["left"] -= 1
        act, half = options.do, good[: len(good) // 2]
        if act.isdigit():
            await self.say(f"{act} told to answer so {about}\r\n".encode())
            return False
        if act.startswith("lines:"):
            code = act[6:]
            await self.say(f"{code}-told to\r\n{code}-answer so\r\n{code} in three lines\r\n".encode())
            return False
        if act == "early":
            await self.say(good + b"250 2.0.0 queued\r\n")
            return True
        if act == "gbk":
            await self.say(good.replace(b"\r\n", " 您好".encode("gbk") + b"\r\n"))
            return True
        if act.startswith("gbk:"):
            await self.say(act[4:].encode() + " 用户不存在 <jxt@example.cn>\r\n".encode("gbk"))
            return False
        while act.endswith("flood"):
            await self.say(b"250-and more\r\n" if act == "lines-flood" else b"x" * 65536)
        if act == "late":
            await asyncio.sleep(0.5)
            await self.say(good)
            return True
        if act == "dribble":
            for byte in good:
                await self.say(bytes([byte]))
                await asyncio.sleep(0.01)
            return True
        if act == "garbage":
            await self.say(b"what was that?\r\n")
            return False
        if act.startswith("part"):
            await self.say(half)
        if act in ("stall", "part"):
            await self.reader.read(-1)
        if act == "half":
            self.writer.write_eof()
            await self.reader.read(-1)
        if act == "reset":
            self.reset()
        raise Gone

    async def message(self):
        wire = bytearray()
        while not wire.endswith(b"\r\n.\r\n") and wire != b".\r\n":
            piece = await self.reader.readline()
            if not piece:
                raise Gone
            wire += piece
            if options.at == "text" and state["left"] > 0:
                state["left"] -= 1
                if options.do.isdigit():
                    await self.say(f"{options.do} told to answer so\r\n".encode())
                elif options.do in ("stall", "half"):
                    if options.do == "half":
                        self.writer.write_eof()
                    # Nothing more is read: the sender finds its window closed, or its dot unanswered.
                    await asyncio.sleep(3600)
                elif options.do == "reset":
                    self.reset()
                raise Gone
        return bytes(wire[:-3])

    def keep(self, wire):
        state["kept"] += 1
        name = f"{state['kept']:04}"
        lines = wire.split(b"\r\n")
        plain = b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)
        (options.out / f"{name}.wire").write_bytes(wire)
        (options.out / f"{name}.eml").write_bytes(plain)

    async def converse(self):
        if not await self.answer("greeting", b"220 peer.example.cn ready\r\n"):
            raise Gone
        while line := await self.reader.readline():
            command = line.decode("ascii", "replace").strip()
            verb = command.split(" ")[0].upper()
            if verb in ("EHLO", "HELO"):
                words = ["peer.example.cn", "8BITMIME", *options.offer]
                lines = [f"250{'-' if at + 1 < len(words) else ' '}{word}\r\n" for at, word in enumerate(words)]
                await self.answer("ehlo", "".join(lines).encode())
            elif verb == "STARTTLS":
                await self.answer("starttls", b"220 go on\r\n")
            elif verb == "AUTH":
                await self.answer("auth", b"235 welcome\r\n")
            elif verb == "MAIL":
                await self.answer("mail", b"250 sender ok\r\n", command)
            elif verb == "RCPT":
                await self.answer("rcpt", b"250 recipient ok\r\n", command)
            elif verb == "DATA":
                if await self.answer("data", b"354 go on\r\n"):
                    wire = await self.message()
                    refused = options.at == "dot" and state["left"] > 0 and options.do.replace("lines:", "").replace("gbk:", "").isdigit()
                    if not refused:
                        self.keep(wire)
                    await self.answer("dot", b"250 2.0.0 queued\r\n")
            elif verb == "QUIT":
                await self.say(b"221 bye\r\n")
                raise Gone
            else:
                await self.say(b"250 ok\r\n")


async def serve(reader, writer):
    try:
        await Conversation(reader, writer).converse()
    except (Gone, ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
