#!/usr/bin/env python3
"""Makes NotoSansSC-subset.ttf, the font mail pictures are drawn with. README.md beside it says when and how to run this."""

import argparse
import pathlib
import sys

from fontTools import subset, ttLib
from fontTools.ttLib.tables._g_l_y_f import dropImpliedOnCurvePoints
from fontTools.ttLib.scaleUpem import scale_upem

ROOT = pathlib.Path(__file__).resolve().parents[3]
BYTES_MAX = 2_000_000

# A quarter of the font's own grid: a picture of a few hundred pixels shows no difference, and the outlines take less room.
UNITS_PER_EM = 250


def gb2312():
    """Every hanzi of GB 2312, both levels, and its symbols; not its Greek, Cyrillic, kana and box drawing."""
    for row in (*range(0xA1, 0xA4), *range(0xB0, 0xF8)):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                pass


def of_the_workspace():
    """Every character of the shipped plan."""
    for folder in ("config", "pipelines", "src/cli/init"):
        for path in sorted((ROOT / folder).rglob("*.toml")):
            yield from path.read_text(encoding="utf-8")


def wanted():
    """The characters to keep, without controls."""
    ascii_ = map(chr, range(0x20, 0x7F))
    punctuation = (chr(code) for block in ((0xA0, 0x100), (0x2010, 0x2028), (0x3000, 0x3020), (0xFF01, 0xFF5F)) for code in range(*block))
    lights = "≥≤±×÷→↑↓●▲■◆✓℃㎡"
    characters = {*ascii_, *punctuation, *lights, *gb2312(), *of_the_workspace()}
    return {ord(character) for character in characters if character.isprintable() or character.isspace()} - set(range(0x20))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("font", type=pathlib.Path, help="NotoSansSC_400Regular.ttf of npm's @expo-google-fonts/noto-sans-sc")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).with_name("NotoSansSC-subset.ttf"))
    arguments = parser.parse_args()
    options = subset.Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=True)
    options.drop_tables += ["BASE", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx"]
    # The font's own date stays: the same font and the same plan give the same bytes.
    font = ttLib.TTFont(arguments.font, recalcTimestamp=False)
    keep = wanted() & set(font.getBestCmap())
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=keep)
    subsetter.subset(font)
    scale_upem(font, UNITS_PER_EM)
    for name in font.getGlyphOrder():
        if font["glyf"][name].numberOfContours > 0:
            dropImpliedOnCurvePoints(font["glyf"][name])
    font.save(arguments.out)
    size = arguments.out.stat().st_size
    print(f"{arguments.out.name}: {len(font.getBestCmap())} characters, {size} bytes")
    if size > BYTES_MAX:
        sys.exit(f"more than {BYTES_MAX} bytes: the program grows by all of it")


main()
