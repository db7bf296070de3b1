"""Deceptive files made from an honest one that three people signed and a document timestamp closed; no verifier may pass one of them.

usage: deceptions.py SIGNED.pdf FOLDER      prints the class, the name and the deceit of each
The classes are those of the published attacks on PDF signatures, and what else would let a file say what nobody signed.
"""

import re
import sys
import zlib
from pathlib import Path

from surgery import Pdf, entries, get, put, references, skip, stream

LIE = b"q 1 1 1 rg 0 0 935 612 re f 1 0 0 rg 60 300 400 40 re f Q"
DECEPTIONS = []


def deception(family):
    """Lists the function below: from a `Pdf` to the bytes of a deceptive file."""
    def enter(make):
        DECEPTIONS.append((family, make.__name__.replace("_", "-"), make))
        return make
    return enter


def each(family, **variants):
    """The same for functions of a `Pdf` and one more value, of which there are several."""
    def enter(make):
        for name, value in variants.items():
            def made(pdf, value=value):
                return make(pdf, value)
            made.__doc__ = make.__doc__
            DECEPTIONS.append((family, f"{make.__name__}-{name}".replace("_", "-"), made))
        return make
    return enter


def contents(pdf, page=0):
    """The number of the stream of a page's contents."""
    return references(get(pdf.body(pdf.pages[page]), b"/Contents"))[0]


def appearance(content=LIE):
    font = b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    return stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 935 612]" + font)


def annotated(pdf, page, *annotations):
    """The page with more annotations, numbered from the first new number on."""
    number = pdf.pages[page]
    body = pdf.body(number)
    there = pdf.resolve(get(body, b"/Annots")) or b"[]"
    more = b"".join(b" %d 0 R" % (pdf.size + place) for place in range(len(annotations)))
    objects = {pdf.size + place: annotation for place, annotation in enumerate(annotations)}
    return {number: put(body, Annots=there[:-1] + more + b"]"), **objects}


# Universal signature forgery: the signature is there and nothing can be verified of it.

@each("universal forgery",
      none=None, null=b"null", empty=b"[]", zeros=b"[0 0 0 0]", negative=b"[0 -1 -1 0]", text=b"(0 10 20 30)", name=b"/Todo",
      three=b"[0 10 20]", huge=b"[0 99999999999999999999 99999999999999999999 1]", reals=b"[0.0 10.5 20.5 30.1]",
      nothing_signed=b"[0 0 100 0]")
def byte_range(pdf, value):
    """An update gives the last person's signature another ByteRange, or none."""
    number = pdf.signatures[2].number
    return pdf.update({number: put(pdf.body(number), ByteRange=value)})


@each("universal forgery", none=None, null=b"null", empty=b"<>", zero=b"<00>", text=b"()", number=b"0", array=b"[]")
def signature_contents(pdf, value):
    """An update gives the last person's signature other Contents, or none."""
    number = pdf.signatures[2].number
    return pdf.update({number: put(pdf.body(number), Contents=value)})


@each("universal forgery", sha1=b"/adbe.pkcs7.sha1", rsa=b"/adbe.x509.rsa_sha1", unknown=b"/Nadie.Sabe", none=None)
def other_subfilter(pdf, value):
    """An update says that the signature is of another kind, which a verifier might skip."""
    number = pdf.signatures[0].number
    return pdf.update({number: put(pdf.body(number), SubFilter=value)})


@deception("universal forgery")
def byte_range_by_reference(pdf):
    """The ByteRange stands in another object, which is not signed."""
    number, new = pdf.signatures[2].number, pdf.new()
    return pdf.update({number: put(pdf.body(number), ByteRange=b"%d 0 R" % new), new: b"[0 0 0 0]"})


@deception("universal forgery")
def signature_without_type(pdf):
    """The value of the field is an empty dictionary: signed by nobody."""
    return pdf.update({pdf.signatures[1].number: b"<<>>"})


@deception("universal forgery")
def forged_in_place(pdf):
    """Contents of zeros, of the same length."""
    signature = pdf.signatures[3]
    return pdf.replaced(signature.contents_at, b"<" + b"0" * (len(signature.contents) - 2) + b">")


@deception("universal forgery")
def escaped_keys(pdf):
    """The keys that matter are spelt with escapes, and ones that cover everything stand beside them."""
    number = pdf.signatures[2].number
    body = pdf.body(number)
    span = entries(body)[b"/ByteRange"]
    escaped = body[:span[0]] + b"/Byte#52ange " + body[span[1]:]
    return pdf.update({number: put(escaped, ByteRange=b"[0 0 %d 0]" % len(pdf.data))})


@deception("universal forgery")
def escaped_key_in_place(pdf):
    """The key of the Contents is spelt with an escape, in a new object that stands for the signature."""
    number = pdf.signatures[2].number
    body = pdf.body(number)
    span = entries(body)[b"/Contents"]
    return pdf.update({number: body[:span[0]] + b"/Con#74ents " + body[span[1]:]})


# Incremental saving: an update after the last signature says something else.

@deception("incremental saving")
def page_contents_replaced(pdf):
    """The first page says something else."""
    return pdf.update({contents(pdf): stream(LIE)})


@deception("incremental saving")
def page_contents_appended(pdf):
    """Something is drawn over the first page by a second stream of contents."""
    page, new = pdf.pages[0], pdf.new()
    both = b"[%d 0 R %d 0 R]" % (contents(pdf), new)
    return pdf.update({page: put(pdf.body(page), Contents=both), new: stream(LIE)})


