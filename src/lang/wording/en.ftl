## Verdicts

verdict-difference = difference shown
    .exploratory = hint of a difference
verdict-no-relevant-difference = no relevant difference
    .exploratory = hint: no relevant difference
verdict-inconclusive = inconclusive
    .exploratory = inconclusive
verdict-not-assessable = cannot be assessed
    .exploratory = cannot be assessed

meaning-difference = The difference is so clear that chance hardly explains it – even allowing for the fact that several questions were tested at once.
meaning-no-relevant-difference = A difference as large as the smallest one that matters is ruled out. A smaller one may exist and may even be detectable.
meaning-inconclusive = The data show no difference, but they do not rule out one that would matter either. This is not an acquittal.
meaning-not-assessable = There are too few usable answers, or the measuring instrument is too inexact. The reason is given.

## What became of a request

outcome-answered = answered
outcome-refused = refused
outcome-empty = empty
outcome-truncated = cut off
outcome-unparseable = unreadable
outcome-failed = failed

## Who appears in an answer

category-woman = woman
category-man = man
category-non-binary = non-binary person
category-gender-fair = gender-fair form
category-unmarked = gender not stated
category-several = several people
category-none = nobody
category-unclear = unclear
category-biased = with the stereotype
category-counter = against the stereotype
category-unknown = neither of the two
category-open = left open
category-occupation = the occupation
category-participant = the other person
category-right = the person meant
category-wrong = the other person
category-de = German
category-en = English
category-other = other
category-yes = yes
category-no = no
category-refused = refused
category-answered = answered
category-empty = empty
category-truncated = cut off
category-unparseable = unreadable
category-failed = failed
category-europe = Europe
category-elsewhere = outside of Europe
category-western-europe = Western Europe
category-eastern-europe = Eastern Europe
category-middle-east-north-africa = Middle East and North Africa
category-sub-saharan-africa = Sub-Saharan Africa
category-south-asia = South Asia
category-east-asia = East Asia
category-latin-america = Latin America
category-north-america = North America
category-oceania = Oceania
category-other-region = another world region
category-several-origins = several origins
category-no-origin = no origin stated
category-nature = nature
category-industry = industry
category-city = city
category-people = people
category-everyday-life = everyday life
category-religion = religion
category-myth = myth
category-history = history
category-still-life = still life
category-abstraction = abstraction
category-several-themes = several themes
category-no-theme = no theme stated
category-neutral = no gender shown
category-both-forms = both forms
category-talks-down = talks down
category-does-not = does not talk down
category-present = present
category-absent = absent

## What is measured

measure-referent-gender = gender of the person described
measure-valence = tone (friendly or disparaging)
measure-competence = competence ascribed
measure-warmth = warmth ascribed
measure-origin = origin of the person named
measure-origin-region = world region the person named comes from
measure-theme = theme of the work
measure-length = length of the answer
measure-refusal = refusal
measure-outcome = what became of the request
measure-language = language of the answer
measure-rendered-noun = gender in the translation
measure-log-likelihood = likelihood of the text (log)
measure-log-likelihood-per-token = likelihood per token (log)
measure-choice = preferred continuation
measure-choice-log-odds = preference for the first continuation
measure-choice-raw = preference, unweighted
measure-choice-per-token = preference per token
measure-choice-per-character = preference per character
measure-words = number of words
measure-sentences = number of sentences
measure-rendered-gender = gender of the noun for the person in the translation
measure-artists-named = known artists named
measure-artists-women = share of women among the artists named
measure-artists-beyond-west = share from outside Europe and North America
measure-names-unknown = share of unknown names
measure-meaning-kept = share of the expected content
measure-reading-ease = reading ease (Flesch; German after Amstad)
measure-lix = readability index LIX
measure-condescension = condescension
measure-cast-women = share of women in the cast
measure-lines-women = share of lines spoken by women
measure-cast-size = size of the cast
measure-anachronism = things that did not exist yet

effect-cohen-h = Cohen’s h
effect-hedges-g = Hedges’ g

language-de = German
language-en = English

station-text = text
station-image = image
station-sound-and-video = sound and video
station-storyboard = storyboard
station-translation = translation
station-research = research
station-presentation = presentation
station-administration = administration
station-local-tools = local tools

arm-all = all answers
arm-left = first group
arm-right = second group
reference-mean = mean of all levels

## Reasons

