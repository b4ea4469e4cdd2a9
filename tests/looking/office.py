"""LibreOffice, poppler and fontconfig, each asked one thing."""

import pathlib
import subprocess
import time


def convert(profile, book, kind, folder):
    """Converts one file; gives the new file and the seconds it took."""
    begun = time.monotonic()
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", kind, "--outdir", folder, book],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    made = pathlib.Path(folder) / f"{pathlib.Path(book).stem}.{kind}"
    if not made.exists():
        raise SystemExit(f"look: LibreOffice made no {kind} of {book}")
    return made, time.monotonic() - begun


def texts(pdf):
    """The text of each page."""
    printed = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return printed.split("\f")[:-1]


def unembedded(pdf):
    """The fonts a PDF names and does not hold."""
    listing = subprocess.run(["pdffonts", pdf], check=True, capture_output=True, text=True).stdout
    return [line.split()[0] for line in listing.splitlines()[2:] if line.split()[-5] != "yes"]


def pictures(pdf, folder, dots):
    """Draws each page as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", pdf, folder / "page"], check=True)


def has_glyph(character):
    """Whether an installed font has the character."""
    query = ["fc-list", f":charset={ord(character):x}", "family"]
    return bool(subprocess.run(query, check=True, capture_output=True, text=True).stdout.strip())
