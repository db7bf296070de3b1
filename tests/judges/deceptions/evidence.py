"""Validation data and document timestamps: what the file is to be judged with in thirty years."""

from surgery import get, put, references, stream

from .listing import deception


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
