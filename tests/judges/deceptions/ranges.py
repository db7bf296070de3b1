"""Wrapping, padding, overlapping and swapping: what is signed is not what is read, or not who signed it."""

import re

from surgery import Pdf, get, put, stream

from .listing import LIE, contents, deception, each, until


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
