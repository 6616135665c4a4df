"""Small files of every accepted type, made here. Letters are drawn with a
5 x 7 font, large enough for OCR."""
import base64
import io
import struct
import zipfile
import zlib

FONT = {  # rows from top to bottom, five bits each
    "A": "0E11111F111111", "B": "1E11111E11111E", "C": "0E11101010110E",
    "D": "1E11111111111E", "E": "1F10101E10101F", "I": "0E04040404040E", "L": "1010101010101F",
    "N": "11191513111111", "O": "0E11111111110E", "Q": "0E11111115120D",
    "R": "1E11111E141211", "S": "0F10100E01011E", "T": "1F040404040404",
    "U": "1111111111110E", " ": "00000000000000",
}


def letters(text, scale=8, margin=40):
    """A grey picture of `text`: (width, height, rows of bytes)."""
    rows = []
    width = len(text) * 6 * scale + 2 * margin
    blank = b"\xff" * width
    for y in range(7):
        row = bytearray(blank)
        for i, letter in enumerate(text):
            bits = bytes.fromhex(FONT[letter])[y]
            for x in range(5):
                if bits >> (4 - x) & 1:
                    at = margin + (i * 6 + x) * scale
                    row[at:at + scale] = b"\x00" * scale
        rows += [bytes(row)] * scale
    return width, len(rows) + 2 * margin, [blank] * margin + rows + [blank] * margin


