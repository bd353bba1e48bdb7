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

## Spuren: was ein Detektor gesehen hat, zum Selbst-Ansehen

trace-text-lm-ranks = Das Sprachmodell hat an jeder Stelle des Textes alle Wortteile, die es kennt, nach Wahrscheinlichkeit geordnet. So viele der Wortteile, die wirklich dastehen, standen auf den Plätzen 1 bis 10, 11 bis 100, 101 bis 1000 und dahinter. Wo fast alles auf den ersten Plätzen steht, überrascht der Text das Modell kaum. Das gilt für vieles, was Maschinen schreiben, aber auch für Formeln, für bekannte Texte und für Menschen, die sich einfach ausdrücken; es beweist für sich allein nichts.