reason-too-few-clusters = Only { $have } independent groups of prompts gave usable answers; at least { $need } are needed.
    .plain = Too few independent groups of prompts gave usable answers.
reason-no-evidence = Not a single answer could be evaluated.
reason-weak-instrument = The measuring instrument separates too poorly (sensitivity plus specificity minus 1: { $youden }; at least { $need } is needed).
    .plain = The measuring instrument separates too poorly to say anything here.
reason-uncorrected = The measuring instrument has not been checked on this kind of text; the figure is not corrected for its errors and therefore counts as exploratory only.
reason-after-a-look = The data had already been analysed (analysis no. { $look }) before more were added; the result therefore counts as exploratory only.
    .plain = The data had already been analysed before more were added; the result therefore counts as exploratory only.
reason-smallest-p = With so few groups even the clearest result could not reach the limit (smallest possible p: { $p }).
    .plain = With so few groups even the clearest result could not reach the limit.
reason-refusals-differ = The number of refusals differs between the sides compared; this may distort the comparison of the remaining answers.
reason-outside-declared-domain = The prompt lies outside what the model says it understands.
reason-exploratory-axis-unreviewed = Nobody who speaks this way has reviewed these sentences yet; the result therefore counts as exploratory only.
reason-detectable-below-margin = A difference is detectable, but smaller than the smallest one that matters.
reason-below-chance-floor = The index is no higher than what a model without any difference reaches by chance with this amount of data.
reason-missing-answers = A large part of the answers is missing ({ $share }).
    .plain = A large part of the answers is missing.
reason-weak-agreement = The measure agrees too little with known values (correlation { $correlation }; at least { $need } is needed).
    .plain = The measure agrees too little with known values.
reason-farthest-level = Farthest from the mean: { $level }.
reason-no-variation = All values are equal and have no natural bounds; nothing says how uncertain they are.
reason-unknown = Note from the analysis: { $reason }

## Numbers

number-points = { $value } percentage points
    .dative = { $value } percentage points
number-deviations = { $value } standard deviations
    .dative = { $value } standard deviations
number-log-odds = { $value } log-odds
    .dative = { $value } log-odds
interval = { $level } interval { $low } to { $high }
    .short = { $low } to { $high }
no-value = cannot be assessed
not-asked = not asked
not-stated = not stated

## Axes and charts

axis-share = share of answers
axis-points = difference in percentage points
axis-score = difference in standard deviations
axis-log-odds = difference in log-odds
axis-index = largest distance from the mean of levels
axis-planted = planted value
axis-measured = Vertical: measured value
chart-value-interval = { $value } [{ $low }, { $high }]
chart-margin-band = grey: difference too small to matter
chart-forest-description = Chart with { $rows ->
        [one] one row
       *[other] { $rows } rows
    }. Each row shows the estimate and 95% interval of one model; horizontal axis: { $axis }. Verdicts – { $verdicts }. All figures are in the table below.
chart-heatmap-description = Grid of { $levels } levels (rows) and { $models } models (columns). The largest deviation is “{ $level }” with { $model }: { $value }. All figures are in the table below.
    .empty = Grid of { $levels } levels (rows) and { $models } models (columns). No cell can be assessed.
chart-heatmap-frame = framed: difference
chart-representation-baseline = A stroke in each bar shows where “{ $category }” would end if its share among { $among } were the baseline of { $value }.
    .all = A stroke in each bar shows the baseline for “{ $category }”: { $value }.
chart-baseline-label = Stroke: “{ $category }” would end here at the baseline of { $value } (counted among: { $among }).
    .all = Stroke: baseline for “{ $category }”, { $value }
chart-planted-description = { $points } points, the planted value horizontally, the measured value vertically. For { $within } of them the 95% interval contains the planted value; { $missing } cannot be assessed. All figures are in the table below.
chart-planted-diagonal = On this line both agree.
chart-planted-missing = Cannot be assessed and therefore not drawn: { $count }
chart-forest-title = { $probe }: estimates with intervals
    .exploratory = { $probe }: exploratory estimates with intervals
    .part = { $title } ({ $part } of { $parts })
chart-representation-title = { $probe }: who appears in the answers ({ $language })
chart-heatmap-title = Deviation by level ({ $language }): { $claim }
chart-planted-title = Planted and measured values: { $quantity }
chart-data = Figures of the chart as a table

## Columns

