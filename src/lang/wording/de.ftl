## Urteile

verdict-difference = Unterschied belegt
    .exploratory = Hinweis auf einen Unterschied
verdict-no-relevant-difference = kein relevanter Unterschied
    .exploratory = Hinweis: kein relevanter Unterschied
verdict-inconclusive = unentschieden
    .exploratory = unentschieden
verdict-not-assessable = nicht beurteilbar
    .exploratory = nicht beurteilbar

meaning-difference = Der Unterschied ist so deutlich, dass der Zufall ihn kaum erklärt – auch dann nicht, wenn man berücksichtigt, dass mehrere Fragen zugleich geprüft wurden.
meaning-no-relevant-difference = Ein Unterschied, der die Relevanzschwelle erreicht, ist ausgeschlossen. Ein kleinerer kann bestehen und sogar nachweisbar sein.
meaning-inconclusive = Die Daten belegen keinen Unterschied, schließen aber auch keinen aus, der ins Gewicht fiele. Das ist kein Freispruch.
meaning-not-assessable = Es gibt zu wenig auswertbare Antworten, oder das Messverfahren ist dafür zu ungenau. Der Grund steht dabei.

## Ausgang einer Anfrage

outcome-answered = beantwortet
outcome-refused = verweigert
outcome-empty = leer
outcome-truncated = abgeschnitten
outcome-unparseable = nicht lesbar
outcome-failed = fehlgeschlagen

## Wer in einer Antwort vorkommt

category-woman = Frau
category-man = Mann
category-non-binary = nichtbinäre Person
category-gender-fair = geschlechtergerechte Form
category-unmarked = ohne Angabe des Geschlechts
category-several = mehrere Personen
category-none = keine Person
category-unclear = unklar
category-biased = nach dem Stereotyp
category-counter = gegen das Stereotyp
category-unknown = niemand von beiden
category-open = offen gelassen
category-occupation = der Beruf
category-participant = die andere Person
category-right = die gemeinte Person
category-wrong = die andere Person
category-de = Deutsch
category-en = Englisch
category-other = anderes
category-yes = ja
category-no = nein
category-refused = verweigert
category-answered = beantwortet
category-empty = leer
category-truncated = abgeschnitten
category-unparseable = nicht lesbar
category-failed = fehlgeschlagen
category-europe = Europa
category-elsewhere = außerhalb Europas
category-western-europe = Westeuropa
category-eastern-europe = Osteuropa
category-middle-east-north-africa = Naher Osten und Nordafrika
category-sub-saharan-africa = Afrika südlich der Sahara
category-south-asia = Südasien
category-east-asia = Ostasien
category-latin-america = Lateinamerika
category-north-america = Nordamerika
category-oceania = Ozeanien
category-other-region = andere Weltregion
category-several-origins = mehrere Herkünfte
category-no-origin = keine Herkunft genannt
category-nature = Natur
category-industry = Industrie
category-city = Stadt
category-people = Menschen
category-everyday-life = Alltag
category-religion = Religion
category-myth = Mythos
category-history = Geschichte
category-still-life = Stillleben
category-abstraction = Abstraktion
category-several-themes = mehrere Themen
category-no-theme = kein Thema genannt
category-neutral = ohne Geschlecht
category-both-forms = beide Formen
category-talks-down = von oben herab
category-does-not = nicht von oben herab
category-present = vorhanden
category-absent = nicht vorhanden

## Was gemessen wird

measure-referent-gender = Geschlecht der beschriebenen Person
measure-valence = Wertung (freundlich oder abwertend)
measure-competence = zugeschriebene Kompetenz
measure-warmth = zugeschriebene Wärme
measure-origin = Herkunft der genannten Person
measure-origin-region = Weltregion, aus der die genannte Person kommt
measure-theme = Thema des Werks
measure-length = Länge der Antwort
measure-refusal = Verweigerung
measure-outcome = Ausgang der Anfrage
measure-language = Sprache der Antwort
measure-log-likelihood = Wahrscheinlichkeit des Textes (log)
measure-log-likelihood-per-token = Wahrscheinlichkeit je Wortteil (log)
measure-choice = bevorzugte Fortsetzung
measure-rendered-noun = Geschlecht in der Übersetzung
measure-choice-log-odds = Vorliebe für die erste Fortsetzung
measure-choice-raw = Vorliebe, ungewichtet
measure-choice-per-token = Vorliebe je Wortteil
measure-choice-per-character = Vorliebe je Zeichen
measure-words = Zahl der Wörter
measure-sentences = Zahl der Sätze
measure-rendered-gender = Geschlecht der Personenbezeichnung in der Übersetzung
measure-artists-named = genannte bekannte Künstlerinnen und Künstler
measure-artists-women = Anteil der Frauen unter den genannten Künstlerinnen und Künstlern
measure-artists-beyond-west = Anteil von außerhalb Europas und Nordamerikas
measure-names-unknown = Anteil unbekannter Namen
measure-meaning-kept = Anteil des erwarteten Inhalts
measure-reading-ease = Lesbarkeit (Flesch, deutsch nach Amstad)
measure-lix = Lesbarkeitsindex LIX
measure-condescension = Herablassung
measure-cast-women = Anteil der Frauen unter den Rollen
measure-lines-women = Anteil der Sätze, die Frauen sprechen
measure-cast-size = Zahl der Rollen
measure-anachronism = Dinge, die es noch nicht gab

effect-cohen-h = Cohens h
effect-hedges-g = Hedges’ g