@deception("incremental saving")
def new_page(pdf):
    """There is one page more."""
    tree = references(get(pdf.catalog, b"/Pages"))[0]
    page, text = pdf.new(2)
    kids = get(pdf.body(tree), b"/Kids")[:-1] + b" %d 0 R]" % page
    count = b"%d" % (len(pdf.pages) + 1)
    body = put(pdf.body(pdf.pages[0]), Contents=b"%d 0 R" % text, Annots=None)
    return pdf.update({tree: put(pdf.body(tree), Kids=kids, Count=count), page: body, text: stream(LIE)})


@deception("incremental saving")
def page_removed(pdf):
    """The first page is gone."""
    tree = references(get(pdf.catalog, b"/Pages"))[0]
    kids = b"[" + b" ".join(b"%d 0 R" % page for page in pdf.pages[1:]) + b"]"
    return pdf.update({tree: put(pdf.body(tree), Kids=kids, Count=b"%d" % (len(pdf.pages) - 1))})


@deception("incremental saving")
def pages_in_another_order(pdf):
    """The last page is the first."""
    tree = references(get(pdf.catalog, b"/Pages"))[0]
    kids = b"[" + b" ".join(b"%d 0 R" % page for page in reversed(pdf.pages)) + b"]"
    return pdf.update({tree: put(pdf.body(tree), Kids=kids)})


@each("incremental saving", table=dict(table=False), trailer=dict(trailer=False), both=dict(table=False, trailer=False),
      end=dict(eof=False))
def replaced_without(pdf, missing):
    """The first page says something else, in an update that lacks what readers rebuild."""
    return pdf.update({contents(pdf): stream(LIE)}, **missing)


@deception("incremental saving")
def with_a_copied_signature(pdf):
    """The first page says something else, and a new field with a copy of the last signature closes the file."""
    last, field, copy = pdf.signatures[-1], *pdf.new(2)
    fields = pdf.resolve(get(pdf.form, b"/Fields"))[:-1] + b" %d 0 R]" % field
    objects = {contents(pdf): stream(LIE), copy: pdf.body(last.number)}
    objects[field] = put(pdf.body(last.field), T=b"(copia)", V=b"%d 0 R" % copy)
    return pdf.update({**objects, **pdf.form_update(Fields=fields)})


@deception("incremental saving")
def in_an_object_stream(pdf):
    """The first page's contents are led elsewhere by an update with a cross-reference stream and an object stream."""
    page, holder, table, new = pdf.pages[0], *pdf.new(3)
    body = put(pdf.body(page), Contents=b"%d 0 R" % new)
    inside = b"%d 0 " % page
    data = pdf.data
    at = {new: len(data)}
    data += b"%d 0 obj\n%s\nendobj\n" % (new, stream(LIE))
    at[holder] = len(data)
    held = stream(inside + body, b"/Type/ObjStm/N 1/First %d" % len(inside))
    data += b"%d 0 obj\n%s\nendobj\n" % (holder, held)
    at[table] = len(data)
    row = lambda kind, first, second: bytes([kind]) + first.to_bytes(4, "big") + bytes([second])
    rows = row(2, holder, 0) + b"".join(row(1, at[number], 0) for number in (holder, table, new))
    head = b"/Type/XRef/W[1 4 1]/Index[%d 1 %d 3]/Size %d/Root %d 0 R/Prev %d/ID %s" % (
        page, holder, new + 1, pdf.root, pdf.startxref, get(pdf.trailer, b"/ID"))
    return data + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, stream(rows, head), at[table])


@deception("incremental saving")
def in_a_hybrid_table(pdf):
    """The table of the update is empty; the change is in the cross-reference stream that XRefStm names."""
    number, table = contents(pdf), pdf.new()
    data = pdf.data
    at = len(data)
    data += b"%d 0 obj\n%s\nendobj\n" % (number, stream(LIE))
    hidden = len(data)
    rows = b"\1" + at.to_bytes(4, "big") + b"\0" + b"\1" + hidden.to_bytes(4, "big") + b"\0"
    head = b"/Type/XRef/W[1 4 1]/Index[%d 1 %d 1]/Size %d/Root %d 0 R" % (number, table, table + 1, pdf.root)
    data += b"%d 0 obj\n%s\nendobj\n" % (table, stream(rows, head))
    end = len(data)
    data += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size %d/Root %d 0 R/Prev %d/XRefStm %d/ID %s>>\n" % (
        table + 1, pdf.root, pdf.startxref, hidden, get(pdf.trailer, b"/ID"))
    return data + b"startxref\n%d\n%%%%EOF\n" % end


# Signature wrapping: what is signed moves, what is read is not it.

def until(pdf, which):
    """The file as it was when one of its signatures had just been made."""
    return Pdf(pdf.data[:sum(pdf.signatures[which].range[2:])])


def wrapped(pdf, byte_range):
    """The gap of the last signature grows; the end of the file, moved, has a startxref that now leads into what grew."""
    last = pdf.signatures[-1]
    start, end = last.gap
    dead, tail = pdf.data[:end], pdf.data[end:]
    moved_to = pdf.startxref + 40_000
    text = contents(pdf)
    places = {number: at + moved_to - end for number, at in pdf.offsets.items() if at >= end}
    table = len(Pdf.table({text: 0, last.number: 0, **places})) + 400  # with its trailer
    middle = b"\nendobj\n".ljust(pdf.startxref + table - end)
    for number, body in ((text, stream(LIE)), (last.number, put(pdf.body(last.number), ByteRange=byte_range(start, moved_to, len(tail))))):
        places[number] = end + len(middle)
        middle += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d/ID %s>>\n" % (
        pdf.size, pdf.root, max(at for at in pdf.tables if at < start), get(pdf.trailer, b"/ID"))
    at = pdf.startxref - end
    middle = middle[:at] + (Pdf.table(places) + trailer).ljust(table) + middle[at + table:]
    return dead + middle.ljust(moved_to - end) + tail


