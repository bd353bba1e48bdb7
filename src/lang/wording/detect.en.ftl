## Real or generated: the page on one file

detect-title = What “{ $file }” says about itself
detect-intro = This page shows what the file itself declares. It never says that something is real: without a signature anybody can write such statements in, or take them out.
detect-declares-ai = The file declares that an AI tool had a part in it
    .signed = A valid signature covers this statement: the file has not changed since it was signed.
    .unsigned = The statement is not signed. It may be true; it may also have been written in.
detect-declares-capture = The file declares that it was captured or digitised
    .signed = A valid signature covers this statement: the file has not changed since it was signed.
    .unsigned = The statement is not signed. It may be true; it may also have been written in.
detect-credential-broken = The file contains a content credential that does not hold
    .unsigned = The credential was changed after signing, or what it belongs to was, so what it says is void. That need not be a forgery: saving with a program that knows nothing of credentials can be enough.
detect-nothing-found = The file declares nothing
    .unsigned = That proves nothing, one way or the other. Statements get lost when files are sent and edited.
detect-credential = Content credential (C2PA)
detect-credential-absent = There is none.
detect-credential-intact = It fits the file. Signed by { $signer }.
detect-credential-trusted = The certificate leads to an authority on your list.
detect-credential-untrusted = The certificate leads to no authority on your list (--trust), so who signed has not been verified.
detect-credential-part = But a part brings a credential that does not hold: { $part }
detect-credential-time = Signed on { $time }.
detect-credential-wrong = It does not fit: { $why }
detect-credential-not-looked = It was not examined: { $why }
detect-signs = What stands where
detect-no-signs = No statement about the making was found.
detect-place = Place
detect-field = Field
detect-says = Statement
detect-words = Words
detect-signed = Signed
detect-says-ai = AI tool
detect-says-capture = capture or digitisation
detect-says-other = other
detect-unread = What could not be read
detect-file = File
detect-format = Format
detect-format-unknown = unknown
detect-length = Size
detect-bytes = { $count } bytes
detect-hash = Checksum (BLAKE3)

## Traces: what a detector saw, for people to look at

trace-text-lm-ranks = At every place of the text the language model ordered all the pieces of words that it knows by how probable they are. So many of the pieces that really stand there were in places 1 to 10, 11 to 100, 101 to 1000 and beyond. Where nearly all stand in the first places, the text hardly surprises the model. That holds for much of what machines write, but also for set phrases, for well-known texts and for people who use plain words; it proves nothing by itself.
