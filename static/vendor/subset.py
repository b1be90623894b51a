"""Makes the fonts that readers load from those of npm's @fontsource-variable packages:

    apt-get install fonttools python3-brotli
    npm pack @fontsource-variable/bricolage-grotesque @fontsource-variable/source-serif-4
    /usr/bin/python3 subset.py <a folder with the packages' files/*.woff2>

Latin and what typography needs, the weights that the style sheet uses, no hinting.
The italic stands still at 400: it is for a word here and there. The Serif is renamed,
as the Open Font License asks of a changed font whose name is reserved.
"""
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = os.path.dirname(os.path.abspath(__file__))
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, 0x178, 0x2C6, 0x2DA, 0x2DC,
         0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2020, 0x2021, 0x2022, 0x2026, 0x202F,
         0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x21A9,
         0x2212, 0x2260, 0x2264, 0x2265, 0xFB01, 0xFB02]
FEATURES = ["calt", "ccmp", "frac", "kern", "liga", "locl", "mark", "mkmk", "pnum", "tnum"]


def make(source, target, weights, family=None):
    font = TTFont(source)
    font = instancer.instantiateVariableFont(font, {"wght": weights})
    if "gvar" in font:  # the subsetter wants an entry for each glyph, moved or not
        table = font["gvar"]
        known = getattr(table.variations, "data", table.variations)
        table.variations = {name: list(table.variations[name]) if name in known else [] for name in font.getGlyphOrder()}
    if family:
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6, 16):
                name = family.replace(" ", "") if record.nameID == 6 else family
                font["name"].setName(name, record.nameID, record.platformID, record.platEncID, record.langID)
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=["*"])
    cut = subset.Subsetter(options)
    cut.populate(unicodes=LATIN)
    cut.subset(font)
    font.flavor = "woff2"
    font.save(os.path.join(HERE, target))
    print(target, os.path.getsize(os.path.join(HERE, target)), "bytes")


if __name__ == "__main__":
    folder = sys.argv[1]
    at = lambda name: os.path.join(folder, name)
    make(at("bricolage-grotesque-latin-wght-normal.woff2"), "bricolage-grotesque/bricolage-grotesque.woff2", (400, 800))
    make(at("source-serif-4-latin-wght-normal.woff2"), "source-serif-4/notebook-serif.woff2", (400, 700), "Notebook Serif")
    make(at("source-serif-4-latin-wght-italic.woff2"), "source-serif-4/notebook-serif-italic.woff2", 400, "Notebook Serif")