@each("signature wrapping", of_the_timestamp=3, of_a_person=2)
def moved_end(pdf, which):
    """The second range has moved; in the gap stand another first page and a signature whose ByteRange follows the move."""
    return wrapped(until(pdf, which), lambda start, moved, length: b"[0 %d %d %d]" % (start, moved, length))


@each("signature wrapping", of_the_timestamp=3, of_a_person=2)
def moved_end_and_old_range(pdf, which):
    """The same, with the ByteRange as it was signed."""
    earlier = until(pdf, which)
    old = b"[%s]" % b" ".join(b"%d" % number for number in earlier.signatures[-1].range)
    return wrapped(earlier, lambda *_: old)


@deception("signature wrapping")
def several_ranges(pdf):
    """The last signature covers, in three ranges, all but the object that an update adds."""
    last, number = pdf.signatures[-1], contents(pdf)
    start, end = last.gap
    value = b"[0 %d %d %d %d 0]" % (start, end, len(pdf.data) - end, len(pdf.data))
    return pdf.update({number: stream(LIE), last.number: put(pdf.body(last.number), ByteRange=value)})


# Padding and overlapping: what is in the gap is signed by nobody.

def in_gap(pdf, addition, which=2):
    """Ends the Contents where the CMS ends, and writes something in the room that is left of the gap."""
    signature = pdf.signatures[which]
    shortened = b"<" + signature.cms.hex().encode() + b">"
    room = len(signature.contents) - len(shortened)
    if room < len(addition):
        signature = max(pdf.signatures, key=lambda one: one.room - len(one.cms))
        shortened = b"<" + signature.cms.hex().encode() + b">"
        room = len(signature.contents) - len(shortened)
    assert room >= len(addition), "no room in any gap"
    return pdf.replaced(signature.contents_at, shortened + addition + b" " * (room - len(addition)))


@each("padding of the gap",
      spaces=b"", comment=b"%firmado\n", key=b"/M(D:20300101)", name=b"/Name(X)", second_contents=b"/Contents<00>",
      second_range=b"/ByteRange[0 9 9 9]")
def gap(pdf, addition):
    """The gap has more in it than the Contents."""
    return in_gap(pdf, addition)


@each("padding of the gap", end=lambda cms, room: cms + b"\xff" * (room - len(cms)),
      second=lambda cms, room: cms + (b"\x30\x03\x02\x01\x01" * room)[:room - len(cms)])
def bytes_after_the_cms(pdf, fill):
    """The Contents go on after the CMS with bytes that are not zeros."""
    signature = max(pdf.signatures, key=lambda one: one.room - len(one.cms))
    return pdf.replaced(signature.contents_at, b"<" + fill(signature.cms, signature.room).hex().encode() + b">")


@deception("padding of the gap")
def contents_as_literal_string(pdf):
    """The Contents as a string in parentheses, whose length no range tells."""
    signature = pdf.signatures[3]
    literal = re.sub(rb"([\\()])", rb"\\\1", signature.cms).replace(b"\r", b"\\r")
    room = len(signature.contents) - len(literal) - 2
    return pdf.replaced(signature.contents_at, b"(" + literal + b"\0" * room + b")")


@each("overlapping ranges",
      overlapping=lambda start, end, size: [0, start + 10, start - 10, size - start + 10],
      touching=lambda start, end, size: [0, end, end, size - end],
      first_only=lambda start, end, size: [0, start, size, 0],
      swapped=lambda start, end, size: [end, size - end, 0, start],
      late_start=lambda start, end, size: [100, start - 100, end, size - end],
      beyond_the_end=lambda start, end, size: [0, start, end, size],
      short=lambda start, end, size: [0, start, end, size - end - 1],
      wide_gap=lambda start, end, size: [0, start - 50, end + 50, size - end - 50])
def range_of_the_last(pdf, ranges):
    """An update gives the document timestamp a ByteRange of another shape."""
    last = pdf.signatures[-1]
    value = ranges(*last.gap, len(pdf.data))
    body = put(pdf.body(last.number), ByteRange=b"[%s]" % b" ".join(b"%d" % number for number in value))
    return pdf.update({last.number: body})


# Several signatures in one.

@deception("multiple Contents")
def two_contents_in_the_object(pdf):
    """The signature object has Contents twice, first those of another signature."""
    first, last = pdf.signatures[0], pdf.signatures[2]
    body = pdf.body(last.number)
    return pdf.update({last.number: body[:2] + b"/Contents " + first.contents + body[2:]})


@deception("multiple Contents")
def two_ranges_in_the_object(pdf):
    """The signature object has a ByteRange twice, first one of nothing."""
    number = pdf.signatures[2].number
    body = pdf.body(number)
    return pdf.update({number: body[:2] + b"/ByteRange[0 0 0 0]" + body[2:]})


@deception("swapped signatures")
def values_swapped(pdf):
    """Each of two fields has the signature of the other."""
    one, two = pdf.signatures[:2]
    return pdf.update({one.field: put(pdf.body(one.field), V=b"%d 0 R" % two.number),
                       two.field: put(pdf.body(two.field), V=b"%d 0 R" % one.number)})


@deception("swapped signatures")
def two_fields_share_a_value(pdf):
    """The signature of one person stands in the field of another, too."""
    one, two = pdf.signatures[:2]
    return pdf.update({two.field: put(pdf.body(two.field), V=b"%d 0 R" % one.number)})


