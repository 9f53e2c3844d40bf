"""What pictures are drawn with: a page, the ground, reception locations, plots and cards.

Everything is drawn in RD New (EPSG:28992), so a metre is the same everywhere and a scale bar is
true. The signs are those of the screen (:mod:`presentation.symbols`).
"""
