"""Shadow attacks: what was in the file, or looked harmless, shows something else."""

from surgery import Pdf, get, put, references, stream

from .listing import LIE, annotated, appearance, contents, deception


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
    """No new object: a new table says that the first page's contents are another stream of the file."""
    at = len(pdf.data)
    one, two = contents(pdf, 0), references(get(pdf.catalog, b"/Metadata"))[0]
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