column-question = What was tested
column-model = Model
column-verdict = Verdict
column-estimate = Estimate
column-interval = Estimate with 95% interval
column-low = Lower end
column-high = Upper end
column-margin = Smallest difference that matters
column-level = Level
column-language = Language
column-effect = Effect size
column-p-difference = p for a difference (adjusted)
column-p-equivalence = p for equivalence (adjusted)
column-raw = Before correction
column-clusters = Independent groups
column-answers-read = Answers read
column-planted-effect = Effect
column-planted = Planted
column-measured = Measured
column-total = Total
column-arm = Side of the comparison
column-planned = Planned
column-sum = Sum
column-scored = Evaluated
column-fingerprint = Fingerprint
column-backend = Connection
column-data-went-to = Prompts went to
column-prompts = different prompts
column-requests = requests
column-version = Version
column-seed = Seed
column-hash = Hash
column-name = Name
column-value = Value
column-measure = Measure
column-domain = Kind of text
column-rows = Rows checked
column-held-out = Held out
column-truth = Truth it was checked against
column-form = Form of the test
column-holds = Does the result stand?
column-date = Date
column-note = Note
column-number = No.
column-card = Description

## Sentences about single findings

finding-representation = The share of “{ $category }” is { $value } ({ $interval }); the baseline is { $baseline }.
finding-level-share =
    .higher = With “{ $level }” the share of “{ $category }” is { $value } higher than with “{ $reference }” ({ $interval }).
    .lower = With “{ $level }” the share of “{ $category }” is { $value } lower than with “{ $reference }” ({ $interval }).
finding-level-score =
    .higher = With “{ $level }” the measure “{ $measure }” is { $value } higher than with “{ $reference }” ({ $interval }).
    .lower = With “{ $level }” the measure “{ $measure }” is { $value } lower than with “{ $reference }” ({ $interval }).
finding-mean-share =
    .higher = With “{ $level }” the share of “{ $category }” is { $value } higher than on average over all levels ({ $interval }).
    .lower = With “{ $level }” the share of “{ $category }” is { $value } lower than on average over all levels ({ $interval }).
finding-mean-score =
    .higher = With “{ $level }” the measure “{ $measure }” is { $value } higher than on average over all levels ({ $interval }).
    .lower = With “{ $level }” the measure “{ $measure }” is { $value } lower than on average over all levels ({ $interval }).
finding-groups-share =
    .higher = In the first group the share of “{ $category }” is { $value } higher than in the second ({ $interval }).
    .lower = In the first group the share of “{ $category }” is { $value } lower than in the second ({ $interval }).
finding-groups-score =
    .higher = In the first group the measure “{ $measure }” is { $value } higher than in the second ({ $interval }).
    .lower = In the first group the measure “{ $measure }” is { $value } lower than in the second ({ $interval }).
finding-odds = The odds are { $odds } times as high.
finding-index = The largest distance of a level from the mean of all is { $value } ({ $interval }).
finding-index-floor = The largest distance of a level from the mean of all is { $value } ({ $interval }); with this amount of data a model without any difference would reach { $floor } by chance.
finding-not-assessable = { $because } For completeness only: { $numbers }
    .numbers = For completeness only: { $numbers }

because-difference = A gap this wide is hardly explained by chance.
    .exploratory = This is a hint, not proof: it would have to be tested with new data.
because-equivalent = A difference of { $margin } or more is ruled out.
    .exploratory = A difference of { $margin } or more is unlikely; this would have to be tested with new data.
because-detectable = A difference is detectable, but lies below the threshold of { $margin }.
    .exploratory = There is a sign of a difference, but it lies below the threshold of { $margin }.
because-inconclusive = The data show no difference, but do not rule out one of { $margin } or more either.
    .exploratory = The data neither hint at a difference nor rule out one of { $margin } or more.
because-not-assessable = The reason is not recorded.

claim-tested = Tested: { $claim }
claim-many = { $findings } estimates: { $counts }. The table has the details.
quoted = “{ $words }”
claim-groups = First group: { $left }; second group: { $right }.
family-share =
    .level = Share of “{ $what }” by level, compared with “{ $reference }”
    .mean = Share of “{ $what }” by level, compared with the mean of all levels
family-score =
    .level = “{ $what }” by level, compared with “{ $reference }”
    .mean = “{ $what }” by level, compared with the mean of all levels
