"""Let QGIS draw the plots of a GeoPackage with the style in it; runs in the Python of QGIS.

Arguments: the file, then for each picture a path and west, south, east, north, pixels across and
down, and dots per inch. Prints what QGIS makes of the columns.
"""

import json
import os
import sys

from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(sys.argv[1] + "|layername=locatiewijzer_plekken", "plots", "ogr")
assert layer.isValid()
labels = layer.labelsEnabled()
# numbers would lie over what is measured
layer.setLabelsEnabled(False)
for asked in json.loads(sys.argv[2]):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setOutputSize(QSize(*asked["size"]))
    settings.setOutputDpi(asked["dpi"])
    settings.setExtent(QgsRectangle(*asked["extent"]))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert job.renderedImage().save(asked["path"])
print(
    json.dumps(
        {
            "renderer": layer.renderer().type(),
            "labels": labels,
            "fields": {f.name(): [f.alias(), f.typeName()] for f in layer.fields()},
        }
    )
)
sys.stdout.flush()
# QGIS without a screen may fall over while it ends; all is written by now
os._exit(0)
