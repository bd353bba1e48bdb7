"""The peer of `benches/style.rs`: scikit-learn's HashingVectorizer (character n-grams of 2 to 5 within words) on the same texts.

    pip install scikit-learn
    python benches/peers/style_peer.py

It does a part of what `text-style` does: no masked words, no stylometry, no Unicode pass. It runs on one thread.
"""

import time

import sklearn
from sklearn.feature_extraction.text import HashingVectorizer

TEXTS, WORDS = 1000, 200
SYLLABLES = "ge mäl de und ver schie den wer ke aus stel lung er mit stadt bild haus in kunst ten".split()


def word(text: int, place: int) -> str:
    drawn = ((text * WORDS + place) * 2_654_435_761) % 2**32
    made = "".join(SYLLABLES[(drawn >> (7 * at)) % 20] for at in range((drawn >> 30) + 1))
    if (drawn >> 20) & 3 == 0 or place % 15 == 0:
        made = made[0].upper() + made[1:]
    return made + ("." if place % 15 == 14 else "," if place % 7 == 6 else "")


def main() -> None:
    texts = [" ".join(word(text, place) for place in range(WORDS)) for text in range(TEXTS)]
    vectorizer = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**18, norm="l2", alternate_sign=False)
    tries = []
    for _ in range(5):
        start = time.perf_counter()
        vectorizer.transform(texts)
        tries.append(time.perf_counter() - start)
    print(f"scikit-learn {sklearn.__version__}, one thread: {min(tries):.3f} s for {TEXTS} texts, {sum(map(len, texts)) // TEXTS} characters each")


if __name__ == "__main__":
    main()
