"""The peer of `benches/minilm.rs`: sentence-transformers on the same folder and the same 1,000 texts of 60 words.

    pip install torch sentence-transformers
    python benches/peers/minilm_peer.py FOLDER --threads 2

The peer gets the fastest of several batch sizes; all texts have about the same length, so nothing is lost to padding.
"""

import argparse
import time

import sentence_transformers
import torch

WORDS = (
    "the curator opens a new exhibition in museum and visitors see paintings by artists who worked near river while guard reads "
    "letters from an old archive"
).split()
TEXTS, LENGTH = 1000, 60


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder")
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()
    torch.set_num_threads(given.threads)
    model = sentence_transformers.SentenceTransformer(given.folder, device="cpu")
    texts = [" ".join(WORDS[(text * 7 + place * (1 + text % 5)) % len(WORDS)] for place in range(LENGTH)) for text in range(TEXTS)]
    tokens = sum(len(row) for row in model.tokenizer(texts)["input_ids"])
    model.encode(texts[:64])
    tries = []
    for batch in (8, 16, 32, 64, 32, 16):
        start = time.perf_counter()
        model.encode(texts, batch_size=batch)
        tries.append((time.perf_counter() - start, batch))
    best, batch = min(tries)
    print(f"{given.threads} threads: {best:.2f} s, {TEXTS / best:.0f} texts/s with batches of {batch}; {tokens} tokens")


if __name__ == "__main__":
    main()
