"""Whole numbers from DuckDB, column by column: by the Arrow C stream interface, with no library and no row between.

The interface is laid out at https://arrow.apache.org/docs/format/CStreamInterface.html; DuckDB hands such a
stream out as a capsule, which lives as long as the result is read here.
"""

from __future__ import annotations

import ctypes
from array import array
from typing import Final

import duckdb

_NAME: Final = b"arrow_array_stream"
_WIDTH: Final = 8
_DATA: Final = 1
"""The place of the numbers among the buffers of a column; before it stands which are there at all."""


class _Array(ctypes.Structure):
    pass


_Array._fields_ = [
    *((name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]


class _Stream(ctypes.Structure):
    pass


_Stream._fields_ = [
    ("get_schema", ctypes.c_void_p),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]


def read_columns(found: duckdb.DuckDBPyRelation, count: int) -> list[array[int]]:
    """Return so many columns of a relation that has nothing but BIGINT in them, and no null.

    Raises `duckdb.Error` if the rows cannot be read to their end.
    """
    capsule = found.__arrow_c_stream__()
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    stream = _Stream.from_address(pointer(capsule, _NAME))
    columns = [array("q") for _ in range(count)]
    while batch := _next(stream):
        for place, column in enumerate(columns):
            part = batch.children[place].contents
            begins = part.buffers[_DATA] + _WIDTH * (part.offset + batch.offset)
            column.frombytes(ctypes.string_at(begins, _WIDTH * batch.length))
        batch.release(ctypes.byref(batch))
    return columns


def _next(stream: _Stream) -> _Array | None:
    batch = _Array()
    if stream.get_next(ctypes.byref(stream), ctypes.byref(batch)):
        raise duckdb.Error((stream.get_last_error(ctypes.byref(stream)) or b"").decode("utf-8", "replace"))
    return batch if batch.release else None
