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

## Characters that only look the part

trace-text-style-characters = Characters that are not what they seem, or that nobody sees: first their code and how often they occur, then the words in which they stand first. The detector read the text without them. Web pages and programs leave some of them behind as well; they do not prove that somebody meant to deceive.
detect-unicode-where = First here: { $words }
detect-unicode-homoglyph = { $count ->
        [one] One letter is
       *[other] { $count } letters are
    } from another script and only { $count ->
        [one] looks
       *[other] look
    } Latin. Typing hardly ever does that; somebody who wants to escape detection does.
detect-unicode-zero-width = { $count ->
        [one] One character
       *[other] { $count } characters
    } without width { $count ->
        [one] stands
       *[other] stand
    } within words. Some web pages put such characters in to guide line breaks; so does somebody who wants to escape detection.
detect-unicode-direction = { $count ->
        [one] One control character turns
       *[other] { $count } control characters turn
    } the direction of writing, although nothing is written from right to left.
detect-unicode-styled = { $count ->
        [one] One letter is
       *[other] { $count } letters are
    } written as a mathematical sign or in full width.
detect-unicode-stacked = { $count ->
        [one] One accent is
       *[other] { $count } accents are
    } piled on letters as no spelling does.
detect-unicode-hidden = { $count ->
        [one] One invisible character is
       *[other] { $count } invisible characters are
    } attached to letters.
detect-unicode-soft-hyphen = { $count ->
        [one] One soft hyphen
       *[other] { $count } soft hyphens
    }: harmless, left by word processors and web pages.
detect-unicode-decomposed = { $count ->
        [one] One accent or umlaut is
       *[other] { $count } accents or umlauts are
    } a character of its own behind the letter: harmless, left by PDF files.
detect-unicode-ligature = { $count ->
        [one] One pair of joined letters is
       *[other] { $count } pairs of joined letters are
    } a single character: harmless, left by PDF files.
detect-unicode-space = { $count ->
        [one] One space
       *[other] { $count } spaces
    } of unusual width: harmless, left by typesetting.