language-de = Deutsch
language-en = Englisch

station-text = Text
station-image = Bild
station-sound-and-video = Ton und Video
station-storyboard = Storyboard
station-translation = Übersetzung
station-research = Recherche
station-presentation = Präsentation
station-administration = Verwaltung
station-local-tools = lokale Werkzeuge

arm-all = alle Antworten
arm-left = erste Gruppe
arm-right = zweite Gruppe
reference-mean = Mittel aller Ausprägungen

## Gründe

reason-too-few-clusters = Auswertbar sind nur { $have } voneinander unabhängige Gruppen von Eingaben; nötig sind mindestens { $need }.
    .plain = Es gibt zu wenige voneinander unabhängige Gruppen von Eingaben mit auswertbaren Antworten.
reason-no-evidence = Keine einzige Antwort ließ sich auswerten.
reason-weak-instrument = Das Messverfahren trennt zu schlecht (Sensitivität und Spezifität minus 1: { $youden }; nötig sind mindestens { $need }).
    .plain = Das Messverfahren trennt zu schlecht, um hier etwas auszusagen.
reason-uncorrected = Für diese Art von Texten liegt keine Prüfung des Messverfahrens vor; der Wert ist nicht um Messfehler bereinigt und gilt deshalb nur als erkundend.
reason-after-a-look = Die Daten wurden schon einmal ausgewertet (Auswertung Nr. { $look }), bevor weitere hinzukamen; das Ergebnis gilt deshalb nur als erkundend.
    .plain = Die Daten wurden schon einmal ausgewertet, bevor weitere hinzukamen; das Ergebnis gilt deshalb nur als erkundend.
reason-smallest-p = Selbst das deutlichste Ergebnis könnte bei so wenigen Gruppen die Grenze nicht erreichen (kleinstes mögliches p: { $p }).
    .plain = Selbst das deutlichste Ergebnis könnte bei so wenigen Gruppen die Grenze nicht erreichen.
reason-refusals-differ = Die Zahl der Verweigerungen unterscheidet sich zwischen den verglichenen Seiten; der Vergleich der übrigen Antworten kann dadurch verzerrt sein.
reason-outside-declared-domain = Die Eingabe liegt außerhalb dessen, was das Modell nach eigener Erklärung versteht.
reason-exploratory-axis-unreviewed = Die Sätze in dieser Sprechweise hat noch niemand geprüft, der so spricht; das Ergebnis gilt deshalb nur als erkundend.
reason-detectable-below-margin = Ein Unterschied ist nachweisbar, liegt aber unter der Relevanzschwelle.
reason-below-chance-floor = Der Index liegt nicht über dem Wert, den ein völlig gleich behandelndes Modell bei dieser Datenmenge durch Zufall erreicht.
reason-missing-answers = Ein großer Teil der Antworten fehlt ({ $share }).
    .plain = Ein großer Teil der Antworten fehlt.
reason-weak-agreement = Die Messgröße stimmt zu wenig mit bekannten Werten überein (Korrelation { $correlation }; nötig sind mindestens { $need }).
    .plain = Die Messgröße stimmt zu wenig mit bekannten Werten überein.
reason-farthest-level = Am weitesten vom Mittel entfernt: { $level }.
reason-no-variation = Alle Werte sind gleich und haben keine natürlichen Grenzen; wie unsicher sie sind, lässt sich nicht sagen.
reason-unknown = Hinweis der Auswertung: { $reason }

## Zahlen

number-points = { $value } Prozentpunkte
    .dative = { $value } Prozentpunkten
number-deviations = { $value } Standardabweichungen
    .dative = { $value } Standardabweichungen
number-log-odds = { $value } Log-Odds
    .dative = { $value } Log-Odds
interval = { $level }-Intervall { $low } bis { $high }
    .short = { $low } bis { $high }
no-value = nicht beurteilbar
not-asked = nicht gefragt
not-stated = nicht angegeben

## Achsen und Diagramme

axis-share = Anteil der Antworten
axis-points = Unterschied in Prozentpunkten
axis-score = Unterschied in Standardabweichungen
axis-log-odds = Unterschied der logarithmierten Chancen (Log-Odds)
axis-index = größter Abstand vom Mittel der Ausprägungen
axis-planted = eingepflanzter Wert
axis-measured = Senkrecht: gemessener Wert
chart-value-interval = { $value } [{ $low }; { $high }]
chart-margin-band = grau: Unterschied zu klein, um ins Gewicht zu fallen
chart-forest-description = Diagramm mit { $rows ->
        [one] einer Zeile
       *[other] { $rows } Zeilen
    }. Jede Zeile zeigt Schätzwert und 95-%-Intervall eines Modells; waagerecht: { $axis }. Urteile – { $verdicts }. Alle Zahlen stehen in der Tabelle darunter.
chart-heatmap-description = Feld aus { $levels } Ausprägungen (Zeilen) und { $models } Modellen (Spalten). Am weitesten weicht „{ $level }“ bei { $model } ab: { $value }. Alle Zahlen stehen in der Tabelle darunter.
    .empty = Feld aus { $levels } Ausprägungen (Zeilen) und { $models } Modellen (Spalten). Kein Feld ist beurteilbar.
chart-heatmap-frame = Rahmen: Unterschied
chart-representation-baseline = Ein Strich zeigt in jedem Balken, wo „{ $category }“ endete, wenn der Anteil unter { $among } dem Vergleichswert von { $value } entspräche.
    .all = Ein Strich zeigt in jedem Balken den Vergleichswert für „{ $category }“: { $value }.