@deception("swapped signatures")
def contents_swapped_in_place(pdf):
    """The CMS of one signature in the gap of another."""
    one, two = pdf.signatures[0], max(pdf.signatures, key=lambda one: one.room)
    other = min((s for s in pdf.signatures if s is not two), key=lambda s: len(s.cms))
    content = other.cms.ljust(two.room, b"\0")
    return pdf.replaced(two.contents_at, b"<" + content.hex().encode() + b">")


@deception("swapped signatures")
def field_renamed(pdf):
    """The field of who wrote the report says that it is of who approved it."""
    field = pdf.signatures[0].field
    return pdf.update({field: put(pdf.body(field), T=b"(aprobo2)", TU=b"(Firma de quien aprueba)")})


@deception("swapped signatures")
def value_in_the_field(pdf):
    """The field has a copy of its signature in itself, with another reason and time."""
    field, number = pdf.signatures[1].field, pdf.signatures[1].number
    value = put(pdf.body(number), M=b"(D:20200101000000Z)", Reason=b"(Otra)")
    return pdf.update({field: put(pdf.body(field), V=value)})


@deception("swapped signatures")
def signature_removed(pdf):
    """The field of the second person is empty again."""
    field = pdf.signatures[1].field
    return pdf.update({field: put(pdf.body(field), V=None)})


@deception("swapped signatures")
def signed_name_and_time_changed(pdf):
    """The object of a signature says another time and place."""
    number = pdf.signatures[0].number
    return pdf.update({number: put(pdf.body(number), M=b"(D:20240701120000Z)", Location=b"(Otro lugar)")})


# Shadow attacks: what was in the file, or looked harmless, shows something else.

@deception("shadow: hide")
def other_page_tree(pdf):
    """The catalog leads to another tree of pages."""
    tree, page, text = pdf.new(3)
    body = put(pdf.body(pdf.pages[0]), Parent=b"%d 0 R" % tree, Contents=b"%d 0 R" % text, Annots=None)
    objects = {tree: b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % page, page: body, text: stream(LIE)}
    return pdf.update({pdf.root: put(pdf.catalog, Pages=b"%d 0 R" % tree), **objects})


@deception("shadow: hide")
def other_catalog(pdf):
    """The trailer leads to another catalog, a copy with another tree of pages."""
    catalog, tree, page, text = pdf.new(4)
    body = put(pdf.body(pdf.pages[0]), Parent=b"%d 0 R" % tree, Contents=b"%d 0 R" % text, Annots=None)
    objects = {tree: b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % page, page: body, text: stream(LIE)}
    return pdf.update({catalog: put(pdf.catalog, Pages=b"%d 0 R" % tree), **objects}, root=catalog)


@deception("shadow: hide")
def contents_freed(pdf):
    """The object of the first page's contents is free: the page is blank."""
    at = len(pdf.data)
    table = b"xref\n%d 1\n0000000000 00001 f \n" % contents(pdf)
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d/ID %s>>\n" % (
        pdf.size, pdf.root, pdf.startxref, get(pdf.trailer, b"/ID"))
    return pdf.data + table + trailer + b"startxref\n%d\n%%%%EOF\n" % at


@deception("shadow: replace")
def font_replaced(pdf):
    """The font of the report has the widths and glyphs of another."""
    fonts = pdf.find(b"/Type0")
    number = fonts[0]
    other = pdf.body(fonts[-1]) if len(fonts) > 1 else b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"
    return pdf.update({number: other})


@deception("shadow: replace")
def glyphs_permuted(pdf):
    """The font draws other glyphs for the same codes: 1 looks like 9."""
    number = pdf.find(b"/CIDFontType2")[0]
    new = pdf.new()
    swapped = b"".join((code ^ 1).to_bytes(2, "big") for code in range(512))
    return pdf.update({number: put(pdf.body(number), CIDToGIDMap=b"%d 0 R" % new), new: stream(swapped)})


@deception("shadow: replace")
def text_map_replaced(pdf):
    """What is copied and read aloud is other text than what is seen."""
    number = references(get(pdf.body(pdf.find(b"/Type0")[0]), b"/ToUnicode"))[0]
    return pdf.update({number: stream(b"/CMapName /X def 1 beginbfrange <0000> <ffff> <0030> endbfrange")})


@deception("shadow: replace")
def font_program_replaced(pdf):
    """The embedded font is another file."""
    number = references(get(pdf.body(pdf.find(b"/FontDescriptor", b"/FontFile")[0]), b"/FontFile2") or b"")
    number = number or references(get(pdf.body(pdf.find(b"/FontDescriptor", b"/FontFile")[0]), b"/FontFile3"))
    return pdf.update({number[0]: stream(b"\0\1\0\0", b"/Length1 4")})


@deception("shadow: replace")
def form_over_the_page(pdf):
    """A new text field, whose appearance covers the table."""
    new = pdf.size
    widget = (b"<</Type/Annot/Subtype/Widget/FT/Tx/T(total)/V(100 %%)/Rect[0 0 935 612]/F 4/P %d 0 R/AP<</N %d 0 R>>>>"
              % (pdf.pages[0], new + 1))
    fields = pdf.resolve(get(pdf.form, b"/Fields"))[:-1] + b" %d 0 R]" % new
    return pdf.update({**annotated(pdf, 0, widget), new + 1: appearance(), **pdf.form_update(Fields=fields)})


@deception("shadow: hide and replace")
def table_points_elsewhere(pdf):
    """No new object: a new table says that the first page's contents are those of the second."""
    at = len(pdf.data)
    one, two = contents(pdf, 0), contents(pdf, -1)
    # The number there is another one, which many readers do not mind.
    table = Pdf.table({one: pdf.offsets[two]})
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d/ID %s>>\n" % (
        pdf.size, pdf.root, pdf.startxref, get(pdf.trailer, b"/ID"))
    return pdf.data + table + trailer + b"startxref\n%d\n%%%%EOF\n" % at


