"""The list of deceptions, which each module adds to, and what several of them do."""

from surgery import Pdf, get, put, references, stream

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


def until(pdf, which):
    """The file as it was when one of its signatures had just been made."""
    return Pdf(pdf.data[:sum(pdf.signatures[which].range[2:])])