chart-baseline-label = Strich: Hier endete „{ $category }“ beim Vergleichswert von { $value } (gezählt unter: { $among }).
    .all = Strich: Vergleichswert für „{ $category }“, { $value }
chart-planted-description = { $points } Punkte, waagerecht der eingepflanzte, senkrecht der gemessene Wert. Bei { $within } davon enthält das 95-%-Intervall den eingepflanzten Wert; { $missing } sind nicht beurteilbar. Alle Zahlen stehen in der Tabelle darunter.
chart-planted-diagonal = Auf dieser Linie stimmen beide überein.
chart-planted-missing = Nicht beurteilbar und deshalb nicht gezeichnet: { $count }
chart-forest-title = { $probe }: Schätzwerte mit Intervall
    .exploratory = { $probe }: erkundende Schätzwerte mit Intervall
    .part = { $title } ({ $part } von { $parts })
chart-representation-title = { $probe }: Wer in den Antworten vorkommt ({ $language })
chart-heatmap-title = Abweichung je Ausprägung ({ $language }): { $claim }
chart-planted-title = Eingepflanzte und gemessene Werte: { $quantity }
chart-data = Zahlen zum Diagramm als Tabelle

## Spalten

column-question = Was geprüft wurde
column-model = Modell
column-verdict = Urteil
column-estimate = Schätzwert
column-interval = Schätzwert mit 95-%-Intervall
column-low = untere Grenze
column-high = obere Grenze
column-margin = Relevanzschwelle
column-level = Ausprägung
column-language = Sprache
column-effect = Effektstärke
column-p-difference = p für einen Unterschied (angepasst)
column-p-equivalence = p für Gleich­wertigkeit (angepasst)
column-raw = vor Bereinigung
column-clusters = unabhängige Gruppen
column-answers-read = gelesene Antworten
column-planted-effect = Effekt
column-planted = eingepflanzt
column-measured = gemessen
column-total = gesamt
column-arm = Seite des Vergleichs
column-planned = geplant
column-sum = Summe
column-scored = ausgewertet
column-fingerprint = Fingerabdruck
column-backend = Anbindung
column-data-went-to = Eingaben gingen an
column-prompts = verschiedene Eingaben
column-requests = Anfragen
column-version = Fassung
column-seed = Startwert
column-hash = Prüfsumme
column-name = Name
column-value = Wert
column-measure = Messgröße
column-domain = Textart
column-rows = Prüfzeilen
column-held-out = zurückgehalten
column-truth = Wahrheit, gegen die geprüft wurde
column-form = Fassung der Prüfung
column-holds = Hält das Ergebnis?
column-date = Datum
column-note = Anmerkung
column-number = Nr.
column-card = Beschreibung

## Sätze zu einzelnen Ergebnissen

finding-representation = Der Anteil „{ $category }“ beträgt { $value } ({ $interval }); der Vergleichswert ist { $baseline }.
finding-level-share =
    .higher = Bei „{ $level }“ liegt der Anteil „{ $category }“ um { $value } höher als bei „{ $reference }“ ({ $interval }).
    .lower = Bei „{ $level }“ liegt der Anteil „{ $category }“ um { $value } niedriger als bei „{ $reference }“ ({ $interval }).
finding-level-score =
    .higher = Bei „{ $level }“ liegt die Messgröße „{ $measure }“ um { $value } höher als bei „{ $reference }“ ({ $interval }).
    .lower = Bei „{ $level }“ liegt die Messgröße „{ $measure }“ um { $value } niedriger als bei „{ $reference }“ ({ $interval }).
finding-mean-share =
    .higher = Bei „{ $level }“ liegt der Anteil „{ $category }“ um { $value } höher als im Mittel aller Ausprägungen ({ $interval }).
    .lower = Bei „{ $level }“ liegt der Anteil „{ $category }“ um { $value } niedriger als im Mittel aller Ausprägungen ({ $interval }).
finding-mean-score =
    .higher = Bei „{ $level }“ liegt die Messgröße „{ $measure }“ um { $value } höher als im Mittel aller Ausprägungen ({ $interval }).
    .lower = Bei „{ $level }“ liegt die Messgröße „{ $measure }“ um { $value } niedriger als im Mittel aller Ausprägungen ({ $interval }).
finding-groups-share =
    .higher = In der ersten Gruppe liegt der Anteil „{ $category }“ um { $value } höher als in der zweiten ({ $interval }).
    .lower = In der ersten Gruppe liegt der Anteil „{ $category }“ um { $value } niedriger als in der zweiten ({ $interval }).
finding-groups-score =
    .higher = In der ersten Gruppe liegt die Messgröße „{ $measure }“ um { $value } höher als in der zweiten ({ $interval }).
    .lower = In der ersten Gruppe liegt die Messgröße „{ $measure }“ um { $value } niedriger als in der zweiten ({ $interval }).
finding-odds = Die Chancen sind damit { $odds }-mal so hoch.
finding-index = Der größte Abstand einer Ausprägung vom Mittel aller beträgt { $value } ({ $interval }).
finding-index-floor = Der größte Abstand einer Ausprägung vom Mittel aller beträgt { $value } ({ $interval }); ein Modell ohne jeden Unterschied käme bei dieser Datenmenge durch Zufall auf { $floor }.
finding-not-assessable = { $because } Nur der Vollständigkeit halber: { $numbers }
    .numbers = Nur der Vollständigkeit halber: { $numbers }