def png(width, height, rows):
    """Eight-bit grey PNG."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body)
            + chunk(b"IEND", b""))


def flat_png(grey, width=700, height=700):
    return png(width, height, [bytes([grey]) * width] * height)


def bmp(width, height, rows):
    pixels = b"".join(b"".join(bytes([v] * 3) for v in row) + b"\0" * (-(width * 3) % 4)
                      for row in reversed(rows))
    return (b"BM" + struct.pack("<IHHI", 54 + len(pixels), 0, 0, 54)
            + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0,
                          len(pixels), 2835, 2835, 0, 0) + pixels)


def tiff(width, height, rows):
    """Uncompressed eight-bit grey."""
    pixels = b"".join(rows)
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8),
               (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
               (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, len(pixels))]
    ifd = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", *e) for e in entries) + b"\0" * 4
    return b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels + ifd


# Grey gradients of 8 x 8 pixels.
GIF = base64.b64decode(
    "R0lGODlhCAAIAPIHAAAAACQkJElJSW1tbZKSkra2ttvb2////yH5BAAAAAAALAAAAAAIAAgAAAMW"
    "eLpq/q7IKYm9duithf9eII4iYJ5mAgA7")
WEBP = base64.b64decode(
    "UklGRiwAAABXRUJQVlA4ICAAAACQAQCdASoIAAgABABoJaQAAuab25AA/uAKwr9Ke4AAAA==")
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9V"
    "XVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAAIAAgBAREA/8QAFAABAAAAAAAA"
    "AAAAAAAAAAAAAP/EABcQAAMBAAAAAAAAAAAAAAAAAAAWYqH/2gAIAQEAAD8AMN6f/9k=")


def jpeg_with_exif():
    """Camera, time, orientation 1 and a place: 48.5 N, 2.25 E."""
    def ascii_entry(tag, text, at):
        return struct.pack("<HHII", tag, 2, len(text), at)
    make, model, when = b"Acme\0\0", b"Lens 9\0\0", b"2026:11:20 10:11:12\0"
    gps_at = 8 + 2 + 12 * 5 + 4
    exif_at = gps_at + 2 + 12 * 4 + 4
    data_at = exif_at + 2 + 12 + 4
    at = {}
    blob = b""
    for name, value in (("make", make), ("model", model), ("when", when),
                        ("lat", struct.pack("<6I", 48, 1, 30, 1, 0, 1)),
                        ("lon", struct.pack("<6I", 2, 1, 15, 1, 0, 1))):
        at[name] = data_at + len(blob)
        blob += value
    tiff_part = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 5)
    tiff_part += ascii_entry(0x010F, make, at["make"])
    tiff_part += ascii_entry(0x0110, model, at["model"])
    tiff_part += struct.pack("<HHII", 0x0112, 3, 1, 1)
    tiff_part += struct.pack("<HHII", 0x8769, 4, 1, exif_at)
    tiff_part += struct.pack("<HHII", 0x8825, 4, 1, gps_at) + b"\0" * 4
    tiff_part += struct.pack("<H", 4)
    tiff_part += struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0")
    tiff_part += struct.pack("<HHII", 2, 5, 3, at["lat"])
    tiff_part += struct.pack("<HHI4s", 3, 2, 2, b"E\0\0\0")
    tiff_part += struct.pack("<HHII", 4, 5, 3, at["lon"]) + b"\0" * 4
    tiff_part += struct.pack("<H", 1) + ascii_entry(0x9003, when, at["when"])
    tiff_part += b"\0" * 4 + blob
    segment = b"Exif\0\0" + tiff_part
    return (JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2)
            + segment + JPEG[2:])


def pdf(content, resources=b"<< /Font << /F << /Type /Font /Subtype /Type1 "
                             b"/BaseFont /Helvetica >> >> >>", more=()):
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>",
               b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
               b"/Contents 4 0 R /Resources " + resources + b" >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
               *more]
    out, places = b"%PDF-1.4\n", []
    for n, o in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, o)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + (b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
                  % (len(objects) + 1, table))


def pdf_with_text(text="Rapport de visite du site"):
    return pdf(b"BT /F 18 Tf 60 700 Td (%s) Tj ET" % text.encode("latin-1"))


def pdf_of_a_scan(text="SECURITE INCENDIE"):
    width, height, rows = letters(text, 10)
    data = zlib.compress(b"".join(rows))
    image = (b"<< /Type /XObject /Subtype /Image /Width %d /Height %d "
             b"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode "
             b"/Length %d >>\nstream\n%s\nendstream"
             % (width, height, len(data), data))
    return pdf(b"q 500 0 0 %d 40 500 cm /I Do Q" % (500 * height // width),
               b"<< /XObject << /I 5 0 R >> >>", (image,))


def docx(text="Porte coupe-feu bloquée"):
    out = io.BytesIO()
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="'
                   'http://schemas.openxmlformats.org/package/2006/content-types"/>')
        z.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http'
                   '://schemas.openxmlformats.org/package/2006/relationships"/>')
        z.writestr("word/document.xml", f'<?xml version="1.0"?><w:document xmlns:w='
                   f'"{word}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
                   "</w:body></w:document>")
    return out.getvalue()


def doc(text="Sortie de secours bloquée"):
    """Word 6: an OLE file of one stream, sectors 0 FAT, 1 directory, 2 text."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    body = text.encode("cp1252") + b"\r"
    fib = bytearray(0x300)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5DC, 101, 0, 0x40C, 0, 0)
    struct.pack_into("<III", fib, 0x18, 0x300, 0x300 + len(body), 4096)
    struct.pack_into("<I", fib, 0x34, len(body))
    stream = (bytes(fib) + body).ljust(4096, b"\0")

    def entry(name, kind, child, start, size):
        wide = name.encode("utf-16-le") + b"\0\0" if name else b""
        return (wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1)
                + struct.pack("<III", free, free, child) + b"\0" * 36
                + struct.pack("<IQ", start, size))
    sectors = len(stream) // 512
    fat = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    fat += [free] * (128 - len(fat))
    head = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
            + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
            + struct.pack("<10I", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
            + struct.pack("<I", free) * 108)
    return (head + struct.pack("<128I", *fat) + entry("Root Entry", 5, 1, end, 0)
            + entry("WordDocument", 2, free, 2, len(stream))
            + entry("", 0, free, 0, 0) * 2 + stream)


CSV = (b"timestamp,user,action,anomalie\n2026-11-20 02:15,guest,door,TRUE\n"
       b"2026-11-20 09:00,alice,door,FALSE\n")
NOTE = "Extincteur du hall : ABSENT\nTout va bien ailleurs\n".encode()
LATIN1 = "Détecteur de fumée : DÉFECTUEUX\nÉtage 2\n".encode("latin-1")
LOG = b"2026-11-20 10:00:00 INFO started\n2026-11-20 10:00:01 WARN disk\n"


def one_of_each():
    picture = letters("SECURITE")
    return [("photo.png", png(*picture)), ("photo.jpg", jpeg_with_exif()),
            ("photo.bmp", bmp(*picture)), ("photo.tif", tiff(*picture)),
            ("photo.gif", GIF), ("photo.webp", WEBP),
            ("text.pdf", pdf_with_text()), ("scan.pdf", pdf_of_a_scan()),
            ("note.docx", docx()), ("note.doc", doc()), ("log.csv", CSV), ("note.txt", NOTE),
            ("latin1.txt", LATIN1), ("run.log", LOG)]