@deception("shadow: hide and replace")
def earlier_revision_of_an_object(pdf):
    """No new object: a new table brings the field back that was empty when the first person signed."""
    field = pdf.signatures[1].field
    first = pdf.data.index(b"\n%d 0 obj" % field) + 1
    at = len(pdf.data)
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d/ID %s>>\n" % (
        pdf.size, pdf.root, pdf.startxref, get(pdf.trailer, b"/ID"))
    return pdf.data + Pdf.table({field: first}) + trailer + b"startxref\n%d\n%%%%EOF\n" % at


@deception("shadow: hide and replace")
def object_inside_a_stream(pdf):
    """A table points into the data of a stream that looks like a harmless one of validation data."""
    number, carrier = contents(pdf), pdf.new()
    inner = b"%d 0 obj\n%s\nendobj\n" % (number, stream(LIE))
    data = pdf.data + b"%d 0 obj\n" % carrier
    body = stream(inner)
    places = {carrier: len(pdf.data), number: len(data) + body.index(inner)}
    data += body + b"\nendobj\n"
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d/ID %s>>\n" % (
        carrier + 1, pdf.root, pdf.startxref, get(pdf.trailer, b"/ID"))
    return data + Pdf.table(places) + trailer + b"startxref\n%d\n%%%%EOF\n" % len(data)


# Evil annotations: something lies over the page.

@each("evil annotation",
      free_text=b"/FreeText/DA(/Helv 30 Tf)/Contents(AVANCE DEL 100 %)", stamp=b"/Stamp/Name/Approved", square=b"/Square/IC[1 1 1]",
      ink=b"/Ink/InkList[[0 0 900 600]]", watermark=b"/Watermark", redact=b"/Redact/IC[1 1 1]", note=b"/Text/Contents(Anulado)",
      file=b"/FileAttachment/Contents(otro)", link=b"/Link/A<</S/URI/URI(http://ejemplo.invalid)>>", highlight=b"/Highlight",
      line=b"/Line/L[0 300 900 300]", screen=b"/Screen")
def annotation(pdf, kind):
    """An annotation with an appearance lies over the first page."""
    new = pdf.size
    body = b"<</Type/Annot/Subtype%s/Rect[0 0 935 612]/F 4/P %d 0 R/AP<</N %d 0 R>>>>" % (kind, pdf.pages[0], new + 1)
    return pdf.update({**annotated(pdf, 0, body), new + 1: appearance()})


@deception("evil annotation")
def annotation_without_appearance(pdf):
    """An annotation that the reader itself must draw."""
    body = b"<</Type/Annot/Subtype/FreeText/Rect[0 0 935 612]/F 4/DA(/Helv 30 Tf 1 0 0 rg)/Contents(ANULADO)>>"
    return pdf.update(annotated(pdf, 0, body))


@deception("evil annotation")
def new_signature_field_over_the_page(pdf):
    """A new empty signature field, as large as the page, with an appearance."""
    new = pdf.size
    widget = (b"<</Type/Annot/Subtype/Widget/FT/Sig/T(otra)/Rect[0 0 935 612]/F 132/P %d 0 R/AP<</N %d 0 R>>>>"
              % (pdf.pages[0], new + 1))
    fields = pdf.resolve(get(pdf.form, b"/Fields"))[:-1] + b" %d 0 R]" % new
    return pdf.update({**annotated(pdf, 0, widget), new + 1: appearance(), **pdf.form_update(Fields=fields)})


@deception("evil annotation")
def signed_appearance_replaced(pdf):
    """The box of a signature shows another name."""
    number = references(get(pdf.body(pdf.signatures[0].field), b"/AP"))[0]
    return pdf.update({number: appearance(b"BT /F1 12 Tf 5 5 Td (Otra persona) Tj ET")})


@deception("evil annotation")
def signed_appearance_led_elsewhere(pdf):
    """The widget of a signature has another appearance, which covers the table."""
    field, new = pdf.signatures[0].field, pdf.new()
    return pdf.update({field: put(pdf.body(field), AP=b"<</N %d 0 R>>" % new), new: appearance()})


@each("evil annotation", moved=dict(Rect=b"[0 0 935 612]"), hidden=dict(F=b"2"), reason=dict(TU=b"(Nadie)"),
      action=dict(A=b"<</S/JavaScript/JS(app.alert\\(1\\))>>"))
def signed_widget(pdf, values):
    """The widget of a signature is changed after everybody signed."""
    field = pdf.signatures[0].field
    return pdf.update({field: put(pdf.body(field), **values)})


# Certification attacks: who may change what.

@deception("certification")
def certified_afterwards(pdf):
    """The catalog says that the first signature certifies the file and allows notes; a note covers the page."""
    new, number = pdf.size, pdf.signatures[0].number
    note = b"<</Type/Annot/Subtype/FreeText/Rect[0 0 935 612]/F 4/P %d 0 R/AP<</N %d 0 R>>>>" % (pdf.pages[0], new + 1)
    catalog = put(pdf.catalog, Perms=b"<</DocMDP %d 0 R>>" % number)
    return pdf.update({**annotated(pdf, 0, note), new + 1: appearance(), pdf.root: catalog})


@deception("certification")
def permissions_widened(pdf):
    """The object of a signature has a transform that allows notes and forms, and the catalog points to it."""
    number = pdf.signatures[0].number
    transform = b"[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 3/V/1.2>>>>]"
    catalog = put(pdf.catalog, Perms=b"<</DocMDP %d 0 R>>" % number)
    return pdf.update({number: put(pdf.body(number), Reference=transform), pdf.root: catalog, contents(pdf): stream(LIE)})