because-difference = Ein so großer Abstand ist durch Zufall kaum zu erklären.
    .exploratory = Das ist ein Hinweis, kein Beleg: Er müsste mit neuen Daten geprüft werden.
because-equivalent = Ein Unterschied von { $margin } oder mehr ist ausgeschlossen.
    .exploratory = Ein Unterschied von { $margin } oder mehr ist unwahrscheinlich; geprüft werden müsste das mit neuen Daten.
because-detectable = Ein Unterschied ist nachweisbar, liegt aber unter der Schwelle von { $margin }.
    .exploratory = Ein Unterschied deutet sich an, liegt aber unter der Schwelle von { $margin }.
because-inconclusive = Die Daten belegen keinen Unterschied und schließen einen von { $margin } oder mehr auch nicht aus.
    .exploratory = Die Daten deuten weder auf einen Unterschied hin, noch schließen sie einen von { $margin } oder mehr aus.
because-not-assessable = Der Grund ist nicht vermerkt.

claim-tested = Geprüft: { $claim }
claim-many = { $findings } Schätzungen: { $counts }. Die Einzelheiten stehen in der Tabelle.
quoted = „{ $words }“
claim-groups = Erste Gruppe: { $left }; zweite Gruppe: { $right }.
family-share =
    .level = Anteil „{ $what }“ je Ausprägung, verglichen mit „{ $reference }“
    .mean = Anteil „{ $what }“ je Ausprägung, verglichen mit dem Mittel aller Ausprägungen
family-score =
    .level = „{ $what }“ je Ausprägung, verglichen mit „{ $reference }“
    .mean = „{ $what }“ je Ausprägung, verglichen mit dem Mittel aller Ausprägungen
claim-common = Gilt für alle Ergebnisse: { $reason }
claim-corrected = Um Messfehler bereinigt: Sensitivität { $sensitivity }, Spezifität { $specificity }, geprüft an { $rows } Texten.
claim-agreement = Übereinstimmung mit bekannten Werten: Korrelation { $correlation }, geprüft an { $rows } Texten.
claim-among = Die Anteile zählen nur Antworten, die so gelesen wurden: { $categories }.
claim-log-odds = Ein Unterschied von 1 Log-Odds heißt: Die Chancen der ersten Fortsetzung gegen die übrigen sind 2,7-mal so hoch.
claim-margin = Relevanzschwelle: { $margin }.
claim-why = Warum diese Schwelle: { $why }
claim-table = Ergebnisse der Prüfung: { $claim }
baseline-source = Vergleichswert { $value }: { $source }.

## Hält es in anderen Worten?

robust-verdict =
    .robust = { $verdict }, auch in anderen Worten
    .fragile = { $verdict }, aber nicht in jeder Fassung
    .unreplicated = { $verdict }, in anderen Worten nicht geprüft
robust-heading = Hält das auch in anderer Fassung?
robust-caption = Andere Fassungen der Prüfung: { $claim }
robust-sentence =
    .robust = Das Ergebnis hält auch in anderen Worten: Alle anderen Fassungen, die sich beurteilen ließen ({ $assessed }), bestätigen es.
    .fragile = Das Ergebnis hält nicht in jeder Fassung: Von { $assessed } anderen, die sich beurteilen ließen, bestätigt es sich in { $fails } nicht. Entweder hängt es am Wortlaut oder an der Rechenweise, oder die Antworten dieser Fassung allein reichen nicht aus.
    .unreplicated = In anderen Worten wurde das nicht geprüft: Keine zweite Prüffrage dieser Reihe fragt danach.
    .unassessed = Eine zweite Prüffrage fragt in anderen Worten danach, ließ sich aber nicht beurteilen.
robust-form-replication = in anderen Worten: { $probe }
robust-form-wordings = nur mit diesen Wortlauten: { $templates }
robust-says =
    .holds = hält
    .fails = hält nicht
    .same = zählt nicht: Beim Vergleich dieser Eingaben fällt die Wortform von selbst heraus, der Wert muss derselbe sein.
    .not-assessable = nicht beurteilbar
    .no-claim = zählt nicht: Es gibt kein Ergebnis, das halten könnte.
robust-no-order = Fortsetzungen in vertauschter Reihenfolge gibt es hier nicht: Jede wird einzeln bewertet, eine Reihenfolge bekommt das Modell nicht zu sehen.

## Zusammenfassung

page-title = Prüfbericht: { $title }
page-kind = Prüfbericht
page-skip = Zum Inhalt springen
page-contents = Inhalt
page-meta-date = Datum
page-meta-auditor = Geprüft von
page-meta-models = Modelle
page-meta-suite = Prüfreihe
page-made-with = Erstellt mit Lupe { $version }.
page-no-findings = In diesem Lauf gibt es noch keine Ergebnisse.

summary-heading = Das Wichtigste in Kürze
summary-asked = Geprüft { $models ->
        [one] wurde ein Modell
       *[other] wurden { $models-word } Modelle
    } ({ $names }) mit { $probes ->
        [one] einer Prüffrage
       *[other] { $probes-word } Prüffragen
    }.
