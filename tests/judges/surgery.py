"""A PDF as bytes, for those who change it against the rules: finds objects and values where they stand, and writes any update.

For our own reports only: classic cross-reference tables, no encryption, no object streams. It repairs nothing.
"""

import re

SPACES = b"\0\t\n\f\r "
DELIMITERS = b"()<>[]{}/%"


def skip_spaces(data, at):
    while at < len(data):
        if data[at] in SPACES:
            at += 1
        elif data[at:at + 1] == b"%":
            at = data.index(b"\n", at)
        else:
            break
    return at


def skip(data, at):
    """Where the object that begins at `at` ends; a reference is one object."""
    first = data[at:at + 1]
    if data[at:at + 2] == b"<<":
        return skip_all(data, at + 2, b">>")
    if first == b"[":
        return skip_all(data, at + 1, b"]")
    if first == b"<":
        return data.index(b">", at) + 1
    if first == b"(":
        depth, at = 1, at + 1
        while depth:
            depth += {40: 1, 41: -1}.get(data[at], 0)
            at += 2 if data[at] == 92 else 1
        return at
    if reference := re.compile(rb"\d+\s+\d+\s+R\b").match(data, at):
        return reference.end()
    end = at + 1
    while end < len(data) and data[end] not in SPACES + DELIMITERS:
        end += 1
    return end


def skip_all(data, at, closing):
    at = skip_spaces(data, at)
    while not data.startswith(closing, at):
        at = skip_spaces(data, skip(data, at))
    return at + len(closing)


def entries(data, at=0):
    """The entries of the dictionary that begins at `at`: key to (start of the key, start and end of the value)."""
    found, at = {}, skip_spaces(data, skip_spaces(data, at) + 2)
    while not data.startswith(b">>", at):
        end = skip(data, at)
        value = skip_spaces(data, end)
        found[data[at:end]] = (at, value, skip(data, value))
        at = skip_spaces(data, found[data[at:end]][2])
    return found


def get(body, key):
    """The value of a key of a dictionary, as it stands there; `None` if it has none."""
    span = entries(body).get(key)
    return span and body[span[1]:span[2]]


def put(body, **values):
    """The dictionary (with its stream, if any) with other values; `None` takes a key away."""
    for name, value in values.items():
        key = b"/" + name.encode()
        if span := entries(body).get(key):
            body = body[:span[0]] + body[span[2]:]
        if value is not None:
            start = skip_spaces(body, 0) + 2
            body = body[:start] + key + b" " + value + body[start:]
    return body


def stream(content, head=b""):
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(content), content)


def references(value):
    return [int(number) for number in re.findall(rb"(\d+)\s+\d+\s+R\b", value)]


class Signature:
    """A signature in the file, with the places of what an attacker would change."""

    def __init__(self, pdf, field):
        self.field, self.number = field, references(get(pdf.body(field), b"/V"))[0]
        self.at = pdf.offsets[self.number]
        self.dictionary = pdf.data.index(b"<<", self.at)
        spans = entries(pdf.data, self.dictionary)
        self.range_at = spans[b"/ByteRange"][1:]
        self.contents_at = spans[b"/Contents"][1:]
        self.range = [int(number) for number in re.findall(rb"\d+", pdf.data[slice(*self.range_at)])]
        self.contents = pdf.data[slice(*self.contents_at)]
        raw = bytes.fromhex(self.contents[1:-1].decode())
        length = 4 + int.from_bytes(raw[2:4], "big")  # SEQUENCE with a length of two bytes
        self.cms, self.room = raw[:length], len(raw)

    @property
    def gap(self):
        return self.range[1], self.range[2]


