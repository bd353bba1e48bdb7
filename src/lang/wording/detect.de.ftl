## Echt oder erzeugt: die Seite zu einer Datei

detect-title = Was „{ $file }“ über sich sagt
detect-intro = Diese Seite zeigt, was die Datei selbst angibt. Sie sagt nie, dass etwas echt ist: Angaben ohne Unterschrift kann jede und jeder hineinschreiben oder entfernen.
detect-declares-ai = Die Datei gibt an, dass ein KI-Werkzeug an ihr beteiligt war
    .signed = Eine gültige Unterschrift deckt diese Angabe: Seit dem Unterschreiben ist die Datei unverändert.
    .unsigned = Die Angabe ist nicht unterschrieben. Sie kann stimmen, sie kann auch hineingeschrieben worden sein.
detect-declares-capture = Die Datei gibt an, dass sie aufgenommen oder digitalisiert wurde
    .signed = Eine gültige Unterschrift deckt diese Angabe: Seit dem Unterschreiben ist die Datei unverändert.
    .unsigned = Die Angabe ist nicht unterschrieben. Sie kann stimmen, sie kann auch hineingeschrieben worden sein.
detect-credential-broken = In der Datei steckt ein Herkunftsnachweis, der nicht hält
    .unsigned = Er wurde verändert, oder das, wozu er gehört. Was er angibt, gilt deshalb nicht. Das muss keine Fälschung sein: Schon das Speichern mit einem Programm, das keine Nachweise kennt, kann genügen.
detect-nothing-found = Die Datei gibt nichts an
    .unsigned = Das beweist nichts, weder das eine noch das andere. Angaben gehen beim Verschicken und Bearbeiten verloren.
detect-credential = Herkunftsnachweis (C2PA)
detect-credential-other = Diese Art von Datei trägt keinen, den Lupe lesen kann.
detect-credential-absent = Es ist keiner da.
detect-credential-intact = Er passt zur Datei. Unterschrieben hat { $signer }.
detect-credential-trusted = Das Zertifikat führt zu einer Stelle auf Ihrer Liste.
detect-credential-untrusted = Das Zertifikat führt zu keiner Stelle auf Ihrer Liste (--trust). Wer unterschrieben hat, ist also nicht geprüft.
detect-credential-part = Aber ein Bestandteil bringt einen Nachweis mit, der nicht hält: { $part }
detect-credential-time = Unterschrieben am { $time }.
detect-credential-wrong = Er passt nicht: { $why }
detect-credential-not-looked = Er wurde nicht geprüft: { $why }
detect-signs = Was wo steht
detect-no-signs = Keine Angabe zur Entstehung gefunden.
detect-place = Ort
detect-field = Feld
detect-says = Aussage
detect-words = Wortlaut
detect-signed = Unterschrieben
detect-says-ai = KI-Werkzeug
detect-says-capture = Aufnahme oder Digitalisierung
detect-says-other = anderes
detect-unread = Was nicht gelesen werden konnte
detect-file = Datei
detect-format = Format
detect-format-unknown = unbekannt
detect-length = Größe
detect-bytes = { $count } Byte
detect-hash = Prüfsumme (BLAKE3)

## Was Detektoren sagen