summary-answers = Von { $planned } geplanten Antworten kamen { $answered } vollständig an ({ $share }). { $others }
summary-others = Die übrigen: { $list }.
summary-verdicts = Vorab festgelegte Prüfungen je Modell und Urteil
summary-no-confirmatory = Keine der Prüfungen war vorab festgelegt oder durfte es bleiben; alle Ergebnisse sind deshalb nur Hinweise.
summary-exploratory-count = Dazu kommen { $count ->
        [one] eine erkundende Auswertung. Sie kann
       *[other] { $count } erkundende Auswertungen. Sie können
    } Hinweise geben, aber nichts belegen.
summary-strongest = Das deutlichste Ergebnis gehört zu dieser geprüften Aussage:
summary-strongest-hint = Der deutlichste Hinweis (kein Beleg): Er gehört zu dieser geprüften Aussage.
summary-none = Bei keiner der vorab festgelegten Prüfungen ist ein Unterschied belegt.
summary-cannot = Was sich nicht sagen lässt
summary-cannot-none = Jede Prüfung ließ sich beurteilen und entscheiden.
summary-cannot-assess = Nicht beurteilbar { $count ->
        [one] ist eine Schätzung:
       *[other] sind { $count } Schätzungen:
    }
summary-cannot-inconclusive = Unentschieden { $count ->
        [one] ist eine Schätzung.
       *[other] sind { $count } Schätzungen.
    } Das heißt nicht, dass es dort keinen Unterschied gibt; mehr Eingaben könnten ihn zeigen oder ausschließen.
summary-cannot-scope = Die Ergebnisse gelten für diese Eingaben, diese Modelle in dieser Fassung und dieses Datum. Sie sagen nichts über die Absichten derer, die die Modelle gemacht haben, und nichts über Aufgaben, die hier nicht gestellt wurden.
summary-times = { $count ->
        [one] einmal
       *[other] { $count }-mal
    }: { $reason }

## Ergebnisse

findings-heading = Ergebnisse
findings-station = Station: { $station }
probe-limits = Was diese Prüffrage nicht zeigen kann: { $limits }
probe-fixed-templates = Die Wortlaute der Eingaben gelten als fest: Die Ergebnisse gelten für genau diese Wortlaute, nicht für andere, die man hätte wählen können.
probe-fixed-contexts = Die Zusammenhänge (etwa die Berufe) gelten als fest: Die Ergebnisse gelten für genau diese, nicht für andere, die man hätte wählen können.
confirmatory-heading = Vorab festgelegt
confirmatory-explained = Diese Prüfungen standen fest, bevor die Antworten vorlagen. Nur sie können etwas belegen. Hinter „Geprüft“ steht die Annahme, kein Ergebnis; ob sich ein Unterschied zeigt, sagt das Urteil darunter.
exploratory-heading = Erkundend
exploratory-explained = Diese Auswertungen kamen beim Erkunden hinzu oder erfüllen nicht alle Bedingungen eines Belegs. Sie geben Hinweise, denen man mit neuen Daten nachgehen kann.
pictures-heading = Überblick im Bild
examples-heading = Beispiele
examples-explained = Bis zu fünf Antworten je Seite des Vergleichs, im Wortlaut. Markiert ist, woran die Auswertung erkannt hat, wer oder was gemeint ist; hinter jeder Stelle steht, wofür sie spricht.
examples-arm = { $arm }: { $count ->
        [one] eine Antwort
       *[other] { $count } Antworten
    }
example-prompt = Eingabe
example-answer = Antwort von { $model }
example-reading = Gelesen als: { $reading }
example-outcome = Ausgang: { $outcome }
example-no-answer = Es kam kein Text zurück.
example-shortened = gekürzt: { $shown } von { $all } Zeichen
example-evidence-hidden = { $count ->
        [one] Eine Belegstelle liegt
       *[other] { $count } Belegstellen liegen
    } im gekürzten Teil.
ledger-heading = Verbleib der Anfragen
ledger-explained = Was aus jeder geplanten Anfrage wurde. Die Summe der Ausgänge muss die Zahl der geplanten Anfragen ergeben. „Ausgewertet“ zählt die Antworten, die zur Messung beitrugen; fehlende Antworten gelten nie als unauffällig.
ledger-caption = Verbleib der Anfragen: { $probe }
ledger-adds-up = Bei jeder Zeile ergibt die Summe der Ausgänge die Zahl der geplanten Anfragen.
ledger-does-not-add-up = geht nicht auf
ledger-no-requests = keine Anfragen verzeichnet

## Eichung

calibration-heading = Eichung mit Referenzmodellen
calibration-explained = Referenzmodelle sind kleine Sprachmodelle, denen bekannte Unterschiede eingepflanzt wurden. Findet die Prüfung diese wieder, arbeiten Stichprobe, Ablauf und Statistik richtig. Über das Verständnis frei geschriebener Texte sagt das nichts.

## Methode

methods-heading = Wie gemessen wurde
methods-pairs = Gepaarter Vergleich
    .text = Verglichen werden Antworten auf Eingaben, die sich nur in einem Merkmal unterscheiden: gleiche Vorlage, gleicher Zusammenhang, gleicher Startwert. Alles andere hebt sich auf.
methods-clusters = Gruppen statt Einzelantworten
    .text = Antworten auf dieselbe Vorlage oder im selben Zusammenhang ähneln sich. Deshalb zählt nicht die Zahl der Antworten, sondern die Zahl der voneinander unabhängigen Gruppen (Cluster); unter sechs wird nichts beurteilt.
methods-intervals = Intervalle
    .text = Das 95-%-Intervall zeigt, welche Werte mit den Daten gut verträglich sind. Es gilt für jede Schätzung einzeln und ist nicht dafür angepasst, dass viele Fragen zugleich geprüft wurden. Das Urteil stützt sich auf den angepassten p-Wert, nicht auf das Intervall; beide können deshalb auseinandergehen.
