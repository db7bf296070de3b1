"""Universal forgery: a signature is there, and nothing can be verified of it."""

from surgery import entries, put, skip

from .listing import deception, each


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
