"""Small PDFs made by hand: of text, of pictures, protected, broken, hostile."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter

LINES_A_PAGE = 45


def text_pdf(lines: Sequence[str]) -> bytes:
    """A PDF of these lines, 45 to a page; an empty line is a gap."""
    pages = [lines[n : n + LINES_A_PAGE] for n in range(0, len(lines), LINES_A_PAGE)]
    return _pdf([_typeset(page) for page in pages])


def picture_pdf(pages: int) -> bytes:
    """A PDF whose pages are pictures, as a scanner makes them."""
    head = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
    return _pdf([b"q 500 0 0 700 50 50 cm /Im0 Do Q"] * pages, head + b"\nstream\n\x00\nendstream")


def bomb_pdf(size: int) -> bytes:
    """A PDF whose page is a stream of spaces that grows a thousandfold when it is unpacked."""
    return _pdf([b" " * size])


def drawing_pdf(count: int) -> bytes:
    """A PDF whose page draws a letter so many times."""
    return _pdf([b"BT /F1 11 Tf " + b"(a) Tj T* " * count + b"ET"])


def protected_pdf(lines: Sequence[str], password: str) -> bytes:
    """A PDF that asks for a password."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf(lines))))
    writer.encrypt(password, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _typeset(lines: Sequence[str]) -> bytes:
    drawn = [b"BT /F1 11 Tf 60 780 Td 16 TL"]
    for line in lines:
        escaped = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        drawn.append(f"({escaped}) Tj T*".encode("latin-1") if line else b"0 -10 Td")
    return b"\n".join([*drawn, b"ET"])


def _pdf(contents: Sequence[bytes], image: bytes | None = None) -> bytes:
    """The file around the contents of pages: objects, and where each begins."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(contents)))
    resources = "<</XObject<</Im0 4 0 R>>>>" if image else "<</Font<</F1 3 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        image or b"<<>>",
    ]
    for n, content in enumerate(contents):
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources {resources}/Contents {6 + 2 * n} 0 R>>"
        packed = zlib.compress(content)
        head = f"<</Length {len(packed)}/Filter/FlateDecode>>\nstream\n".encode()
        objects += [page.encode(), head + packed + b"\nendstream"]
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    out = BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
