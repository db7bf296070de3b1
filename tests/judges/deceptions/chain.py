"""The chain of tables, the numbers of objects; and what fails under any verifier, as a control."""

from surgery import Pdf, get, put, stream

from .listing import LIE, contents, deception, each, until


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


@each("changed byte", text=lambda pdf: pdf.offsets[contents(pdf)] + 200, first_signature=lambda pdf: pdf.signatures[0].contents_at[0] + 900,
      timestamp=lambda pdf: pdf.signatures[-1].contents_at[0] + 2 * len(pdf.signatures[-1].cms) - 20, header=lambda pdf: 7)
def changed_byte(pdf, place):
    """One bit is another."""
    at = place(pdf)
    byte = pdf.data[at] ^ 1
    return pdf.data[:at] + bytes([byte]) + pdf.data[at + 1:]


@each("truncated", by_the_mark=lambda pdf: pdf.data.rindex(b"%%EOF"), in_the_last_gap=lambda pdf: pdf.signatures[-1].contents_at[1] - 50,
      in_the_middle=lambda pdf: len(pdf.data) // 2, before_the_last_table=lambda pdf: pdf.startxref)
def truncated(pdf, length):
    """The end is missing."""
    return pdf.data[:length(pdf)]
