"""Incremental saving: an update after the last signature says something else."""

from surgery import get, put, references, stream

from .listing import LIE, contents, deception, each


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
    """The last page is the first, and again the last."""
    tree = references(get(pdf.catalog, b"/Pages"))[0]
    pages = [pdf.pages[-1], *pdf.pages]
    kids = b"[" + b" ".join(b"%d 0 R" % page for page in pages) + b"]"
    return pdf.update({tree: put(pdf.body(tree), Kids=kids, Count=b"%d" % len(pages))})


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
