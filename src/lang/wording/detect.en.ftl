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
detect-credential-other = This kind of file carries none that Lupe can read.
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

## What detectors say

detector-text-style = Writing style
detector-text-lm = Predictability
detector-image-traces = Traces in the picture
detector-image-embed = Likeness of pictures
detector-sound = Sound
detector-length = Length alone
detector-language = Language alone
detector-image-metadata = File format alone
detector-sound-metadata = File format alone
detect-said = { $detector }: { $answer }.
detect-answer-indication = an indication that it is generated
detect-answer-unsure = unsure
detect-answer-no-statement = no statement
detect-statements = What detectors say
detect-statements-intro = A detector compares the file with human works of the same kind. It can be wrong. It can never say that a person made something.
detect-more = What this rests on
detect-because-no-domain = Nobody has said what kind of text, picture or recording this is (--domain). Without human works of the same kind to compare with, a score means nothing.
detect-because-not-calibrated = For “{ $domain }” this detector has no suitable human works to compare with. Without a comparison a score means nothing.
detect-because-no-gain = When it was tested, it was not shown to do better than a look at the packaging ({ $control }). What it measures may have nothing to do with who made it.
detect-because-usual = Human works of this kind look like this too. That does not mean that a person made it.
detect-because-close = Few human works of this kind look like this, but not few enough for an indication.
detect-because-rare = At most 5 in 100 human works of this kind look like this, even after everyday changes. That is an indication and no proof.
detect-because-little = Only few human works of this kind look like this. But there is too little of it for more than a weak hint.
detect-because-unstable = Only few human works of this kind look like this. But the result does not hold when the file is changed a little ({ $under }).
detect-abstains-other-modality = This detector reads something else: { $needs ->
    [text] texts
    [image] pictures
   *[other] recordings
}.
detect-abstains-too-little = There is too little to go by: { $found } { $unit ->
    [words] words
    [pixels] pixels on the shorter side
    [hertz] hertz of sampling rate
   *[other] seconds
}, and { $needed } are needed.
detect-abstains-too-large = That is more than is looked at: { $what }
detect-abstains-unreadable = The file cannot be read: { $why }
detect-compared = Compared with
detect-compared-with = { $works } human works{ $length ->
    [0] {""}
   *[other] , the first { $length } words of each
}
detect-p = Share of human works that stand out at least as much
detect-p-value = { $p } (conformal p-value)
detect-p-none = nothing can be said about this
detect-trained = Trained on
detect-trained-on = { $works } { $human ->
    [yes] human works
   *[no] works by { $made-by }
} from { $sources } sources{ $licensed ->
    [yes] , licence: { $licence }
   *[no] , licence not stated
}
detect-worth = What it was worth there
detect-worth-value = AUROC { $auroc } ({ $lower } to { $upper }); { $control }: { $control-auroc }. 0.5 is guessing, 1 is without error. It does not hold for other kinds.
detect-base-rate = What an indication means depends on how much of all that is looked at is generated. When it was tested, the detector found { $found } of what was generated and raised a false alarm for 5 % of the human works.
    .at-best = What an indication means depends on how much of all that is looked at is generated. How much the detector finds has not been measured; these figures hold if it found everything and raised a false alarm for 5 % of the human works. In truth they are lower.
detect-prevalence = Generated works among all that are looked at (%)
detect-right-share = Right among the indications
detect-right = If { $share } of 100 files are generated, about { $right } of 100 indications are right.
## Characters that only look the part

detect-characters-intro = Characters that are not what they seem, or that nobody sees. Detectors read the text without them. Web pages and programs leave some of them behind as well; they do not prove that somebody meant to deceive.
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
## Traces in pictures: what one sees, and what it does not prove

trace-residual = What is left when each pixel is predicted from its neighbours: noise and the finest edges, much amplified. Grey means well predicted. Even grain fits a camera, but it can be added; smooth areas are also left by noise reduction, by scaling down and by strong compression.
trace-spectrum = How much coarse and fine detail the picture holds: coarse in the middle, fine at the edge, bright means much. Single bright dots or a lattice betray a regular pattern. It may come from the enlarging inside an image generator, and just as well from JPEG blocks, a print screen, a fabric or a brick wall.
trace-radial = The same as a curve, from coarse (left) to fine (right); from one thin line to the next the detail gets twice as fine. The grey line is the decline that photographs mostly have, fitted to the coarse part of the curve. Where the black curve leaves it on the right, the picture was smoothed, sharpened, enlarged or compressed. By whom, it does not say.
trace-predicted = Whether pixels can be predicted particularly well at regular distances. Bright dots away from the middle suggest that the picture, or part of it, was enlarged. Image generators do that, but so do cameras with digital zoom and every image editor; JPEG blocks leave a lattice of eight by eight dots.
trace-blocks = How strong each of the 63 degrees of detail is that JPEG works with: coarse at the top left, fine at the bottom right, bright means strong. The black square at the top left stands for mean brightness and does not count. A black area at the bottom right shows what compression has deleted. By itself that says nothing about origin.
## Traces: what a detector saw, for people to look at

trace-text-lm-ranks = At every place of the text the language model ordered all the pieces of words that it knows by how probable they are. So many of the pieces that really stand there were in places 1 to 10, 11 to 100, 101 to 1000 and beyond. Where nearly all stand in the first places, the text hardly surprises the model. That holds for much of what machines write, but also for set phrases, for well-known texts and for people who use plain words; it proves nothing by itself.
trace-sound-spectrogram = The frequencies of the recording: from left to right time, from bottom to top 0 to 8 kilohertz, the darker the louder. The detector listens below the dashed line, and only where the bar at the foot is dark: there it found a voice. A spectrogram proves nothing by itself; compare it with recordings whose origin you know.

## Sentences that weigh most

detect-characters = Characters that can deceive
detect-for = What speaks most for a generated text
detect-against = What speaks most against it
detect-weighs-intro = So much does the score change when the sentence is left out. It shows what the detector looks at, not who wrote the sentence.