@deception("certification")
def usage_rights(pdf):
    """The catalog says that the file may be changed at will."""
    return pdf.update({pdf.root: put(pdf.catalog, Perms=b"<</UR3 %d 0 R>>" % pdf.signatures[0].number)})


@deception("certification")
def lock_removed(pdf):
    """The form no longer says that there are signatures."""
    return pdf.update(pdf.form_update(SigFlags=b"0"))


# What stands around the pages.

@deception("bytes after the end")
def comment_after_the_end(pdf):
    """A comment follows the end of the file."""
    return pdf.data + b"% nada\n"


@deception("bytes after the end")
def zeros_after_the_end(pdf):
    """Zeros follow the end of the file."""
    return pdf.data + bytes(64)


@deception("bytes after the end")
def page_after_the_end(pdf):
    """An HTML page follows the end of the file."""
    return pdf.data + b"<html><body>Otro informe</body></html>"


@deception("bytes after the end")
def archive_after_the_end(pdf):
    """An empty ZIP archive follows the end of the file: two files in one."""
    return pdf.data + b"PK\5\6" + bytes(18)


@deception("bytes after the end")
def file_twice(pdf):
    """The file follows itself."""
    return pdf.data + pdf.data


@deception("bytes after the end")
def other_report_after_the_end(pdf):
    """The same report with another first page and offsets that fit follows the end."""
    first = pdf.update({contents(pdf): stream(LIE)})
    moved = re.sub(rb"(\d{10}) (\d{5}) n", lambda row: b"%010d %s n" % (int(row[1]) + len(pdf.data), row[2]), first)
    moved = re.sub(rb"(startxref\n|/Prev )(\d+)", lambda place: b"%s%d" % (place[1], int(place[2]) + len(pdf.data)), moved)
    return pdf.data + moved


@deception("bytes before the beginning")
def bytes_before_the_beginning(pdf):
    """Something stands before the header."""
    return b"#!/bin/sh\n" + pdf.data


@deception("garbage between revisions")
def garbage_and_an_empty_update(pdf):
    """Bytes that no table knows, closed by an update that changes nothing."""
    hidden = b"%d 0 obj\n%s\nendobj\n" % (contents(pdf), stream(LIE))
    return Pdf(pdf.data + b"% " + b"x" * 200 + b"\n" + hidden).update({})


@each("page", rotated=dict(Rotate=b"180"), cut=dict(CropBox=b"[0 0 300 300]"), small=dict(MediaBox=b"[0 0 10 10]"),
      scaled=dict(UserUnit=b"9"), bare=dict(Annots=None), acting=dict(AA=b"<</O<</S/JavaScript/JS(1)>>>>"),
      untagged=dict(StructParents=None), empty=dict(Contents=None))
def page(pdf, values):
    """The last page, with the boxes of the signatures, has another value of its own."""
    number = pdf.pages[-1]
    return pdf.update({number: put(pdf.body(number), **values)})


@deception("page")
def resources_replaced(pdf):
    """The fonts of the first page change places: each text in the glyphs of the other."""
    number = pdf.pages[0]
    value = get(pdf.body(number), b"/Resources")
    resources = pdf.resolve(value)
    fonts = pdf.resolve(get(resources, b"/Font"))
    numbers = references(fonts)
    turned = fonts
    for place, one in enumerate(numbers):
        turned = turned.replace(b" %d 0 R" % one, b" @%d@" % numbers[place - 1])
    turned = re.sub(rb"@(\d+)@", rb"\1 0 R", turned)
    return pdf.update({number: put(pdf.body(number), Resources=put(resources, Font=turned))})


@each("catalog", open_action=dict(OpenAction=b"<</S/JavaScript/JS(app.alert\\(1\\))>>"),
      additional_actions=dict(AA=b"<</WS<</S/JavaScript/JS(1)>>>>"), language=dict(Lang=b"(en)"),
      version=dict(Version=b"/2.0"), labels=dict(PageLabels=b"<</Nums[0<</S/r>>]>>"),
      preferences=dict(ViewerPreferences=b"<</HideMenubar true>>"), uri=dict(URI=b"<</Base(http://ejemplo.invalid)>>"),
      collection=dict(Collection=b"<</View/T>>"), outlines=dict(Outlines=None), intents=dict(OutputIntents=None),
      layout=dict(PageMode=b"/FullScreen"))
def catalog(pdf, values):
    """The catalog says something that nobody signed."""
    return pdf.update({pdf.root: put(pdf.catalog, **values)})


@each("form", appearances=dict(NeedAppearances=b"true"), xfa=dict(XFA=b"[(template) 1 0 R]"), order=dict(CO=b"[1 0 R]"),
      resources=dict(DR=b"<</Font<<>>>>"))
def form(pdf, values):
    """The form says something that nobody signed."""
    return pdf.update(pdf.form_update(**values))


@deception("optional content")
def layer_over_the_page(pdf):
    """A layer hides what the page said and shows something else."""
    number, layer, text = pdf.pages[0], *pdf.new(2)
    resources = pdf.resolve(get(pdf.body(number), b"/Resources"))
    properties = put(resources, Properties=b"<</L %d 0 R>>" % layer)
    both = b"[%d 0 R %d 0 R]" % (contents(pdf), text)
    catalog = put(pdf.catalog, OCProperties=b"<</OCGs[%d 0 R]/D<</ON[%d 0 R]>>>>" % (layer, layer))
    return pdf.update({
        pdf.root: catalog, layer: b"<</Type/OCG/Name(Capa)>>", text: stream(b"/OC /L BDC " + LIE + b" EMC"),
        number: put(pdf.body(number), Contents=both, Resources=properties)})