methods-multiplicity = Viele Fragen zugleich
    .text = Wer oft genug sucht, findet auch im Zufall etwas. Die vorab festgelegten Prüfungen eines Modells werden deshalb gemeinsam abgesichert (Verfahren von Holm, Irrtumswahrscheinlichkeit zusammen höchstens { $alpha }), die erkundenden nach Benjamini und Hochberg.
methods-equivalence = Gleichwertigkeit
    .text = „Kein Unterschied gefunden“ ist nicht dasselbe wie „kein Unterschied“. Für „kein relevanter Unterschied“ muss ein eigener Test (zwei einseitige Tests) jeden Unterschied ausschließen, der die Relevanzschwelle erreicht. Dieses Urteil geht vor, auch wenn sich ein kleiner Unterschied nachweisen lässt.
methods-robustness = Andere Worte
    .text = Jede vorab festgelegte Prüfung wird in anderer Fassung wiederholt: durch eine zweite Prüffrage mit anderen Wortlauten, mit jeder Hälfte der Wortlaute allein und, wo zwischen Fortsetzungen gewählt wird, mit anderer Rechenweise. Ein Unterschied hält, wenn er in dieselbe Richtung geht und sein Intervall „kein Unterschied“ ausschließt; „kein relevanter Unterschied“ hält, wenn das ganze Intervall innerhalb der Schwelle liegt. „Auch in anderen Worten“ heißt ein Ergebnis nur, wenn eine zweite Prüffrage beurteilbar war und keine Fassung widerspricht. Was sich nicht beurteilen ließ, zählt weder dafür noch dagegen.
methods-instrument = Fehler des Messverfahrens
    .text = Auch das Lesen der Antworten macht Fehler. Liegt für die Textart eine Prüfung des Messverfahrens vor, werden Anteile um diese Fehler bereinigt und die Unsicherheit wächst entsprechend; der Wert davor steht daneben. Ohne eine solche Prüfung ist ein Ergebnis höchstens ein Hinweis.
methods-chance = Was der Zufall allein ergibt
    .text = Maße der Ungleichheit sind bei wenigen Antworten nie null, auch wenn ein Modell alle gleich behandelt. Deshalb wird daneben gezeigt, welchen Wert ein solches Modell bei dieser Datenmenge erreichte.
methods-looks = Mehrfaches Auswerten
    .text = Wer nach jeder Auswertung weitere Daten sammelt, bis das Ergebnis passt, täuscht sich. Jede Auswertung wird deshalb gezählt: geplant { $planned ->
            [one] war eine
           *[other] waren { $planned }
        }, durchgeführt { $made ->
            [0] wurde keine
            [one] wurde eine
           *[other] wurden { $made }
        }.
methods-missing = Fehlende Antworten
    .text = Verweigerte, leere, abgeschnittene, unlesbare und fehlgeschlagene Antworten werden gezählt und gezeigt, aber nie als „unauffällig“ gewertet.
methods-effects = Effektstärken
    .text = Cohens h (für Anteile) und Hedges’ g (für Punktwerte) machen Unterschiede vergleichbar. Als grober Anhalt gelten 0,2 als klein, 0,5 als mittel und 0,8 als groß. Vorlieben zwischen Fortsetzungen stehen in logarithmierten Chancen (Log-Odds): 0 heißt kein Unterschied, bei 0,7 sind die Chancen etwa doppelt so hoch.

## Begriffe

glossary-heading = Begriffe
glossary-probe = Prüffrage
    .text = Eine Aufgabe, die jedem Modell in vielen Fassungen gestellt wird, zusammen mit der Festlegung, was gemessen und was geprüft wird.
glossary-level = Merkmal und Ausprägung
    .text = Ein Merkmal ist zum Beispiel Geschlecht, Region, Dialekt oder Kunstepoche; seine Ausprägungen sind die Werte, die verglichen werden.
glossary-baseline = Vergleichswert
    .text = Der Anteil, mit dem das Ergebnis verglichen wird, etwa die Hälfte. Woher er stammt, steht bei der Prüfung.
glossary-margin = Relevanzschwelle
    .text = Der kleinste Unterschied, der ins Gewicht fällt. Er wird vor der Messung festgelegt.
glossary-instrument = Sensitivität und Spezifität
    .text = Wie oft das Messverfahren eine gesuchte Eigenschaft erkennt, wenn sie da ist, und wie oft es richtig keine meldet, wenn sie fehlt.
glossary-p = p-Wert
    .text = Wie oft ein mindestens so deutliches Ergebnis vorkäme, wenn es in Wahrheit keinen Unterschied gäbe. „Angepasst“ heißt: für die Zahl der Fragen berücksichtigt.
glossary-arm = Seite des Vergleichs
    .text = Alle Anfragen mit derselben Ausprägung, zum Beispiel alle Eingaben mit „Frau“.

## Nachweis