detector-text-style = Schreibweise
detector-text-lm = Vorhersagbarkeit
detector-image-traces = Bildspuren
detector-image-embed = Bildähnlichkeit
detector-sound = Klang
detector-length = Länge allein
detector-language = Sprache allein
detector-image-metadata = Dateiformat allein
detector-sound-metadata = Dateiformat allein
detect-said = { $detector }: { $answer }.
detect-answer-indication = Hinweis, dass sie erzeugt ist
detect-answer-unsure = unsicher
detect-answer-no-statement = keine Aussage
detect-statements = Was Detektoren sagen
detect-statements-intro = Ein Detektor vergleicht die Datei mit Arbeiten derselben Art, die von Menschen stammen. Er kann irren. Dass etwas von Menschen stammt, kann er nie sagen.
detect-more = Worauf das beruht
detect-because-no-domain = Es ist nicht angegeben, um welche Art von Text, Bild oder Aufnahme es geht (--domain). Ohne Vergleich mit menschlichen Arbeiten derselben Art sagt ein Messwert nichts.
detect-because-not-calibrated = Für „{ $domain }“ hat dieser Detektor keine passenden menschlichen Arbeiten zum Vergleich. Ohne Vergleich sagt ein Messwert nichts.
detect-because-no-gain = Als er geprüft wurde, war er nicht nachweislich besser als ein Blick auf die Verpackung ({ $control }). Was er misst, hat mit der Entstehung vielleicht nichts zu tun.
detect-because-usual = So wie diese sehen auch menschliche Arbeiten dieser Art aus. Das heißt nicht, dass sie von Menschen stammt.
detect-because-close = Wenige menschliche Arbeiten dieser Art sehen so aus, aber nicht wenige genug für einen Hinweis.
detect-because-rare = Höchstens 5 von 100 menschlichen Arbeiten dieser Art sehen so aus, auch nach alltäglichen Änderungen. Das ist ein Hinweis und kein Beweis.
detect-because-little = Nur wenige menschliche Arbeiten dieser Art sehen so aus. Für mehr als einen schwachen Hinweis ist aber zu wenig da.
detect-because-unstable = Nur wenige menschliche Arbeiten dieser Art sehen so aus. Der Befund hält aber nicht, wenn man die Datei ein wenig ändert ({ $under }).
detect-abstains-other-modality = Dieser Detektor prüft etwas anderes: { $needs ->
    [text] Texte
    [image] Bilder
   *[other] Tonaufnahmen
}.
detect-abstains-too-little = Dafür ist zu wenig da: { $found } { $unit ->
    [words] Wörter
    [pixels] Bildpunkte an der kürzeren Seite
    [hertz] Hertz Abtastrate
   *[other] Sekunden
}, nötig sind { $needed }.
detect-abstains-too-large = Das ist mehr, als geprüft wird: { $what }
detect-abstains-unreadable = Die Datei lässt sich nicht auswerten: { $why }
detect-compared = Verglichen mit
detect-compared-with = { $works } menschlichen Arbeiten{ $length ->
    [0] {""}
   *[other] , jeweils den ersten { $length } Wörtern
}
detect-p = Anteil menschlicher Arbeiten, die mindestens so auffallen
detect-p-value = { $p } (konformer p-Wert)
detect-p-none = dazu lässt sich nichts sagen
detect-trained = Gelernt an
detect-trained-on = { $works } { $human ->
    [yes] menschlichen Arbeiten
   *[no] Arbeiten von { $made-by }
} aus { $sources } Quellen{ $licensed ->
    [yes] , Lizenz: { $licence }
   *[no] , Lizenz nicht angegeben
}
detect-worth = Was er dort wert war
detect-worth-value = AUROC { $auroc } ({ $lower } bis { $upper }); { $control }: { $control-auroc }. 0,5 ist Raten, 1 ist fehlerfrei. Für andere Arten gilt das nicht.
detect-base-rate = Was ein Hinweis bedeutet, hängt davon ab, wie viel Erzeugtes überhaupt dabei ist. In der Prüfung fand der Detektor { $found } des Erzeugten und schlug bei 5 % der menschlichen Arbeiten falsch an.
    .at-best = Was ein Hinweis bedeutet, hängt davon ab, wie viel Erzeugtes überhaupt dabei ist. Wie viel der Detektor findet, ist nicht gemessen; die Zahlen gelten, wenn er alles fände und bei 5 % der menschlichen Arbeiten falsch anschlüge. Wirklich sind es weniger.
detect-prevalence = Erzeugtes unter allem, was geprüft wird (%)
detect-right-share = Richtige unter den Hinweisen
detect-right = Sind { $share } von 100 Dateien erzeugt, so stimmen von 100 Hinweisen etwa { $right }.
## Zeichen, die nur so aussehen

detect-characters-intro = Zeichen, die etwas anderes sind, als sie scheinen, oder die man gar nicht sieht. Detektoren lesen den Text ohne sie. Manche hinterlassen auch Webseiten und Programme; dass jemand täuschen wollte, beweisen sie nicht.
detect-unicode-where = Zuerst hier: { $words }
detect-unicode-homoglyph = { $count ->
        [one] Ein Buchstabe stammt
       *[other] { $count } Buchstaben stammen
    } aus einer anderen Schrift und { $count ->
        [one] sieht einem
       *[other] sehen
    } lateinischen nur ähnlich. So etwas passiert beim Tippen kaum; wer Erkennung umgehen will, tut es.
detect-unicode-zero-width = { $count ->
        [one] Ein Zeichen
       *[other] { $count } Zeichen
    } ohne Breite { $count ->
        [one] steht
       *[other] stehen
    } mitten in Wörtern. Manche Webseiten setzen so etwas als Trennhilfe ein, wer Erkennung umgehen will, auch.
detect-unicode-direction = { $count ->
        [one] Ein Steuerzeichen dreht
       *[other] { $count } Steuerzeichen drehen
    } die Schreibrichtung, obwohl nichts von rechts nach links geschrieben ist.
detect-unicode-styled = { $count ->
        [one] Ein Buchstabe ist
       *[other] { $count } Buchstaben sind
    } als mathematisches Zeichen oder in voller Breite geschrieben.
detect-unicode-stacked = { $count ->
        [one] Ein Akzent ist
       *[other] { $count } Akzente sind
    } auf Buchstaben gehäuft, wie es keine Rechtschreibung kennt.
