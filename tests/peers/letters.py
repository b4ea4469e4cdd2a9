"""Takes mails apart with Python's `email` and prints what it finds as one JSON document: structure, names, headers, sizes.

    python3 letters.py FOLDER
"""

import email
import email.header
import email.policy
import json
import pathlib
import re
import sys


def structure(part):
    """`multipart/mixed[…]` with everything inside it."""
    if part.is_multipart():
        return f"{part.get_content_type()}[{' '.join(structure(inner) for inner in part.iter_parts())}]"
    return part.get_content_type()


def encoded_name(part):
    """The name of `name=` on Content-Type as RFC 2047 words, decoded, and how long the longest word is."""
    raw = re.search(r'name="(.*?)"', part.as_string().split("\n\n", 1)[0], re.DOTALL)
    if not raw or "=?" not in raw[1]:
        return raw and raw[1], 0
    words = raw[1].split()
    return "".join(bytes_.decode(charset) for word in words for bytes_, charset in email.header.decode_header(word)), max(map(len, words))


def letter(path):
    data = path.read_bytes()
    modern = email.message_from_bytes(data, policy=email.policy.default)
    # The older policy leaves folded headers as they came.
    plain = email.message_from_bytes(data, policy=email.policy.compat32)
    books = [part for part in modern.walk() if part.get_content_disposition() == "attachment"]
    old_books = [part for part in plain.walk() if part.get_content_disposition() == "attachment"]
    html = modern.get_body(("html",)).get_content()
    names = [encoded_name(part) for part in old_books]
    defects = [str(defect) for part in modern.walk() for defect in part.defects]
    bodies = len(data) - sum(len(part.as_bytes()) for part in books)
    return {
        "file": path.name,
        "structure": structure(modern),
        "defects": defects,
        "headers": {name: modern[name] for name in ("List-Id", "Auto-Submitted", "X-Wenjin-Kind", "Message-ID", "Date", "Subject", "From", "To")},
        "filename_star": [part.get_filename() for part in books],
        "encoded_name": [name for name, _ in names],
        "word_length_max": max([length for _, length in names], default=0),
        "pictures": {part["Content-ID"].strip("<>"): part.get_content()[:8].hex() for part in modern.walk() if part["Content-ID"]},
        "shown": re.findall(r'src="([^"]*)"', html),
        "related_root": [part.get_param("type") for part in modern.walk() if part.get_content_type() == "multipart/related"],
        "text": modern.get_body(("plain",)).get_content(),
        "html": html,
        "bytes_without_attachment": bodies,
        "encodings": sorted({str(part["Content-Transfer-Encoding"]) for part in modern.walk() if not part.is_multipart()}),
    }


print(json.dumps([letter(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))], ensure_ascii=False))