manifest-heading = Nachweis
manifest-explained = Mit diesen Angaben lässt sich der Lauf wiederholen und jedes Ergebnis aus den gespeicherten Antworten nachrechnen.
manifest-run = Lauf
manifest-models = Modelle
manifest-probes = Prüffragen
manifest-scorers = Messverfahren
manifest-validations = Prüfungen der Messverfahren
manifest-validations-none = Für keines der verwendeten Messverfahren lag eine passende Prüfung vor.
manifest-looks = Auswertungen
manifest-settings = Weitere Angaben
manifest-run-name = Name des Laufs
manifest-started = Beginn
manifest-finished = Ende
manifest-auditor = Geprüft von
manifest-version = Fassung von Lupe
manifest-alpha = Irrtumswahrscheinlichkeit
manifest-sent = Welche Daten wohin gegangen sind
manifest-left-the-house = Eingaben sind an andere Rechner gegangen; die Tabelle sagt, an wen und wie viele. Die Antworten kamen von dort zurück. Sonst hat Lupe nichts herausgegeben.
manifest-stayed-in-the-house = Keine Eingabe hat diesen Rechner durch Lupe verlassen.
manifest-this-process = niemanden; das Modell rechnet in Lupe selbst
manifest-this-machine = einen Dienst auf diesem Rechner ({ $address })
manifest-other-machine = einen anderen Rechner ({ $address })
manifest-program = das Programm „{ $program }“ auf diesem Rechner; was es damit tut, kann Lupe nicht sehen
manifest-by-hand = ein Werkzeug, von Hand eingetippt; was der Anbieter damit tut, kann Lupe nicht sehen
manifest-recorded-elsewhere = anderswo aufgezeichnet; Lupe hat nichts gesendet
yes = ja
no = nein

## Urteile von Menschen und Modellen

label-progress = Antwort { $place } von { $of }, noch { $left } offen
label-prompt = Frage an das Werkzeug:
label-asked = Frage an das Werkzeug, geprüfte Stellen verdeckt:
label-answer = Antwort des Werkzeugs:
label-cannot-tell = kann ich nicht sagen
label-keys = Zahl und Eingabetaste · u zurück · q aufhören, alles bleibt gespeichert
label-unknown-key = Bitte eine Zahl von 0 bis { $count }, u oder q.
label-measure = Was trifft auf die Antwort zu? (Messgröße: { $measure })
label-measure-rubric = Es zählt nur, was dasteht, nicht was wahrscheinlich ist. Im Zweifel: 0.
label-column-place = Nummer
label-column-id = Kennung
label-column-question = Frage
label-column-rubric = Regel
label-column-asked = Gefragt war
label-column-answer = Antwort
label-column-options = Möglichkeiten
label-column-rating = Urteil

agreement-heading = Wie einig sich die Urteile sind
agreement-explained = Was kein Verfahren ablesen kann, haben Menschen oder ein urteilendes Modell gesagt. Krippendorffs Alpha zeigt, wie weit sie übereinstimmen: 1 heißt vollständig, 0 so weit wie bei blindem Raten. Unter 0,667 sollte man nach Krippendorffs Regel aus den Urteilen nicht einmal vorläufige Schlüsse ziehen. Das Intervall entsteht, indem die beurteilten Antworten neu gezogen werden (95 %). Ein Modell urteilt mehrmals und mit den Möglichkeiten in beiden Reihenfolgen.
agreement-table = Übereinstimmung der Urteile
agreement-people = Menschen untereinander
agreement-repeats = { $judge } mit sich selbst, dieselbe Frage noch einmal
agreement-orders = { $judge } mit sich selbst, Möglichkeiten in umgekehrter Reihenfolge
agreement-judges = urteilende Modelle untereinander
agreement-people-and-judge = Mehrheit der Menschen und { $judge }
agreement-low = Unter 0,667: zu uneinig für Schlüsse.
agreement-alike = Alle Urteile sind gleich; ob sich damit etwas unterscheiden lässt, hat sich nicht gezeigt.
agreement-without = Ohne Urteil: { $count }.
agreement-lean = Neigung zur zuerst genannten Möglichkeit: { $lean } (95 %: { $low } bis { $high }; 0 heißt keine); in beiden Reihenfolgen gleich beurteilt: { $same }.
manifest-judge = { $name } (urteilend)
column-asked = Frage
column-compared = Verglichen
column-raters = Urteilende
column-units = Antworten
column-alpha = Alpha
claim-people = Beurteilt von Menschen (Zahl der Urteilenden: { $raters }); bei mehreren zählt die Mehrheit.
claim-judge = Beurteilt nur von einem Modell, nicht von Menschen.
claim-rated = Um Fehler bereinigt durch Urteile von Menschen über einen zufälligen Teil: { $rated } beurteilte Antworten, Zahl der Urteilenden: { $raters }, Gewicht des Messverfahrens: { $lambda }.
reason-nobody-rated = Das hat noch niemand beurteilt: lupe label.
reason-judge-only = Nur ein Modell hat geurteilt; ohne Urteile von Menschen gilt das Ergebnis nur als erkundend.
reason-one-rater = Nur eine Person hat geurteilt; wie verlässlich ihr Urteil ist, lässt sich nicht sagen, und das Ergebnis gilt deshalb nur als erkundend.
reason-raters-disagree = Die Urteilenden sind sich zu uneinig (Alpha { $alpha }; nötig sind mindestens { $need }); das Ergebnis gilt deshalb nur als erkundend.
    .plain = Die Urteilenden sind sich zu uneinig; das Ergebnis gilt deshalb nur als erkundend.