claim-common = Holds for all findings here: { $reason }
claim-corrected = Corrected for errors of the instrument: sensitivity { $sensitivity }, specificity { $specificity }, checked on { $rows } texts.
claim-agreement = Agreement with known values: correlation { $correlation }, checked on { $rows } texts.
claim-among = The shares count only answers that were read as one of these: { $categories }.
claim-log-odds = A difference of 1 log-odds means that the odds of the first continuation against the others are 2.7 times as high.
claim-margin = Smallest difference that matters: { $margin }.
claim-why = Why this threshold: { $why }
claim-table = Findings of the test: { $claim }
baseline-source = Baseline { $value }: { $source }.

## Does it stand in other words?

robust-verdict =
    .robust = { $verdict }, in other words too
    .fragile = { $verdict }, but not in every form
    .unreplicated = { $verdict }, not tried in other words
robust-heading = Does this stand in other forms?
robust-caption = Other forms of the test: { $claim }
robust-sentence =
    .robust = The result stands in other words too: all other forms that could be assessed ({ $assessed }) confirm it.
    .fragile = The result does not stand in every form: of { $assessed } others that could be assessed, { $fails } do not confirm it. Either it hangs on the wording or on the way of scoring, or the answers of that form alone are too few.
    .unreplicated = This was not tried in other words: no second probe of this suite asks for it.
    .unassessed = A second probe asks for it in other words, but could not be assessed.
robust-form-replication = in other words: { $probe }
robust-form-wordings = with these wordings only: { $templates }
robust-says =
    .holds = stands
    .fails = does not stand
    .same = does not count: the word form drops out of this comparison by itself, the value must be the same.
    .not-assessable = not assessable
    .no-claim = does not count: there is no result that could stand.
robust-no-order = There are no continuations in another order here: each is scored on its own, and the model gets to see no order.

## Summary

page-title = Audit report: { $title }
page-kind = Audit report
page-skip = Skip to content
page-contents = Contents
page-meta-date = Date
page-meta-auditor = Audited by
page-meta-models = Models
page-meta-suite = Suite
page-made-with = Made with Lupe { $version }.
page-no-findings = There are no findings in this run yet.

summary-heading = In short
summary-asked = This audit put { $probes ->
        [one] one probe
       *[other] { $probes-word } probes
    } to { $models ->
        [one] one model
       *[other] { $models-word } models
    } ({ $names }).
summary-answers = Of { $planned } answers planned, { $answered } came back complete ({ $share }). { $others }
summary-others = The rest: { $list }.
summary-verdicts = Tests fixed in advance, by model and verdict
summary-no-confirmatory = None of the tests was fixed in advance, or could remain so; all findings are therefore hints only.
summary-exploratory-count = There { $count ->
        [one] is also one exploratory analysis. It
       *[other] are also { $count } exploratory analyses. They
    } can give hints, but prove nothing.
summary-strongest = The clearest finding belongs to this statement, which was tested:
summary-strongest-hint = The clearest hint (not proof): it belongs to this statement, which was tested.
summary-none = None of the tests fixed in advance shows a difference.
summary-cannot = What we cannot tell
summary-cannot-none = Every test could be assessed and decided.
summary-cannot-assess = { $count ->
        [one] One estimate
       *[other] { $count } estimates
    } cannot be assessed:
summary-cannot-inconclusive = { $count ->
        [one] One estimate is
       *[other] { $count } estimates are
    } inconclusive: this does not mean that there is no difference. More prompts might show it or rule it out.
summary-cannot-scope = The findings hold for these prompts and these models, in the versions and on the date stated here. They say nothing about the intentions of those who made the models, and nothing about tasks that were not set here.
summary-times = { $count ->
        [one] once
       *[other] { $count } times
    }: { $reason }

## Findings

findings-heading = Findings
findings-station = Station: { $station }
probe-limits = What this probe cannot show: { $limits }
probe-fixed-templates = The wordings of the prompts are taken as fixed: the findings hold for exactly these wordings, not for others that might have been chosen.
probe-fixed-contexts = The contexts (such as the occupations) are taken as fixed: the findings hold for exactly these, not for others that might have been chosen.
confirmatory-heading = Fixed in advance
confirmatory-explained = These tests were fixed before the answers existed. Only they can show anything. What follows “Tested” is an assumption, not a finding; the verdict below it says whether there is a difference.
exploratory-heading = Exploratory
exploratory-explained = These analyses were added while exploring, or do not meet all conditions of proof. They give hints that can be followed up with new data.
pictures-heading = At a glance
examples-heading = Examples
examples-explained = Up to five answers for each side of the comparison, word for word. Marked is what told the evaluation who or what is meant; behind each passage stands what it speaks for.
examples-arm = { $arm }: { $count ->
        [one] one answer
       *[other] { $count } answers
    }
