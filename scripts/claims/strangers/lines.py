"""A CSV file as text: on which line each record begins, and quotes that frictionless lets pass."""

import codecs
import csv
import gzip
import io
import zipfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

MOST_BYTES = 1 << 30  # of a packed file once it is unpacked
NOT_FOR_TEXT = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}


class TooLarge(Exception):
    """A packed file unpacks to more than MOST_BYTES."""


@dataclass
class CsvText:
    """The files of one table, in order, and how they are written.

    `control` is what the csv module calls a dialect; `skip_first` says that later files repeat the header;
    `comment` is the character that makes a line a comment.
    """

    files: list[Path]
    encoding: str
    control: type[csv.Dialect]
    compression: str = ""
    inner_path: str = ""
    skip_first: bool = True
    comment: str = ""
    origins: list[tuple[int, Path]] = field(default_factory=list)

    def lines(self, keep_comments: bool = True) -> Generator[str, None, None]:
        """Every line of every file. Raises UnicodeError for bytes that are no text in the encoding."""
        self.origins, count = [], 0
        for number, file in enumerate(self.files):
            repeated = number > 0 and self.skip_first
            self.origins.append((count - repeated, file))
            encoding = "utf-8-sig" if codecs.lookup(self.encoding).name == "utf-8" else self.encoding
            with (
                opened_bytes(file, self.compression, self.inner_path) as stream,
                io.TextIOWrapper(stream, encoding, newline="") as text,
            ):
                for index, line in enumerate(text):
                    if repeated and index == 0:
                        continue
                    count += 1
                    is_comment = self.comment and line.startswith(self.comment)
                    yield line if keep_comments or not is_comment else line[len(line.rstrip("\r\n")) :]

    def place(self, line: int) -> tuple[Path, int]:
        """File and line of it, for a line counted through all files."""
        start, file = next(pair for pair in reversed(self.origins) if pair[0] < line or pair is self.origins[0])
        return file, line - start

    def fault(self) -> tuple[str, Path, int, str] | None:
        """(rule, file, line, message) of the first place that is no text or no CSV; None where all is well."""
        begins = 1
        try:
            with closing(self.lines(keep_comments=False)) as lines:
                reader = csv.reader(lines, dialect=self.control, strict=True)
                for _ in reader:
                    begins = reader.line_num + 1
        except UnicodeError:
            return "encoding", *self.undecodable()
        except csv.Error as error:
            return "csv-unreadable", *self.place(begins), str(error)
        return None

    def undecodable(self) -> tuple[Path, int, str]:
        """The first place whose bytes are no text in the encoding."""
        for file in self.files:
            decoder, line = codecs.getincrementaldecoder(self.encoding)(), 1
            with opened_bytes(file, self.compression, self.inner_path) as stream:
                while True:
                    block = stream.read(1 << 16)
                    try:
                        line += decoder.decode(block, final=not block).count("\n")
                    except UnicodeDecodeError as error:
                        line += error.object[: error.start].count(b"\n")
                        found = " ".join(f"{byte:02X}" for byte in error.object[error.start : error.start + 4])
                        return file, line, f"the bytes {found} are not {self.encoding}"
                    except UnicodeError:
                        break
                    if not block:
                        break
        return self.files[0], 0, f"not {self.encoding}"

    def begins(self, records: Iterable[int]) -> dict[int, tuple[Path, int]]:
        """Where each of these records begins; records count from 1 and the header is one of them."""
        wanted, places, begins = set(records), {}, 1
        with closing(self.lines()) as lines, suppress(UnicodeError, csv.Error):  # `fault` says so
            reader = csv.reader(lines, dialect=self.control)
            for number, _ in enumerate(reader, 1):
                if number in wanted:
                    places[number] = self.place(begins)
                    if len(places) == len(wanted):
                        break
                begins = reader.line_num + 1
        return places

    def first_record(self) -> list[str]:
        """The cells of the first record; none where there is none."""
        with closing(self.lines()) as lines, suppress(UnicodeError, csv.Error):
            return next(csv.reader(lines, dialect=self.control), [])
        return []


def text_encoding(name: object) -> str:
    """Why this is no encoding of text; empty when it is one."""
    if not isinstance(name, str):
        return "encoding is not a text"
    try:
        known = codecs.lookup(name)
        known.decode(b"")
    except (LookupError, ValueError, TypeError):
        return f"no such encoding as '{name}'"
    if not known._is_text_encoding or known.name in NOT_FOR_TEXT:
        return f"'{name}' is no encoding of text"
    return ""


@contextmanager
def opened_bytes(file: Path, compression: str, inner_path: str) -> Iterator[IO[bytes]]:
    """The plain bytes of a file that may be packed."""
    if compression == "gz":
        with gzip.open(file) as packed:
            yield cast(IO[bytes], packed)
    elif compression == "zip":
        with zipfile.ZipFile(file) as archive, archive.open(inner_path or archive.namelist()[0]) as stream:
            yield stream
    else:
        with file.open("rb") as stream:
            yield stream


def measure(file: Path, compression: str, inner_path: str) -> None:
    """Raise TooLarge, or what the unpacker raises, for a packed file that must not be opened."""
    size = 0
    with opened_bytes(file, compression, inner_path) as stream:
        while block := stream.read(1 << 20):
            size += len(block)
            if size > MOST_BYTES:
                raise TooLarge(f"unpacks to more than {MOST_BYTES >> 20} MiB")
