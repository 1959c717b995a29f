"""Outputs in which every line is whole: files, standard output, object stores; compressed by the name's ending. docs/outputs.md."""

from newscrawl.storage.checking import check_addresses, check_outputs
from newscrawl.storage.compressed import MEMBER_LINES, CompressedFile, stream_of
from newscrawl.storage.line_file import LineFile, UnopenedFile
from newscrawl.storage.local import STANDARD_OUTPUT, LineStorage
from newscrawl.storage.members import GzipMember, ZstandardMember
from newscrawl.storage.places import is_remote, remote_storage
from newscrawl.storage.remote import Uploaded, UploadError

__all__ = [
    "MEMBER_LINES",
    "STANDARD_OUTPUT",
    "CompressedFile",
    "GzipMember",
    "LineFile",
    "LineStorage",
    "UnopenedFile",
    "UploadError",
    "Uploaded",
    "ZstandardMember",
    "check_addresses",
    "check_outputs",
    "is_remote",
    "remote_storage",
    "stream_of",
]