class Pdf:
    """A file as its last cross-reference table shows it."""

    def __init__(self, data):
        self.data = data
        self.startxref = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
        self.offsets, self.tables, self.trailers = {}, [], []
        at = self.startxref
        while at is not None:
            at = self._read_table(at)
        self.trailer = self.trailers[0]
        self.root = references(get(self.trailer, b"/Root"))[0]
        self.size = int(get(self.trailer, b"/Size"))
        self.pages = self._pages(references(get(self.body(self.root), b"/Pages"))[0])
        form = self.form
        self.fields = [number for number in references(self.resolve(get(form, b"/Fields"))) if get(self.body(number), b"/FT") == b"/Sig"]
        signed = [Signature(self, number) for number in self.fields if get(self.body(number), b"/V")]
        self.signatures = sorted(signed, key=lambda signature: signature.range[2])

    def _read_table(self, at):
        numbers = re.compile(rb"\s*(\d+)\s+(\d+)\s*\n")
        self.tables.append(at)
        at = self.data.index(b"xref", at) + 4
        while part := numbers.match(self.data, at):
            first, count = int(part[1]), int(part[2])
            for number in range(count):
                offset, generation, kind = self.data[part.end() + 20 * number:][:18].split()
                if kind == b"n":
                    self.offsets.setdefault(first + number, int(offset))
            at = part.end() + 20 * count
        at = self.data.index(b"<<", at)
        self.trailers.append(self.data[at:skip(self.data, at)])
        previous = get(self.trailers[-1], b"/Prev")
        return previous and int(previous)

    def _pages(self, number):
        kids = get(self.body(number), b"/Kids")
        return [number] if kids is None else [page for kid in references(kids) for page in self._pages(kid)]

    def body(self, number):
        """The object without its `obj` and `endobj`."""
        start = self.data.index(b"obj", self.offsets[number]) + 3
        start = skip_spaces(self.data, start)
        end = skip(self.data, start)
        if self.data.startswith(b"stream", skip_spaces(self.data, end)):
            end = self.data.index(b"endstream", end) + 9
        return self.data[start:end]

    def resolve(self, value):
        return self.body(references(value)[0]) if value and re.fullmatch(rb"\d+\s+\d+\s+R", value) else value

    @property
    def catalog(self):
        return self.body(self.root)

    @property
    def form(self):
        return self.resolve(get(self.catalog, b"/AcroForm"))

    def form_update(self, **values):
        """The object to write so that the form has other values: itself, or the catalog around it."""
        value = get(self.catalog, b"/AcroForm")
        form = put(self.form, **values)
        return {references(value)[0]: form} if references(value[:20]) and not value.startswith(b"<<") else {
            self.root: put(self.catalog, AcroForm=form)}

    def find(self, *words):
        """The numbers of the objects whose dictionary has all these words."""
        def has(body):
            return body.startswith(b"<<") and all(word in body[:skip(body, 0)] for word in words)
        return [number for number in sorted(self.offsets) if has(self.body(number))]

    def update(self, objects, table=True, trailer=True, eof=True, extra=b"", prev=None, root=None, generations=None):
        """The file with an update at its end, as whole as it is told to be."""
        data, offsets = self.data + (b"" if self.data.endswith(b"\n") else b"\n"), {}
        for number, body in objects.items():
            offsets[number] = len(data)
            data += b"%d %d obj\n%s\nendobj\n" % (number, (generations or {}).get(number, 0), body)
        at = len(data)
        if table:
            data += self.table(offsets, generations)
        if trailer:
            size = max([self.size, *(number + 1 for number in objects)])
            previous = self.startxref if prev is None else prev
            of_id = get(self.trailer, b"/ID") or b"[<00><00>]"
            data += b"trailer\n<</Size %d/Root %d 0 R/Prev %d/ID %s%s>>\n" % (size, root or self.root, previous, of_id, extra)
            data += b"startxref\n%d\n" % at
        return data + (b"%%EOF\n" if eof else b"")

    @staticmethod
    def table(offsets, generations=None):
        rows = [b"%d 1\n%010d %05d n \n" % (number, offset, (generations or {}).get(number, 0))
                for number, offset in sorted(offsets.items())]
        return b"xref\n" + b"".join(rows)

    def new(self, count=1):
        """A number that no object has."""
        return self.size if count == 1 else list(range(self.size, self.size + count))

    def replaced(self, at, new):
        """The file with the bytes of a span changed for others of the same length."""
        assert len(new) == at[1] - at[0], (len(new), at)
        return self.data[:at[0]] + new + self.data[at[1]:]
