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

trace-sound-spectrogram = The frequencies of the recording: from left to right time, from bottom to top 0 to 8 kilohertz, the darker the louder. The detector listens below the dashed line, and only where the bar at the foot is dark: there it found a voice. A spectrogram proves nothing by itself; compare it with recordings whose origin you know.
## Traces in pictures: what one sees, and what it does not prove

trace-residual = What is left when each pixel is predicted from its neighbours: noise and the finest edges, much amplified. Grey means well predicted. Even grain fits a camera, but it can be added; smooth areas are also left by noise reduction, by scaling down and by strong compression.
trace-spectrum = How much coarse and fine detail the picture holds: coarse in the middle, fine at the edge, bright means much. Single bright dots or a lattice betray a regular pattern. It may come from the enlarging inside an image generator, and just as well from JPEG blocks, a print screen, a fabric or a brick wall.
trace-radial = The same as a curve, from coarse (left) to fine (right); from one thin line to the next the detail gets twice as fine. The grey line is the decline that photographs mostly have, fitted to the coarse part of the curve. Where the black curve leaves it on the right, the picture was smoothed, sharpened, enlarged or compressed. By whom, it does not say.
trace-predicted = Whether pixels can be predicted particularly well at regular distances. Bright dots away from the middle suggest that the picture, or part of it, was enlarged. Image generators do that, but so do cameras with digital zoom and every image editor; JPEG blocks leave a lattice of eight by eight dots.
trace-blocks = How strong each of the 63 degrees of detail is that JPEG works with: coarse at the top left, fine at the bottom right, bright means strong. The black square at the top left stands for mean brightness and does not count. A black area at the bottom right shows what compression has deleted. By itself that says nothing about origin.
