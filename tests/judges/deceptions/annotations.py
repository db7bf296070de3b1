"""Evil annotations, and certification: something lies over the page, or says that it may."""

from surgery import get, put, references, stream

from .listing import LIE, annotated, appearance, contents, deception, each


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