@deception("optional content")
def box_of_a_signature_in_a_hidden_layer(pdf):
    """The appearance of a signature belongs to a layer that is off."""
    number, layer = references(get(pdf.body(pdf.signatures[0].field), b"/AP"))[0], pdf.new()
    catalog = put(pdf.catalog, OCProperties=b"<</OCGs[%d 0 R]/D<</OFF[%d 0 R]>>>>" % (layer, layer))
    body = put(pdf.body(number), OC=b"%d 0 R" % layer)
    return pdf.update({pdf.root: catalog, layer: b"<</Type/OCG/Name(Capa)>>", number: body})


@deception("metadata")
def metadata_replaced(pdf):
    """The metadata have another title."""
    number = references(get(pdf.catalog, b"/Metadata"))[0]
    body = pdf.body(number)
    text = body[body.index(b"stream") + 6:-9].strip(b"\r\n")
    text = zlib.decompress(text) if b"/FlateDecode" in body[:skip(body, 0)] else text
    changed = re.sub(rb'(<rdf:li xml:lang="[^"]*">)[^<]*', rb"\1Informe sustituido", text)
    assert changed != text
    return pdf.update({number: stream(changed, b"/Type/Metadata/Subtype/XML")})


@deception("metadata")
def information_replaced(pdf):
    """The information dictionary has another title and author."""
    number = references(get(pdf.trailer, b"/Info"))[0]
    body = put(pdf.body(number), Title=b"(Informe sustituido)", Author=b"(Otra entidad)")
    return pdf.update({number: body}, extra=b"/Info %d 0 R" % number)


@deception("attachments")
def attachment_replaced(pdf):
    """The data that the report was made from are others."""
    specification = pdf.find(b"/Filespec", b"(plan.toml)")[0]
    number = references(get(pdf.body(specification), b"/EF"))[0]
    return pdf.update({number: stream(b'[plan]\nobjetivo = "otro"\n', b"/Type/EmbeddedFile/Subtype/application#2Ftoml")})


@deception("attachments")
def attachment_led_elsewhere(pdf):
    """The specification of an attachment leads to another file."""
    number, new = pdf.find(b"/Filespec", b"(plan.toml)")[0], pdf.new()
    body = put(pdf.body(number), EF=b"<</F %d 0 R/UF %d 0 R>>" % (new, new))
    return pdf.update({number: body, new: stream(b"otro", b"/Type/EmbeddedFile/Subtype/application#2Ftoml")})


@deception("attachments")
def attachment_added(pdf):
    """There is one attachment more."""
    specification, file = pdf.new(2)
    names = pdf.resolve(get(pdf.catalog, b"/Names"))
    files = pdf.resolve(get(names, b"/EmbeddedFiles"))
    listed = get(files, b"/Names")[:-1] + b"(z.toml) %d 0 R]" % specification
    value = put(names, EmbeddedFiles=put(files, Names=listed))
    return pdf.update({
        pdf.root: put(pdf.catalog, Names=value), file: stream(b"otro", b"/Type/EmbeddedFile"),
        specification: b"<</Type/Filespec/F(z.toml)/UF(z.toml)/EF<</F %d 0 R>>>>" % file})


@deception("attachments")
def script_in_the_names(pdf):
    """The names of the catalog have a script that runs when the file is opened."""
    names = put(pdf.resolve(get(pdf.catalog, b"/Names")), JavaScript=b"<</Names[(a)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>")
    return pdf.update({pdf.root: put(pdf.catalog, Names=names)})


@deception("structure tree")
def text_read_aloud_replaced(pdf):
    """A cell reads something else to who cannot see it."""
    number = pdf.find(b"/StructElem", b"/TD")[0] if pdf.find(b"/StructElem", b"/TD") else pdf.find(b"/StructElem")[-1]
    return pdf.update({number: put(pdf.body(number), ActualText=b"(100 %)")})


@deception("structure tree")
def structure_tree_removed(pdf):
    """The report is no longer tagged."""
    return pdf.update({pdf.root: put(pdf.catalog, StructTreeRoot=None, MarkInfo=None)})


@deception("structure tree")
def roles_changed(pdf):
    """What is a heading is mapped to something else."""
    number = references(get(pdf.catalog, b"/StructTreeRoot"))[0]
    return pdf.update({number: put(pdf.body(number), RoleMap=b"<</Table/Artifact/TD/Span>>")})


# Validation data and document timestamps.

def store(pdf):
    return pdf.resolve(get(pdf.catalog, b"/DSS"))


def store_update(pdf, body):
    value = get(pdf.catalog, b"/DSS")
    return {pdf.root: put(pdf.catalog, DSS=body)} if value.startswith(b"<<") else {references(value)[0]: body}


@deception("validation data")
def validation_data_removed(pdf):
    """The catalog no longer leads to the validation data."""
    return pdf.update({pdf.root: put(pdf.catalog, DSS=None)})


@deception("validation data")
def validation_data_emptied(pdf):
    """The lists of certificates, OCSP responses and CRLs are empty."""
    return pdf.update(store_update(pdf, put(store(pdf), Certs=b"[]", OCSPs=b"[]", CRLs=b"[]", VRI=None)))


@deception("validation data")
def certificates_replaced(pdf):
    """The certificates in the validation data are other bytes."""
    return pdf.update({number: stream(b"0\x03\x02\x01\x00") for number in references(pdf.resolve(get(store(pdf), b"/Certs")))})


