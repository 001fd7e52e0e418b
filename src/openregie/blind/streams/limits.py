"""The most that one delivery may hold. Beyond it the file is refused: split it, send it again."""

from __future__ import annotations

MAX_FILE_BYTES = 1024**3
"""Of a file as delivered. Far above a whole municipality: 1,000,000 persons are about 200 MB."""

MAX_EXPANDED_BYTES = 4 * 1024**3
"""Of the decoded columns of one file, so that a small compressed file cannot fill the memory."""

MAX_ROWS = 10_000_000
"""Data rows of one file."""

MAX_COLUMNS = 200
"""Columns of one file; the widest declared stream has about 35."""

MAX_LINE_CHARS = 262_144
"""Of one line of CSV or JSON Lines."""

MAX_CELL_CHARS = 4_000
"""Of one cell; a longer one quarantines its row."""

MAX_JSON_CHARS = 65_536
"""Of one cell of JSON, such as the keys of a resident."""

MAX_DOCUMENT_BYTES = 128 * 1024**2
"""Of a JSON document that cannot be read line by line."""

MAX_DOCUMENT_VALUES = 2_000_000
"""Of the values in such a document: an empty list takes three bytes and fifty times the memory."""

MAX_TESTSET_BYTES = 64 * 1024**2
"""Of the register's list of test persons; the official one is 2 MB, for 1,500 persons."""

MAX_SHAPELESS_ROWS = 100_000
"""Of the rows of one file that fit no columns; with more it is another kind of file."""

MAX_ROW_GROUPS = 10_000
"""Of one Parquet file; writers make one per 100,000 rows or so."""

MAX_COLUMN_CHUNKS = 200_000
"""Row groups times columns of one Parquet file."""

MAX_FOOTER_BYTES = 16 * 1024**2
"""Of what a Parquet file says about itself; some 150 bytes for each column of each row group."""

MAX_PAGES = 200_000
"""Of all columns of one Parquet file; a page holds some 20,000 rows of one column."""

MAX_PAGE_BYTES = 64 * 1024**2
"""Of one decoded page of Parquet; writers make pages of about 1 MB."""

MAX_MANIFEST_BYTES = 65_536
"""Of a delivery manifest."""

MAX_RETURN_BYTES = 262_144
"""Of one resident's sealed return."""

MAX_JSON_DEPTH = 8
"""Of nested objects in JSON deliveries; the exchange model for early signals nests four deep."""
