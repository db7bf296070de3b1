"""What stands around the pages: bytes outside, catalog, form, layers, metadata, attachments, structure tree."""

import re
import zlib

from surgery import Pdf, get, put, references, skip, stream

from .listing import LIE, appearance, contents, deception, each


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
      labels=dict(PageLabels=b"<</Nums[0<</S/r>>]>>"),
      preferences=dict(ViewerPreferences=b"<</HideMenubar true>>"), uri=dict(URI=b"<</Base(http://ejemplo.invalid)>>"),
      collection=dict(Collection=b"<</View/T>>"), outlines=dict(Outlines=None), intents=dict(OutputIntents=None),
      layout=dict(PageMode=b"/FullScreen"))
def catalog(pdf, values):
    """The catalog says something that nobody signed."""
    return pdf.update({pdf.root: put(pdf.catalog, **values)})


@each("form", appearances=dict(NeedAppearances=b"true"), xfa=dict(XFA=b"[(template) 1 0 R]"), order=dict(CO=b"[1 0 R]"))
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