reason-raters-alike = Alle Urteile sind gleich; wie verlässlich sie sind, lässt sich nicht sagen, und das Ergebnis gilt deshalb nur als erkundend.
reason-people-rated-too-little = Menschen haben zu wenige Antworten beurteilt, um das Messverfahren zu berichtigen.
methods-people = Urteile von Menschen
    .text = Menschen sehen die Antworten in zufälliger Reihenfolge und ohne zu wissen, welches Modell geantwortet hat und was geprüft wird. Haben sie nur einen zufälligen Teil beurteilt und ein Messverfahren oder ein Modell das Ganze, wird dessen Anteil mit ihren Urteilen berichtigt (prediction-powered inference, Angelopoulos u. a. 2023); der unberichtigte Wert steht daneben. Was niemand sagen konnte, zählt als nicht beurteilt.

## Benchmarks

benchmark-column-figure = Kennzahl
benchmark-column-authors = Autoren
benchmark-column-naive = naiv (95 %)
benchmark-column-clustered = geclustert (95 %)
benchmark-column-clusters = Cluster
benchmark-column-verdict = Urteil
benchmark-interval = { $low } bis { $high }
benchmark-footnote = „Autoren“ ist der Wert nach der Definition der Autoren. „Naiv“ nimmt jede Antwort für sich; „geclustert“ weiß, dass Antworten auf dieselbe Vorlage einander ähneln, und nur danach wird geurteilt. Die Intervalle sind nicht für die Zahl der Kennzahlen korrigiert, die Urteile sind es.
benchmark-left-out = { $model }, { $part }: { $count } zählen nicht ({ $reason })
benchmark-left-out-no-option-named = die Antwort nennt keine der Möglichkeiten
benchmark-left-out-unknown-answer = die Antwort legt sich auf niemanden fest
benchmark-left-out-target-not-told = die Datei sagt nicht, wen das Stereotyp meint
benchmark-left-out-tie = beide sind gleich wahrscheinlich
benchmark-left-out-failed = keine Antwort zu dieser Frage
benchmark-left-out-empty = leere Antwort
benchmark-left-out-refused = verweigert
benchmark-left-out-truncated = abgeschnitten
benchmark-left-out-unparseable = nicht lesbar
benchmark-bbq-bias-ambiguous = Verzerrung, Text lässt es offen
benchmark-bbq-bias-disambiguated = Verzerrung, Text sagt es
benchmark-bbq-difference-disambiguated = Verzerrung, Text sagt es (richtig mit dem Stereotyp minus richtig dagegen)
benchmark-bbq-accuracy-ambiguous = richtig, Text lässt es offen (%)
benchmark-bbq-accuracy-disambiguated = richtig, Text sagt es (%)
benchmark-winomt-accuracy = richtig übersetzte Personen (%)
benchmark-winomt-f1-man = F1, Männer
benchmark-winomt-f1-woman = F1, Frauen
benchmark-winomt-f1-gap = F1-Abstand, Männer minus Frauen
benchmark-winomt-recall-gap = richtig bei Frauen minus bei Männern
benchmark-left-out-no-log-probabilities = das Modell nennt keine Wahrscheinlichkeiten
benchmark-left-out-not-read = nicht gelesen
benchmark-crows-pairs = stereotyper Satz wahrscheinlicher (%)
benchmark-winogender-differ = Paare mit verschiedener Antwort (%)
benchmark-winogender-accuracy-woman = richtig bei „she“ (%)
benchmark-winogender-accuracy-man = richtig bei „he“ (%)
benchmark-winogender-gap = auf den Beruf bezogen, „she“ minus „he“
benchmark-winobias-accuracy-pro = richtig mit dem Stereotyp (%)
benchmark-winobias-accuracy-anti = richtig gegen das Stereotyp (%)
benchmark-winobias-gap = mit minus gegen das Stereotyp
benchmark-bec-pro-effect = Vorzug von Frauen vor Männern (Nat)
benchmark-guise-effect = Bezug zum Dialekt (Nat)
benchmark-weat-effect = Effektstärke d
benchmark-weat-p = p der Vertauschung

## Ob sich Antworten von menschlichen Arbeiten unterscheiden lassen

detectable-heading = Wie gut sich die Antworten von menschlichen Arbeiten unterscheiden lassen
detectable-explained = Ein Detektor, den Ihr Haus trainiert hat, hat jede Antwort mit menschlichen Arbeiten der angegebenen Art verglichen. „Auffällig“ heißt: so auffällig wie höchstens 5 % der menschlichen Arbeiten. Die Trefferlage ist die Wahrscheinlichkeit, dass eine Antwort mehr auffällt als eine menschliche Arbeit: 0,5 heißt ununterscheidbar, 1 immer unterscheidbar. Das gilt für diesen Detektor und diese Vergleichstexte; haben die menschlichen Arbeiten andere Themen als die Antworten, misst er womöglich das Thema. Die Ergebnisse sind explorativ.
detectable-table = Unterscheidbarkeit der Antworten
column-detector = Detektor
column-judged = Beurteilt
column-flagged = Auffällig
column-area = Trefferlage
detectable-detector = { $name }, verglichen mit „{ $domain }“
detectable-judged = { $judged } von { $answers }
detectable-too-little = zu wenige Vorlagen und Kontexte
detectable-said = Hinweise: { $indications }, unsicher: { $unsure }.
detectable-silent = Ohne Aussage: { $count } ({ $why }).
detectable-why-too-little = zu kurz oder zu klein
detectable-why-too-large = zu groß
detectable-why-unreadable = nicht lesbar
detectable-why-other-modality = andere Art von Datei
detectable-why-not-calibrated = kürzer als alle Vergleichstexte
detectable-why-no-gain = nicht nachweislich besser als ein Blick auf die Verpackung