detect-unicode-hidden = { $count ->
        [one] Ein unsichtbares Zeichen hängt
       *[other] { $count } unsichtbare Zeichen hängen
    } an Buchstaben.
detect-unicode-soft-hyphen = { $count ->
        [one] Ein weiches Trennzeichen
       *[other] { $count } weiche Trennzeichen
    }: harmlos, das bleibt von Textverarbeitung und Webseiten.
detect-unicode-decomposed = { $count ->
        [one] Ein Akzent oder Umlautpunkt steht
       *[other] { $count } Akzente oder Umlautpunkte stehen
    } als eigenes Zeichen hinter dem Buchstaben: harmlos, das bleibt von PDF-Dateien.
detect-unicode-ligature = { $count ->
        [one] Ein Paar verbundener Buchstaben ist
       *[other] { $count } Paare verbundener Buchstaben sind
    } ein einziges Zeichen: harmlos, das bleibt von PDF-Dateien.
detect-unicode-space = { $count ->
        [one] Ein Leerzeichen
       *[other] { $count } Leerzeichen
    } von ungewöhnlicher Breite: harmlos, das bleibt vom Schriftsatz.
## Spuren in Bildern: was man sieht und was es nicht beweist

trace-residual = Was übrig bleibt, wenn man jedes Pixel aus seinen Nachbarn vorhersagt: Rauschen und feinste Kanten, stark verstärkt. Grau heißt gut vorhergesagt. Gleichmäßiges Korn passt zu einer Kamera, es lässt sich aber auch hinzufügen; glatte Flächen hinterlassen auch Entrauschen, Verkleinern und starkes Komprimieren.
trace-spectrum = Wie viel grobe und feine Zeichnung das Bild enthält: die grobe in der Mitte, die feine am Rand, hell heißt viel. Einzelne helle Punkte oder ein Gitter verraten ein regelmäßiges Muster. Das kann vom Vergrößern in einem Bildgenerator kommen, ebenso gut von JPEG-Blöcken, einem Druckraster, einem Gewebe oder einer Backsteinmauer.
trace-radial = Dasselbe als Kurve, von grob (links) nach fein (rechts); von einer dünnen Linie zur nächsten verdoppelt sich die Feinheit. Die graue Gerade ist der Abfall, den Fotos meist haben, an den groben Teil der Kurve angelegt. Weicht die schwarze Kurve rechts ab, wurde das Bild geglättet, geschärft, vergrößert oder komprimiert. Von wem, sagt sie nicht.
trace-predicted = Ob sich in regelmäßigen Abständen Pixel besonders gut vorhersagen lassen. Helle Punkte abseits der Mitte sprechen dafür, dass das Bild oder ein Teil davon vergrößert wurde. Das tun Bildgeneratoren, aber auch Kameras mit Digitalzoom und jede Bildbearbeitung; JPEG-Blöcke hinterlassen ein Gitter von acht mal acht Punkten.
trace-blocks = Wie stark jede der 63 Feinheiten ist, mit denen JPEG rechnet: grobe links oben, feine rechts unten, hell heißt stark. Das schwarze Feld links oben steht für die mittlere Helligkeit und zählt nicht. Ein schwarzer Bereich rechts unten zeigt, was das Komprimieren gelöscht hat. Über die Herkunft sagt das für sich genommen nichts.
## Spuren: was ein Detektor gesehen hat, zum Selbst-Ansehen

trace-text-lm-ranks = Das Sprachmodell hat an jeder Stelle des Textes alle Wortteile, die es kennt, nach Wahrscheinlichkeit geordnet. So viele der Wortteile, die wirklich dastehen, standen auf den Plätzen 1 bis 10, 11 bis 100, 101 bis 1000 und dahinter. Wo fast alles auf den ersten Plätzen steht, überrascht der Text das Modell kaum. Das gilt für vieles, was Maschinen schreiben, aber auch für Formeln, für bekannte Texte und für Menschen, die sich einfach ausdrücken; es beweist für sich allein nichts.
trace-sound-spectrogram = Die Frequenzen der Aufnahme: von links nach rechts die Zeit, von unten nach oben 0 bis 8 Kilohertz, je dunkler, desto lauter. Der Detektor hört nur unterhalb der gestrichelten Linie zu, und nur dort, wo der Balken am unteren Rand dunkel ist: Da hat er eine Stimme gefunden. Ein solches Bild beweist für sich allein nichts. Vergleichen Sie es mit Aufnahmen, deren Herkunft Sie kennen.

## Sätze, die am meisten wiegen

detect-characters = Zeichen, die täuschen können
detect-for = Was am stärksten dafür spricht, dass der Text erzeugt ist
detect-against = Was am stärksten dagegen spricht
detect-weighs-intro = So viel ändert sich der Messwert, wenn man den Satz weglässt. Das zeigt, worauf der Detektor achtet, nicht, wer den Satz geschrieben hat.
