"""Every hostile delivery, by name."""

from hostile import cells, doors, parquet_files, returned, texts

ALL = (
    *texts.ENCODINGS,
    *texts.SHAPES,
    *cells.CELLS,
    *texts.JSON_FILES,
    *parquet_files.ALL,
    *doors.MANIFESTS,
    *doors.AGE_FILES,
    *doors.PLACES,
    *doors.GIANTS,
    *returned.ALL,
)
BY_NAME = {one.name: one for one in ALL}