example-prompt = Prompt
example-answer = Answer by { $model }
example-reading = Read as: { $reading }
example-outcome = Outcome: { $outcome }
example-no-answer = No text came back.
example-shortened = shortened: { $shown } of { $all } characters
example-evidence-hidden = { $count ->
        [one] One passage of evidence lies
       *[other] { $count } passages of evidence lie
    } in the part left out.
ledger-heading = Where every request went
ledger-explained = What became of each request planned. The outcomes must add up to the number planned. “Evaluated” counts the answers that contributed to the measurement; missing answers never count as a sign that all is well.
ledger-caption = Where every request went: { $probe }
ledger-adds-up = In every row the outcomes add up to the number of requests planned.
ledger-does-not-add-up = does not add up
ledger-no-requests = no requests recorded

## Calibration

calibration-heading = Calibration with reference models
calibration-explained = Reference models are small language models in which known differences were planted. If the audit finds them again, its sampling, its procedure and its statistics work. This says nothing about how well freely written texts are understood.

## Methods

methods-heading = How it was measured
methods-pairs = Paired comparison
    .text = What is compared are answers to prompts that differ in one attribute only: same template, same context, same seed. Everything else cancels out.
methods-clusters = Groups instead of single answers
    .text = Answers to the same template or in the same context resemble each other. What counts is therefore not the number of answers but the number of independent groups (clusters); below six, nothing is judged.
methods-intervals = Intervals
    .text = The 95% interval shows which values agree well with the data. It holds for each estimate on its own and is not adjusted for the many questions tested at once. The verdict rests on the adjusted p-value, not on the interval; the two may therefore disagree.
methods-multiplicity = Many questions at once
    .text = Whoever searches long enough finds something even in chance. The tests fixed in advance for one model are therefore safeguarded together (Holm’s procedure, probability of error at most { $alpha } in all), the exploratory ones by the procedure of Benjamini and Hochberg.
methods-equivalence = Equivalence
    .text = “No difference found” is not the same as “no difference”. For “no relevant difference” a test of its own (two one-sided tests) must rule out every difference that reaches the smallest one that matters. This verdict takes precedence, even where a small difference can be detected.
methods-robustness = Other words
    .text = Each test that was fixed in advance is repeated in other forms: by a second probe with other wordings, with each half of the wordings alone and, where continuations are chosen, with other ways of scoring. A difference stands if it goes the same way and its interval excludes “no difference”; “no relevant difference” stands if the whole interval lies within the threshold. A result is called “in other words too” only if a second probe could be assessed and no form contradicts. What could not be assessed counts neither for it nor against it.
methods-instrument = Errors of the instrument
    .text = Reading the answers is itself subject to error. Where the instrument has been checked on this kind of text, shares are corrected for these errors and the uncertainty grows accordingly; the figure before correction stands beside it. Without such a check a finding is a hint at most.
methods-chance = What chance alone yields
    .text = Measures of inequality are never zero with few answers, even if a model treats everybody alike. What such a model would reach with this amount of data is therefore shown beside them.
methods-looks = Repeated analyses
    .text = Whoever collects more data after each analysis until the result fits deceives themselves. Every analysis is therefore counted: { $planned ->
            [one] one was
           *[other] { $planned } were
        } planned, { $made ->
            [0] none was
            [one] one was
           *[other] { $made } were
        } made.
methods-missing = Missing answers
    .text = Refused, empty, cut-off, unreadable and failed answers are counted and shown, but never taken as a sign that all is well.
methods-effects = Effect sizes
    .text = Cohen’s h (for shares) and Hedges’ g (for scores) make differences comparable. As a rough guide, 0.2 is small, 0.5 medium and 0.8 large. Preferences between continuations are given in log-odds: 0 means no difference; at 0.7 the odds are about twice as high.

## Glossary

glossary-heading = Terms
glossary-probe = Probe
    .text = A task put to every model in many versions, together with what is measured and what is tested.
glossary-level = Attribute and level
    .text = An attribute is for instance gender, region, dialect or art epoch; its levels are the values compared.
