"""Load beforehand what readers load on first use, so that a forked process need not.

For :mod:`geo.reading.many` alone: the app itself loads these when they are needed. Nothing here may
use PROJ or GDAL, whose open files are not for sharing between processes, or reserve memory: what is
reserved counts for each file's bound.
"""

import encodings.cp437
import encodings.cp1252
import encodings.latin_1
import encodings.utf_8_sig
import encodings.utf_16
import os

# its own pool reserves a gigabyte at the first use, as much as one file may take
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

import ezdxf
import openpyxl

import geo.plot_table
import geo.reading.forms
import geo.reading.many

__all__ = ["encodings", "ezdxf", "geo", "openpyxl"]

geo.reading.forms.all_forms()
