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

trace-sound-spectrogram = Die Frequenzen der Aufnahme: von links nach rechts die Zeit, von unten nach oben 0 bis 8 Kilohertz, je dunkler, desto lauter. Der Detektor hört nur unterhalb der gestrichelten Linie zu, und nur dort, wo der Balken am unteren Rand dunkel ist: Da hat er eine Stimme gefunden. Ein solches Bild beweist für sich allein nichts. Vergleichen Sie es mit Aufnahmen, deren Herkunft Sie kennen.
## Spuren in Bildern: was man sieht und was es nicht beweist

trace-residual = Was übrig bleibt, wenn man jedes Pixel aus seinen Nachbarn vorhersagt: Rauschen und feinste Kanten, stark verstärkt. Grau heißt gut vorhergesagt. Gleichmäßiges Korn passt zu einer Kamera, es lässt sich aber auch hinzufügen; glatte Flächen hinterlassen auch Entrauschen, Verkleinern und starkes Komprimieren.
trace-spectrum = Wie viel grobe und feine Zeichnung das Bild enthält: die grobe in der Mitte, die feine am Rand, hell heißt viel. Einzelne helle Punkte oder ein Gitter verraten ein regelmäßiges Muster. Das kann vom Vergrößern in einem Bildgenerator kommen, ebenso gut von JPEG-Blöcken, einem Druckraster, einem Gewebe oder einer Backsteinmauer.
trace-radial = Dasselbe als Kurve, von grob (links) nach fein (rechts); von einer dünnen Linie zur nächsten verdoppelt sich die Feinheit. Die graue Gerade ist der Abfall, den Fotos meist haben, an den groben Teil der Kurve angelegt. Weicht die schwarze Kurve rechts ab, wurde das Bild geglättet, geschärft, vergrößert oder komprimiert. Von wem, sagt sie nicht.
trace-predicted = Ob sich in regelmäßigen Abständen Pixel besonders gut vorhersagen lassen. Helle Punkte abseits der Mitte sprechen dafür, dass das Bild oder ein Teil davon vergrößert wurde. Das tun Bildgeneratoren, aber auch Kameras mit Digitalzoom und jede Bildbearbeitung; JPEG-Blöcke hinterlassen ein Gitter von acht mal acht Punkten.
trace-blocks = Wie stark jede der 63 Feinheiten ist, mit denen JPEG rechnet: grobe links oben, feine rechts unten, hell heißt stark. Das schwarze Feld links oben steht für die mittlere Helligkeit und zählt nicht. Ein schwarzer Bereich rechts unten zeigt, was das Komprimieren gelöscht hat. Über die Herkunft sagt das für sich genommen nichts.