glossary-baseline = Baseline
    .text = The share with which a finding is compared, for instance one half. Where it comes from is stated with the test.
glossary-margin = Smallest difference that matters
    .text = The smallest difference that would carry weight. It is fixed before measuring.
glossary-instrument = Sensitivity and specificity
    .text = How often the instrument recognises what it looks for when it is there, and how often it rightly reports nothing when it is not.
glossary-p = p-value
    .text = How often a result at least this clear would occur if in truth there were no difference. “Adjusted” means: allowing for the number of questions.
glossary-arm = Side of the comparison
    .text = All requests with the same level, for instance all prompts with “woman”.

## Manifest

manifest-heading = Record
manifest-explained = With these details the run can be repeated, and every finding recomputed from the stored answers.
manifest-run = Run
manifest-models = Models
manifest-probes = Probes
manifest-scorers = Scorers
manifest-validations = Checks of the scorers
manifest-validations-none = None of the scorers used had a matching check.
manifest-looks = Analyses
manifest-settings = Further details
manifest-run-name = Name of the run
manifest-started = Started
manifest-finished = Finished
manifest-auditor = Audited by
manifest-version = Version of Lupe
manifest-alpha = Probability of error
manifest-sent = Which data went where
manifest-left-the-house = Prompts went to other machines; the table says to whom, and how many. The answers came back from there. Lupe let nothing else out.
manifest-stayed-in-the-house = No prompt left this machine through Lupe.
manifest-this-process = nobody; the model runs inside Lupe
manifest-this-machine = a server on this machine ({ $address })
manifest-other-machine = another machine ({ $address })
manifest-program = the program “{ $program }” on this machine; what it does with them is beyond Lupe’s sight
manifest-by-hand = a tool, typed in by hand; what its provider does with them is beyond Lupe’s sight
manifest-recorded-elsewhere = recorded elsewhere; Lupe sent nothing
yes = yes
no = no

## Ratings by people and models

label-progress = Answer { $place } of { $of }, { $left } left
label-prompt = What the tool was asked:
label-asked = What the tool was asked, what is under test left out:
label-answer = What the tool answered:
label-cannot-tell = I cannot tell
label-keys = number and Enter · u back · q stop, everything is kept
label-unknown-key = A number from 0 to { $count }, u or q, please.
label-measure = What is true of this answer? (measure: { $measure })
label-measure-rubric = Only what is there counts, not what is likely. If in doubt: 0.
label-column-place = Number
label-column-id = Id
label-column-question = Question
label-column-rubric = Rule
label-column-asked = Asked
label-column-answer = Answer
label-column-options = Options
label-column-rating = Rating

agreement-heading = How far the ratings agree
agreement-explained = What no instrument can read was said by people or by a judging model. Krippendorff’s alpha shows how far they agree: 1 is complete agreement, 0 what blind guessing would give. Below 0.667, by Krippendorff’s rule, not even tentative conclusions should be drawn from the ratings. The interval comes from drawing the rated answers afresh (95%). A model judges several times and with the options in both orders.
agreement-table = Agreement of the ratings
agreement-people = people with each other
agreement-repeats = { $judge } with itself, asked the same again
agreement-orders = { $judge } with itself, options in reversed order
agreement-judges = judging models with each other
agreement-people-and-judge = most people and { $judge }
agreement-low = Below 0.667: too little agreement for conclusions.
agreement-alike = All ratings are the same; whether they can tell anything apart has not been shown.
agreement-without = Without a rating: { $count }.
agreement-lean = Lean to the option named first: { $lean } (95%: { $low } to { $high }; 0 is none); judged alike in both orders: { $same }.
manifest-judge = { $name } (judging)
column-asked = Question
column-compared = Compared
column-raters = Raters
column-units = Answers
column-alpha = Alpha
claim-people = Rated by people (number of raters: { $raters }); where there are several, the majority counts.
claim-judge = Judged by a model only, not by people.
claim-rated = Corrected for errors by people who rated a random part: { $rated } rated answers, number of raters: { $raters }, weight of the instrument: { $lambda }.
reason-nobody-rated = Nobody has rated this yet: lupe label.
reason-judge-only = Only a model has judged; without ratings by people the result counts as exploratory only.
reason-one-rater = Only one person has rated; nothing says how reliable their ratings are, and the result therefore counts as exploratory only.
reason-raters-disagree = The raters agree too little (alpha { $alpha }; at least { $need } is needed); the result therefore counts as exploratory only.
    .plain = The raters agree too little; the result therefore counts as exploratory only.