@deception("validation data")
def revocation_data_replaced(pdf):
    """The OCSP responses and CRLs are other bytes."""
    lists = [pdf.resolve(get(store(pdf), key)) or b"" for key in (b"/OCSPs", b"/CRLs")]
    return pdf.update({number: stream(b"0\x03\x02\x01\x00") for number in references(b" ".join(lists))})


@deception("document timestamp")
def timestamp_field_removed(pdf):
    """The form no longer has the field of the document timestamp."""
    fields = b"[" + b" ".join(b"%d 0 R" % number for number in pdf.fields if number != pdf.signatures[-1].field) + b"]"
    return pdf.update(pdf.form_update(Fields=fields))


@deception("document timestamp")
def timestamp_value_removed(pdf):
    """The field of the document timestamp is empty."""
    field = pdf.signatures[-1].field
    return pdf.update({field: put(pdf.body(field), V=None)})


@deception("document timestamp")
def timestamp_called_a_signature(pdf):
    """The document timestamp says that it is a person's signature."""
    number = pdf.signatures[-1].number
    body = put(pdf.body(number), Type=b"/Sig", SubFilter=b"/ETSI.CAdES.detached", Name=b"(Alcaldesa)")
    return pdf.update({number: body})


@deception("document timestamp")
def signature_called_a_timestamp(pdf):
    """A person's signature says that it is a document timestamp."""
    number = pdf.signatures[2].number
    return pdf.update({number: put(pdf.body(number), Type=b"/DocTimeStamp", SubFilter=b"/ETSI.RFC3161")})


# The chain of tables.

@each("chain of tables", first=0, second=1, third=2)
def rolled_back(pdf, which):
    """The end of the file leads to an earlier table: what came later is there and nobody reads it."""
    return pdf.data + b"startxref\n%d\n%%%%EOF\n" % until(pdf, which).startxref


@deception("chain of tables")
def revision_left_out(pdf):
    """An update whose table goes back past the revisions of the third person."""
    return pdf.update({}, prev=until(pdf, 1).startxref)


@deception("chain of tables")
def loop(pdf):
    """The table of an update says that it follows itself."""
    return pdf.update({contents(pdf): stream(LIE)}, prev=len(pdf.update({contents(pdf): stream(LIE)}, table=False, trailer=False, eof=False)))


@deception("chain of tables")
def table_in_the_future(pdf):
    """The table of an update says that it follows one beyond the end of the file."""
    return pdf.update({}, prev=len(pdf.data) + 100_000)


@deception("chain of tables")
def two_ends(pdf):
    """The end is written twice, each with another startxref."""
    return pdf.update({contents(pdf): stream(LIE)}) + b"startxref\n%d\n%%%%EOF\n" % pdf.startxref


@deception("chain of tables")
def encrypted(pdf):
    """The trailer of an update says that the file is encrypted."""
    return pdf.update({}, extra=b"/Encrypt<</Filter/Standard/V 1/R 2/O<00>/U<00>/P -4>>")


@deception("object numbers")
def other_generation(pdf):
    """The first page's contents again, with a higher generation."""
    number = contents(pdf)
    return pdf.update({number: stream(LIE)}, generations={number: 1})


@deception("object numbers")
def other_generation_and_page(pdf):
    """The page leads to the contents of the higher generation."""
    number, page = contents(pdf), pdf.pages[0]
    body = put(pdf.body(page), Contents=b"%d 1 R" % number)
    return pdf.update({number: stream(LIE), page: body}, generations={number: 1})


@deception("object numbers")
def object_twice_in_an_update(pdf):
    """An update has two objects of the same number; the table knows the first, who rebuilds the file finds the second."""
    number = pdf.signatures[0].field
    changed = pdf.update({number: pdf.body(number)}, table=False, trailer=False, eof=False)
    first = Pdf.table({number: len(pdf.data) + (0 if pdf.data.endswith(b"\n") else 1)})
    second = b"%d 0 obj\n%s\nendobj\n" % (contents(pdf), stream(LIE))
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d/ID %s>>\n" % (
        pdf.size, pdf.root, pdf.startxref, get(pdf.trailer, b"/ID"))
    return changed + second + first + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(changed) + len(second))


# What fails under any verifier: controls.

@each("changed byte", text=lambda pdf: pdf.offsets[contents(pdf)] + 200, first_signature=lambda pdf: pdf.signatures[0].contents_at[0] + 900,
      timestamp=lambda pdf: pdf.signatures[-1].contents_at[0] + 900, header=lambda pdf: 7)
def changed_byte(pdf, place):
    """One bit is another."""
    at = place(pdf)
    byte = pdf.data[at] ^ 1
    return pdf.data[:at] + bytes([byte]) + pdf.data[at + 1:]


@each("truncated", by_one=lambda pdf: len(pdf.data) - 1, in_the_last_gap=lambda pdf: pdf.signatures[-1].contents_at[1] - 50,
      in_the_middle=lambda pdf: len(pdf.data) // 2, before_the_last_table=lambda pdf: pdf.startxref)
def truncated(pdf, length):
    """The end is missing."""
    return pdf.data[:length(pdf)]


def make(signed):
    """All of them: class, name, what was done, bytes."""
    pdf = Pdf(signed)
    for family, name, function in DECEPTIONS:
        data = function(pdf)
        assert data != signed, name
        yield family, name, " ".join(function.__doc__.split()), data


def main(signed, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for family, name, deceit, data in make(Path(signed).read_bytes()):
        (folder / f"{name}.pdf").write_bytes(data)
        print(f"{family}\t{name}\t{deceit}")


if __name__ == "__main__":
    main(*sys.argv[1:])