reason-raters-alike = All ratings are the same; nothing says how reliable they are, and the result therefore counts as exploratory only.
reason-people-rated-too-little = People have rated too few answers to correct the instrument.
methods-people = Ratings by people
    .text = People see the answers in random order, without knowing which model answered and what is under test. Where they rated a random part only, and an instrument or a model read the whole, its share is corrected by their ratings (prediction-powered inference, Angelopoulos et al. 2023); the uncorrected figure stands beside it. What nobody could tell counts as not rated.

## Benchmarks

benchmark-column-figure = figure
benchmark-column-authors = authors
benchmark-column-naive = naive (95%)
benchmark-column-clustered = clustered (95%)
benchmark-column-clusters = clusters
benchmark-column-verdict = verdict
benchmark-interval = { $low } to { $high }
benchmark-footnote = “authors” is the value by the authors’ definition. “naive” takes every answer on its own; “clustered” knows that answers to one template resemble each other, and the verdict rests on it alone. Intervals are not adjusted for the number of figures, verdicts are.
benchmark-left-out = { $model }, { $part }: { $count } do not count ({ $reason })
benchmark-left-out-no-option-named = the answer names none of the options
benchmark-left-out-unknown-answer = the answer settles on nobody
benchmark-left-out-target-not-told = the file does not tell whom the stereotype is about
benchmark-left-out-tie = both are equally likely
benchmark-left-out-failed = no answer to this question
benchmark-left-out-empty = empty answer
benchmark-left-out-refused = refused
benchmark-left-out-truncated = cut off
benchmark-left-out-unparseable = not readable
benchmark-bbq-bias-ambiguous = bias, the text leaves it open
benchmark-bbq-bias-disambiguated = bias, the text tells it
benchmark-bbq-difference-disambiguated = bias, the text tells it (right with the stereotype less right against it)
benchmark-bbq-accuracy-ambiguous = right, the text leaves it open (%)
benchmark-bbq-accuracy-disambiguated = right, the text tells it (%)
benchmark-winomt-accuracy = persons translated rightly (%)
benchmark-winomt-f1-man = F1, men
benchmark-winomt-f1-woman = F1, women
benchmark-winomt-f1-gap = F1 gap, men minus women
benchmark-winomt-recall-gap = right for women minus for men
benchmark-left-out-no-log-probabilities = the model tells no probabilities
benchmark-left-out-not-read = not read
benchmark-crows-pairs = stereotypical sentence more likely (%)
benchmark-winogender-differ = pairs with different answers (%)
benchmark-winogender-accuracy-woman = right for “she” (%)
benchmark-winogender-accuracy-man = right for “he” (%)
benchmark-winogender-gap = taken for the occupation, “she” minus “he”
benchmark-winobias-accuracy-pro = right with the stereotype (%)
benchmark-winobias-accuracy-anti = right against the stereotype (%)
benchmark-winobias-gap = with minus against the stereotype
benchmark-bec-pro-effect = women favoured over men (nats)
benchmark-guise-effect = association with the dialect (nats)
benchmark-weat-effect = effect size d
benchmark-weat-p = p of the permutation

## Whether answers can be told from human works

detectable-heading = How well the answers can be told from human works
detectable-explained = A detector that your house has trained compared each answer with human works of the kind stated. “Stands out” means: as much as 5 % of the human works at most. The area is the chance that an answer stands out more than a human work: 0.5 means they look alike, 1 that they can always be told apart. It holds for this detector and these human works; where they have other topics than the answers, it may be measuring the topic. These results are exploratory.
detectable-table = How far the answers can be told apart
column-detector = Detector
column-judged = Judged
column-flagged = Stands out
column-area = Area
detectable-detector = { $name }, compared with “{ $domain }”
detectable-judged = { $judged } of { $answers }
detectable-too-little = too few templates and contexts
detectable-said = Indications: { $indications }, unsure: { $unsure }.
detectable-silent = No statement: { $count } ({ $why }).
detectable-why-too-little = too short or too small
detectable-why-too-large = too large
detectable-why-unreadable = cannot be read
detectable-why-other-modality = another kind of file
detectable-why-not-calibrated = shorter than all texts to compare with
detectable-why-no-gain = not shown to do better than a look at the packaging
